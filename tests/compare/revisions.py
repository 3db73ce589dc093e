#!/usr/bin/env python3
"""revisions.py: files at revisions of git, accepted changes, what is asked for, and what cannot be judged."""
import json
import os
import re
import shutil
import subprocess
import sys

from table import SOURCE, ask

FAILURES = []
README = os.path.join(SOURCE, "tools", "compare", "README.md")
CHANGES = os.path.join(SOURCE, "tools", "compare", "changes.def")
OLD = """abide: 1
package: p
types:
  t: {struct: {a: i64}}
functions:
  f: (x ptr<t>) -> i32
  g: (p ptr<i32>)
"""
NEW = OLD.replace("{a: i64}", "{a: i64, b: i64}").replace("g: (p ptr<i32>)", "g: (p ref<i32>)") + "  h: ()\n"
TARGET = ["--target", "x86_64-linux-gnu"]


def expect(what, condition, seen=""):
    if not condition:
        FAILURES.append(what)
        print(f"FAIL {what}: {seen}")


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
    return name


def answers(what, status, *words, says=(), silent=()):
    got, out, err = ask("compare", *TARGET, *words)
    expect(f"{what}: status {status}", got == status, f"{got}\n{out}{err}")
    for part in says:
        expect(f"{what}: says {part}", part in out + err, out + err)
    for part in silent:
        expect(f"{what}: does not say {part}", part not in out + err, out + err)
    return out


def git(*words):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main",
                    "-c", "commit.gpgsign=false", *words], check=True, capture_output=True)


def check_other_paths():
    """In the repository of check_git: what is not committed, renamed files, names that mean something to git, folders, other repositories."""
    write("api/x.abi.yaml", NEW + "  k: ()\n")
    answers("what is not committed", 0, "--git", "HEAD", "api/x.abi.yaml", says=["HEAD:api/x.abi.yaml -> api/x.abi.yaml", "symbol-added  k"])
    names = ["api/--output=stolen", "api/a b:c.yaml", "api/:(top)d.yaml", "api/-e.yaml"]
    for name in names:
        write(name, OLD)
    os.symlink("x.abi.yaml", "api/link.yaml")
    git("add", "-A")
    git("commit", "-m", "names")
    git("mv", "api/-e.yaml", "api/f.yaml")
    for name in names[:3]:
        write(name, NEW)
    git("commit", "-a", "-m", "renamed")
    for name in names[:3]:
        answers(name, 1, "--git", "HEAD~..HEAD", name, says=["field-added-tail"])
    os.chdir("api")
    answers("a name like an option", 1, "--git", "HEAD~..HEAD", "--", "--output=stolen", says=["field-added-tail"])
    os.chdir("..")
    expect("it is none", not os.path.exists("stolen"))
    answers("renamed", 0, "--git", "HEAD~..HEAD", "api/-e.yaml", "api/f.yaml", says=["HEAD~:api/-e.yaml -> HEAD:api/f.yaml"])
    answers("renamed, by one path", 3, "--git", "HEAD~..HEAD", "api/f.yaml", says=["[unreadable-file]", "name the old and the new path"])
    answers("a folder", 3, "--git", "HEAD~..HEAD", "api", says=["[unreadable-file]"])
    answers("a link", 3, "--git", "HEAD~..HEAD", "api/link.yaml", says=["[wrong-shape]"])
    answers("an old date", 3, "--git", "HEAD@{9.years.ago}..nothing", "api/x.abi.yaml", says=["at revision 'nothing': fatal: "])
    path = os.path.abspath("api/f.yaml")
    os.chdir("/")
    answers("from another folder", 0, "--git", "HEAD..HEAD", path)
    os.chdir(os.path.dirname(os.path.dirname(path)))
    git("clone", "--bare", ".", "../bare.git")
    os.chdir("../bare.git")
    answers("a repository without files", 1, "--git", "v1..HEAD", "api/x.abi.yaml", says=["HEAD:api/x.abi.yaml:4:24"])
    os.chdir("..")
    shutil.rmtree("bare.git")
    os.chdir("repository")


def check_git():
    shutil.rmtree("repository", ignore_errors=True)
    os.makedirs("repository/api")
    os.chdir("repository")
    git("init")
    write("api/x.abi.yaml", OLD)
    git("add", ".")
    git("commit", "-m", "old")
    git("tag", "v1")
    write("api/x.abi.yaml", NEW)
    git("commit", "-a", "-m", "new")
    write("api/x.abi.yaml", "this is not committed")
    answers("revisions", 1, "--git", "v1..HEAD", "api/x.abi.yaml", says=["v1:api/x.abi.yaml:4:3 -> HEAD:api/x.abi.yaml:4:24"])
    answers("the same revision", 0, "--git", "v1..v1", "api/x.abi.yaml")
    os.chdir("api")
    answers("from a folder inside", 1, "--git", "v1..HEAD", "x.abi.yaml", says=["field-added-tail"])
    os.chdir("..")
    answers("no such revision", 3, "--git", "v0..HEAD", "api/x.abi.yaml", says=["cannot read 'api/x.abi.yaml' at revision 'v0': fatal: "])
    reported = ask("compare", "--git", "v0..HEAD", "api/x.abi.yaml", *TARGET, "--error-format", "json")[2]
    expect("what git says is in the diagnostic", json.loads(reported)["diagnostics"][0]["id"] == "unreadable-file", reported)
    answers("an option is no revision", 3, "--git", "--output=stolen..HEAD", "api/x.abi.yaml", says=["[unreadable-file]"])
    expect("git wrote nothing", not os.path.exists("stolen") and not os.path.exists("api/stolen"))
    for bad in ("", "..", "v1..", "..HEAD", "v1...HEAD"):
        answers(f"--git {bad}", 2, "--git", bad, "api/x.abi.yaml", says=["[bad-option-value]"])
    check_other_paths()
    os.chdir("..")


def check_questions():
    old, new = write("old.abi.yaml", OLD), write("new.abi.yaml", NEW)
    answers("one file", 2, old, says=["[missing-operand]"])
    answers("no such file", 3, old, "nowhere.abi.yaml", says=["[missing-file]"])
    answers("a header", 3, write("x.h", "int f(void);\n"), old, says=["[wrong-shape]", "abide import c 'x.h'"])
    answers("a binary", 3, old, write("x.so", "\x7fELF\x02\x01"), says=["[wrong-shape]", "abide import dwarf 'x.so'"])
    answers("itself", 0, old, old, says=["nothing that matters"])
    only = OLD.replace("g: (p ptr<i32>)", "g: (p ref<i32>)")
    stricter = write("stricter.abi.yaml", only)
    answers("stricter, for old programs", 1, old, stricter, "--direction", "provider", says=["nullability-in "])
    answers("stricter, for new programs", 0, old, stricter, "--direction", "consumer")
    answers("looser", 0, stricter, old, says=["nullability-in-looser", "compatible as long as nothing new is used"])
    answers("looser, when additions count", 1, stricter, old, "--fail-on", "addition")
    answers("looser, when additions count for old programs", 0, stricter, old, "--fail-on", "addition", "--direction", "provider")
    answers("contracts do not count", 0, old, stricter, "--fail-on", "break")
    answers("as many ABIs", 2, old, new, "--abi", "c", "--new-abi", "c", "--new-abi", "system", says=["[bad-option-value]"])
    opaque = write("opaque.abi.yaml", "abide: 1\ntypes:\n  t: {opaque: true}\nfunctions:\n  f: (x ptr<t>) -> i32\n")
    wide = write("wide.abi.yaml", "abide: 1\nfunctions:\n  f: (x vector<i32, 4>) -> i32\n  gone: ()\n")
    answers("opaque", 0, opaque, old, says=["type-known"])
    status, out, err = ask("compare", wide, old, "--target", "s390x-linux-gnu")
    expect("what cannot be judged is 3, and the rest is said", status in (1, 3) and "symbol-removed" in out, out + err)


def check_accept():
    old, new = "old.abi.yaml", "new.abi.yaml"
    entry = "  - {id: %s, path: %s, reason: %s}\n"
    some = write("some.yaml", "abide: 1\naccept:\n" + entry % ("nullability-in", "g/p", "nobody passes null"))
    out = answers("one accepted", 1, old, new, "--accept", some, says=["accepted: nobody passes null"])
    expect("it does not count", "1 contract change" not in out, out)
    every = write("all.yaml", "abide: 1\naccept:\n" + entry % ("nullability-in", "'*'", "nobody passes null") +
                  entry % ("field-added-tail", "t/?", "the library makes all") +
                  entry % ("type-size-indirect", "t", "the same") + entry % ("symbol-removed", "k", "long gone"))
    out = answers("all accepted", 0, old, new, "--accept", every, says=["accepted, and not found: symbol-removed k"])
    status, out, _ = ask("compare", old, new, "--accept", every, "--json", *TARGET)
    expect("in JSON", json.loads(out)["unused_accepts"] == ["symbol-removed k"] and status == 0, out)
    for name, text, says in (("no-reason", "  - {id: symbol-removed, path: f}\n", "[missing-key]"),
                             ("blank-reason", "  - {id: symbol-removed, path: f, reason: ' '}\n", "[missing-key]"),
                             ("no-change", "  - {id: symbol-remove, path: f, reason: x}\n", "did you mean 'symbol-removed'?"),
                             ("no-key", "  - {id: symbol-removed, path: f, reason: x, why: y}\n", "[unknown-key]"),
                             ("no-mapping", "  - symbol-removed\n", "[missing-key]"),
                             ("no-list", "  {id: symbol-removed}\n", "[missing-key]")):
        path = write(f"{name}.yaml", "abide: 1\naccept:\n" + text)
        answers(name, 3, old, new, "--accept", path, says=[says])


def check_causes():
    """One cause is one report, with what follows from it, and accepted with it."""
    def library(more):
        text = "abide: 1\ntypes:\n  t: {struct: {a: i64, b: i64%s}}\n  u: {struct: {x: t, n: i32}}\n  v: {struct: {y: u, n: i32}}\nfunctions:\n" % more
        return text + "".join(f"  f{i}: (x t, n i32) -> i64\n" for i in range(100)) + "  g: (x ptr<v>)\n"
    old, new = write("cause.old.abi.yaml", library("")), write("cause.new.abi.yaml", library(", c: i64"))
    out = answers("one cause", 1, old, new, says=["(1 break)", "so param-register f0/x", "so field-offset u/n  offset 16 -> offset 24",
                                                  "more follow, which --json lists"])
    expect("it is one report", len(re.findall(r"^(break|risk|contract|note) ", out, re.M)) == 1, out)
    findings = json.loads(ask("compare", old, new, "--json", *TARGET)[1])["findings"]
    expect("all are in JSON", len([one for one in findings if one["id"] == "param-register"]) == 200, len(findings))
    follows = {one["follows_from"] for one in findings if one["path"] != "t/c"}
    expect("and say what they follow from", follows == {"field-added-tail t/c"}, follows)
    entry = "abide: 1\naccept:\n  - {id: field-added-tail, path: t/c, reason: all programs are built again}\n"
    answers("accepted with its cause", 0, old, new, "--accept", write("cause.yaml", entry), says=["nothing that matters"])
    added = write("cause.two.abi.yaml", library(", c: i64").replace("f0: (x t, n i32)", "f0: (x t, n i32, m i32)"))
    answers("a cause of its own", 1, old, added, "--accept", "cause.yaml", says=["(1 break)", "param-added  f0"])


def check_reference():
    """The table of changes in the README."""
    with open(CHANGES, encoding="utf-8") as file:
        text = file.read()
    joined = re.sub(r'"\s*\n\s*"', "", text)
    rows = re.findall(r'^CHANGE\(\w+,\s*"([^"]+)",\s*(\w+),\s*(\w+),\s*"([^"]+)",\s*"([^"]+)",\s*"([^"]+)"\)', joined, re.M)
    expect("all changes are read", len(rows) == len(re.findall(r"^CHANGE\(", text, re.M)), len(rows))
    word = lambda level: "-" if level == "NOTHING" else level.lower()
    table = "| id | what | old programs | new programs | way out |\n|---|---|---|---|---|\n" + "".join(
        f"| `{name}` | {title} | {word(forward)} | {word(backward)} | {way} |\n" for name, forward, backward, title, _, way in rows)
    with open(README, encoding="utf-8") as file:
        text = file.read()
    pattern = re.compile(r"(?<=<!-- changes -->\n).*?(?=<!-- end -->)", re.S)
    if os.environ.get("UPDATE_GOLDEN"):
        with open(README, "w", encoding="utf-8") as file:
            file.write(pattern.sub(lambda _: table, text))
    else:
        expect("the table of tools/compare/README.md (UPDATE_GOLDEN=1 writes it)", pattern.search(text)[0] == table)


def main():
    check_git()
    check_questions()
    check_accept()
    check_causes()
    check_reference()
    print(f"{len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


main()
