#!/usr/bin/env python3
"""mutations.py [MODULE...] [--first N] [--only TEXT] [--count N] [--seed S] [--jobs J] [--proof] [--limit S]

Does `abide verify` notice wrong modules? Makes each module of mutations.yaml wrong in one place after the other, asks its
compiler about at most COUNT signatures, and prints a table of what was found. The first signature that does not agree is
asked again with the module as it is, which must agree; if it does not, the search goes on behind it. --first: so many
mutations of each module. --only: those with this text in their path. --proof: the modules as they are agree over all COUNT
signatures, too. No question to `abide verify` takes more than S seconds. Fails if less than 95 of 100 are found, or one is not that mutations.yaml does not explain.
"""
import argparse
import concurrent.futures
import copy
import json
import os
import signal
import subprocess
import sys
import tempfile

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.join(HERE, "..", ".."))
ABIDE = os.environ.get("ABIDE", "abide")
MACHINE = os.path.join(SOURCE, "abi-specs", "machine")
STAGES = "layout,arguments,results,extend"
LEAST_PERCENT = 95


def find(tree, keys):
    """The container of the last key, and what the key is there: lists of rules are searched for ids."""
    for i, key in enumerate(keys):
        if isinstance(tree, list):
            key = next(n for n, rule in enumerate(tree) if rule["id"] == key)
        if i + 1 == len(keys):
            return tree, key
        tree = tree.setdefault(key, {}) if isinstance(tree, dict) else tree[key]
    raise ValueError("an empty path")


def spoil(module, mutation):
    """Changes the module in place, and says what it was and is."""
    (path, value), = mutation.items()
    if path == "swap":
        (one, i), (other, j) = (find(module, rule.split("/")) for rule in value)
        one[i], other[j] = other[j], one[i]
        return f"{value[0]} and {value[1]}", "in the other order"
    container, key = find(module, path.split("/"))
    before = container.get(key) if isinstance(container, dict) else "the rule"
    if value is None:
        del container[key]
    else:
        container[key] = value
    return f"{path}: {flow(before)}", "nothing" if value is None else flow(value)


def flow(value):
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return value
    text = yaml.safe_dump(value, default_flow_style=True, width=1000, sort_keys=False)
    return text.replace("\n...", "").strip()


def verify(reference, case, options, *more):
    command = [ABIDE, "verify", reference, "--target", case["target"], "--cc", case["cc"], "--seed", str(options.seed),
               "--stages", STAGES, "--stop", "--no-shrink", "--json", "--jobs", "1", *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as ran:
        try:
            out, errors = ran.communicate(timeout=options.limit)
        except subprocess.TimeoutExpired:
            os.killpg(ran.pid, signal.SIGKILL)  # its compilers and test programs, too
            ran.communicate()
            raise RuntimeError(f"{' '.join(command)}: no answer in {options.limit} s") from None
    if ran.returncode not in (0, 1) or not out:
        raise RuntimeError(f"{' '.join(command)}: {errors.strip()[-300:]}")
    return json.loads(out)["runs"][0]


def write_module(folder, name, module):
    path = os.path.join(folder, name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        yaml.safe_dump(module, file, sort_keys=False, width=1000)
    return path


def read_module(name):
    with open(os.path.join(MACHINE, name + ".yaml"), encoding="utf-8") as file:
        return yaml.safe_load(file)


def is_good(name, case, options, *more):
    """Whether the module agrees as it is, written in the same way."""
    with tempfile.TemporaryDirectory() as folder:
        return verify(write_module(folder, name, read_module(name)), case, options, *more)["mismatches"] == 0


def try_one(job, options):
    name, case, mutation = job
    module = read_module(name)
    mutation = copy.deepcopy(mutation)
    why = mutation.pop("why", None)
    case = {**case, "cc": mutation.pop("cc", case["cc"])}
    before, after = spoil(module, mutation)
    row = {"module": name, "before": before, "after": after, "why": why, "found": False}
    first = 0
    while not row["found"] and first < options.count:
        with tempfile.TemporaryDirectory() as folder:
            run = verify(write_module(folder, name, module), case, options, "--first", str(first), "--count",
                         str(options.count - first))
        if run["failures"]:
            first = run["failures"][0]["first"]
            row["found"] = is_good(name, case, options, "--first", str(first), "--count", "1")
            row["how"] = run["failures"][0]["class"] if row["found"] else "the module as it is does not agree either"
        elif run["mismatches"]:
            row["found"] = True
            row["how"] = "extend" if run["extend_findings"] else "returned"
            first = options.count - 1
        else:
            break
        first += 1
        row["after_count"] = first
    return row


def prove(item, options):
    """Why the module as it is does not agree; None: it does."""
    try:
        return None if is_good(*item, options, "--count", str(options.count)) else "does not agree"
    except RuntimeError as problem:
        return " ".join(str(problem).split())


def attempt(job, options):
    try:
        return try_one(job, options)
    except (RuntimeError, StopIteration, KeyError) as problem:
        return {"module": job[0], "before": str(job[2]), "after": "", "found": False, "why": None,
                "how": " ".join(f"{type(problem).__name__} {problem}".split())}


def cell(text):
    return str(text).replace("|", "\\|")


def line(row):
    found = f"{row['after_count']} ({row['how']})" if row["found"] else \
        f"not found: {row['why'] or row.get('how') or 'NOT EXPLAINED'}"
    return f"| {row['module']} | `{cell(row['before'])}` | `{cell(row['after'])}` | {cell(found)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--first", type=int)
    parser.add_argument("--only", default="")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--proof", action="store_true")
    parser.add_argument("--limit", type=int, default=900)
    options = parser.parse_args()
    with open(os.path.join(HERE, "mutations.yaml"), encoding="utf-8") as file:
        table = yaml.safe_load(file)
    cases = {name: case for name, case in table.items() if not options.modules or name in options.modules}
    jobs = [(name, case, mutation) for name, case in cases.items() for mutation in case["spoil"][:options.first]
            if options.only in next(iter(mutation))]
    rows, bad = [], 0
    print(f"| module | instead of | it says | found after signatures (at most {options.count}) |\n|---|---|---|---|", flush=True)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for row in pool.map(lambda job: attempt(job, options), jobs):
            rows.append(row)
            print(line(row), flush=True)
        if options.proof:
            for name, why in zip(cases, pool.map(lambda item: prove(item, options), cases.items())):
                print(f"{name} as it is: {why or 'agrees'}", flush=True)
                bad += why is not None
    found = sum(row["found"] for row in rows)
    percent = 100 * found / max(1, len(rows))
    unexplained = [row for row in rows if not row["found"] and not row["why"]]
    print(f"\n{found} of {len(rows)} mutations of {len({row['module'] for row in rows})} modules found ({percent:.1f} %); "
          f"{len(unexplained)} of the others not explained")
    # Who tries some of them only may try those that nobody can notice.
    is_whole = not (options.modules or options.first or options.only)
    sys.exit(1 if unexplained or bad or not rows or (is_whole and percent < LEAST_PERCENT) else 0)


if __name__ == "__main__":
    main()
