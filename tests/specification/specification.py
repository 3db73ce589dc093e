#!/usr/bin/env python3
"""specification.py ID...: runs the tests of these statements of system.md; `complete`: each has one."""
import sys

import support
from support import SPECIFICATION, statements

import behaviour  # noqa: F401
import calls  # noqa: F401
import checking  # noqa: F401
import growing  # noqa: F401
import layouts  # noqa: F401
import objects  # noqa: F401
import unwinding  # noqa: F401


def complete():
    """Every statement has a test, every test a statement, and no id stands twice."""
    stated = support.stated_ids()
    for name in sorted({name for name in stated if stated.count(name) > 1}):
        support.fail(f"{name} stands twice in {SPECIFICATION}")
    for name in sorted(set(stated) - set(statements)):
        support.fail(f"no test is called {name}")
    for name in sorted(set(statements) - set(stated)):
        support.fail(f"a test is called {name}, which the specification does not state")
    if not stated:
        support.fail("the specification states nothing")
    print(f"{len(stated)} statements")


def main():
    for name in sys.argv[1:]:
        test = complete if name == "complete" else statements.get(name)
        if not test:
            support.fail(f"no test is called {name}")
            continue
        before = support.checks()
        test()
        if name != "complete" and support.checks() == before:
            support.fail(f"the test of {name} checked nothing")
    print(f"{support.checks()} checks")
    sys.exit(support.status())


main()
