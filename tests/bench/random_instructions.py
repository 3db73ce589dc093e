#!/usr/bin/env python3
"""random_instructions.py TARGET SEED COUNT [MOST]: instructions of thunks between random functions, ours beside the
compilers', from C with the same obligations: what is lent to one who owns it is copied, memory that is to be
zero is cleared, a result that others may see goes through a temporary. Prints where ours has more; fails if that is so for
more than MOST thunks.
"""
import os
import random
import re
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
for name, value in (("ABIDE_SOURCE_DIR", SOURCE), ("ABIDE", os.path.join(SOURCE, "build/release/bin/abide")),
                    ("ABIDE_LLVM_BIN", "/usr/lib/llvm-19/bin")):
    os.environ.setdefault(name, value)
sys.path.insert(0, os.path.join(SOURCE, "tests/execution"))
from random_signatures import HEADER, LANGUAGES, NEVER, Function, Record, run, write  # noqa: E402

LLVM = os.environ["ABIDE_LLVM_BIN"]
COMPILERS = {
    "x86_64-linux-gnu": [[f"{LLVM}/clang"], ["gcc", "-fcf-protection=none"]],
    "i386-linux-gnu": [[f"{LLVM}/clang", "--target=i386-linux-gnu"], ["gcc", "-m32", "-fcf-protection=none"]],
    **{target: [[f"{LLVM}/clang", f"--target={target}"], [f"{target}-gcc"]]
       for target in ("aarch64-linux-gnu", "arm-linux-gnueabihf", "riscv64-linux-gnu", "powerpc64le-linux-gnu",
                      "s390x-linux-gnu")},
}


# gcc 12 for RISC-V copies a record that is aligned more strictly than the stack to where its callee does not find it aligned (README.md):
# fewer instructions, and wrong. Such code is not compared with.
MISALIGNS = {("riscv64-linux-gnu", 1)}
ALIGNS = re.compile(r"andi\s.*-0x[248]0\b")


def is_wrong(target, compiler, ours, theirs):
    return (target, compiler) in MISALIGNS and any(map(ALIGNS.search, ours)) and not any(map(ALIGNS.search, theirs))


def bodies(path):
    text = subprocess.run([f"{LLVM}/llvm-objdump", "-d", "--no-show-raw-insn", path], check=True,
                          capture_output=True, text=True).stdout
    functions, name = {}, None
    for line in text.splitlines():
        label = re.match(r"[0-9a-f]+ <(\S+)>:", line)
        if label:
            name = label.group(1)
            functions[name] = []
        elif name and re.match(r"\s+[0-9a-f]+:\s", line):
            functions[name].append(line.split(":", 1)[1].strip())
    for body in functions.values():
        while body and re.match(r"nop|int3|data16|cs\b|udf", body[-1]):
            body.pop()
    return functions


def shim(function, a, b):
    lines, arguments = [], []
    for p in function.params:
        pointer = p.is_record and function.by_pointer(p, a)
        whole = f"(*{p.name})" if pointer else p.name
        if p.is_slice and a.slices == "parts":
            data, count = f"{p.name}_data", f"{p.name}_count"
            whole = f"(slice){{{data}, {count}}}"
        else:
            data, count = f"{p.name}.data", f"{p.name}.count"
        if p.is_record and function.by_pointer(p, b):
            if pointer and a.owned_over == NEVER and b.owned_over != NEVER:
                lines.append(f"{p.type()} own_{p.name} = {whole};")
                arguments.append(f"&own_{p.name}")
            else:
                arguments.append(p.name if pointer else f"&{p.name}")
        elif p.is_slice and b.slices == "parts":
            arguments += [data, count]
        else:
            arguments.append(whole)
    has_out, gets_out = function.has_out(a), function.has_out(b)
    type_name = function.result.type() if function.result else "void"
    exclusive_a, zeroed_a = a.reference.endswith("first.yaml"), a.reference.endswith("last.yaml")
    exclusive_b, zeroed_b = b.reference.endswith("first.yaml"), b.reference.endswith("last.yaml")
    if gets_out:
        through = has_out and (exclusive_a or not exclusive_b)
        target = "out" if through else "&result"
        if not through:
            lines.append(f"{type_name} result;")
        if zeroed_b and not (through and zeroed_a):
            lines.append(f"memset({target}, 0, sizeof(*{target}));")
        arguments = [target] + arguments if b.out_place == "first" else arguments + [target]
    call = f"{function.name}({', '.join(arguments)})"
    if not function.result:
        lines.append(f"{call};")
    elif gets_out:
        lines.append(f"{call};")
        if has_out and target != "out":
            lines.append("*out = result;")
        elif not has_out:
            lines.append("return result;")
    elif has_out and exclusive_a:
        lines.append(f"*out = {call};")
    elif has_out:
        lines.append(f"{type_name} result = {call}; *out = result;")
    else:
        lines.append(f"return {call};")
    prototype = function.prototype(a, a.prefix + function.name)
    if has_out and exclusive_a:
        prototype = prototype.replace("*out", "*restrict out")
    return f"{function.prototype(b, function.name)};\n{prototype}\n{{\n    " + "\n    ".join(lines) + "\n}\n"


def main():
    with tempfile.TemporaryDirectory(prefix="abide-bench-", ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        compare()
        os.chdir("/")


def compare():
    target, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    total, worse, fewer, shown = [0, 0, 0], 0, 0, 0
    for caller, a in LANGUAGES.items():
        for callee, b in LANGUAGES.items():
            rng = random.Random(f"{seed}-{caller}-{callee}")
            records = [Record(f"r{i}", rng) for i in range(12)]
            functions = [Function(i, records, rng) for i in range(count)]
            stem = f"{caller}-{callee}-{target}"
            write(f"{stem}.abi.yaml", "abide: 1\npackage: random\ntypes:\n" +
                  "".join(r.interface() for r in records) + "functions:\n" +
                  "".join(f.interface() for f in functions))
            write(f"{stem}.c", HEADER + "".join(r.c() for r in records) +
                  "".join(shim(f, a, b) for f in functions))
            run([os.environ["ABIDE"], "thunk", f"{stem}.abi.yaml", "--caller", a.reference, "--callee",
                 b.reference, "--target", target, "--prefix", a.prefix, "-o", f"{stem}.o"])
            columns = [bodies(f"{stem}.o")]
            for i, compiler in enumerate(COMPILERS[target]):
                run(compiler + ["-O2", "-w", "-c", f"{stem}.c", "-o", f"{stem}-{i}.o"])
                columns.append(bodies(f"{stem}-{i}.o"))
            for function in functions:
                name = a.prefix + function.name
                row = [len(column[name]) for column in columns]
                total = [x + y for x, y in zip(total, row)]
                best = min(length for i, length in enumerate(row[1:]) if not is_wrong(target, i, columns[0][name], columns[i + 1][name]))
                fewer += row[0] < best
                if row[0] > best:
                    worse += 1
                    print(f"{stem} {function.interface().strip()}: {row}")
                    if "-v" in sys.argv and shown < 12:
                        shown += 1
                        for column in (columns[0], columns[1 + (row[2] < row[1])]):
                            print("\n".join("      " + line for line in column[name]), "\n")
    print(f"{target}: {9 * count} thunks, {worse} longer than the better compiler's, {fewer} shorter; "
          f"instructions {total[0]}, clang {total[1]}, gcc {total[2]}")
    if len(sys.argv) > 4 and sys.argv[4].isdigit() and worse > int(sys.argv[4]):
        sys.exit(f"more than {sys.argv[4]} are longer")


main()
