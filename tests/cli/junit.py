#!/usr/bin/env python3
"""junit.py: what `abide verify --format junit` writes is what readers of JUnit's XML take, and its counts are right."""
import os
import re
import subprocess
import sys
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
# Attributes that every element has, and the elements that may be in it.
ELEMENTS = {
    "testsuite": ({"name", "tests", "failures", "errors", "time"}, {"testcase", "system-out"}),
    "testcase": ({"classname", "name", "time"}, {"failure", "error", "system-out"}),
    "failure": ({"message"}, set()),
    "error": ({"message"}, set()),
    "system-out": (set(), set()),
}


def problems_of(element):
    if element.tag not in ELEMENTS:
        return [f"no element of JUnit: {element.tag}"]
    attributes, inner = ELEMENTS[element.tag]
    found = []
    if set(element.attrib) != attributes:
        found.append(f"{element.tag} has {sorted(element.attrib)}")
    if "time" in attributes and not re.fullmatch(r"\d+\.\d{3}", element.get("time", "")):
        found.append(f"time of {element.tag}: {element.get('time')}")
    for child in element:
        if child.tag not in inner:
            found.append(f"{child.tag} in {element.tag}")
        found += problems_of(child)
    return found


def check(module, fails):
    """Problems of a module's report."""
    done = subprocess.run([os.environ["ABIDE"], "verify", module, "--target", "x86_64-linux-gnu", "--cc", "gcc",
                           "--count", "20", "--seed", "1", "--jobs", "1", "--stages", "arguments", "--no-shrink",
                           "--format", "junit"], capture_output=True, text=True, check=False)
    if done.returncode != fails:
        return [f"{module}: status {done.returncode}: {done.stderr}"]
    suite = xml.etree.ElementTree.fromstring(done.stdout.encode())
    found = problems_of(suite)
    failures = suite.findall("testcase/failure")
    if suite.tag != "testsuite" or int(suite.get("tests")) != len(suite.findall("testcase")) or len(suite) != 2:
        found.append(f"{suite.tag} of {suite.get('tests')} tests, with {len(suite)} elements")
    if "mismatches" not in suite.findtext("system-out", ""):
        found.append("no table")
    if int(suite.get("failures")) != len(failures) or len(failures) != fails:
        found.append(f"{suite.get('failures')} failures, with {len(failures)}")
    if any("decided by" not in failure.text for failure in failures):
        found.append("a failure without the rule that decided")
    return [f"{module}: {problem}" for problem in found]


def main():
    problems = check("c-sysv", 0) + check(os.path.join(HERE, "verify", "swapped.yaml"), 1)
    print("\n".join(problems) or "two reports")
    sys.exit(1 if problems else 0)


main()
