"""Why abide may refuse a function. README.md explains each: a refusal that is not here fails the test."""
import re

REASONS = [
    ("kept closure", r"a closure that is given away cannot be copied, and the source keeps it"),
    ("lent copy", r"the caller would get a converted copy that ends with the call"),
    ("copied resource", r"a resource cannot be copied"),
    ("torn resource", r"it holds a resource, which is given away, and memory, which one side keeps"),
]


def known(pair, why):
    """The short name of the reason, or None."""
    for name, pattern in REASONS:
        if re.search(pattern, why):
            return name
    return None
