#!/usr/bin/env python3
"""At the limit nothing is rewritten.

The binding this scenario is modelled on was repaired by hand, and the repair took a result of
exactly 24 bytes for a large one. What `abide call` says: installation_name keeps its C prototype,
create_intro_bundle (32 bytes) does not.
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def call(target, abi):
    """The answer for the two functions, by name."""
    output = subprocess.check_output(
        [os.environ["ABIDE"], "call", os.path.join(HERE, "convo.abi.yaml"), "installation_name",
         "create_intro_bundle", "--target", target, "--abi", abi, "--format", "json"])
    return {function["name"]: function for function in json.loads(output)["functions"]}


def places(function):
    """Where things go, without the names of rules and roles."""
    def place(entry):
        keys = ("pass", "size_bytes", "pieces", "pointer", "returned")
        return {key: entry[key] for key in keys if key in entry}

    return [place(entry) for entry in function["params"]] + [place(function["result"])]


def check(target, abi):
    c, nim = call(target, "c"), call(target, abi)
    small, large = nim["installation_name"], nim["create_intro_bundle"]
    assert small["result"]["size_bytes"] == 24, small
    assert small["prototype"].split() == c["installation_name"]["prototype"].split(), small
    assert places(small) == places(c["installation_name"]), small
    out = [entry for entry in large["params"] if entry.get("role") == "out"]
    assert len(out) == 1 and large["params"][-1] == out[0], large
    assert large["result"]["pass"] == "ignore", large
    assert places(large) != places(c["create_intro_bundle"]), large


def main():
    count = 0
    for target in ("x86_64-linux-gnu", "aarch64-linux-gnu"):
        for gc in ("refc", "arc", "orc"):
            check(target, f"nim-cgen:gc={gc}")
            count += 1
    print(f"{count} combinations: 24 bytes left alone, 32 bytes through a pointer")
    sys.exit(0 if count == 6 else 1)


main()
