"""A side in Nim: the types a Nim programmer would write, and procs that know nothing of other languages."""
import glob
import os
import shutil

from c_side import called_back
from model import length_of, needed_types, types_of, walk

SCALAR_NIM = {
    "bool": "bool", "char": "uint32", "size": "csize_t", "ssize": "int", "uptr": "uint", "f32": "float32", "f64": "float64",
    "c_int": "cint", "c_uint": "cuint", "c_long": "clong", "c_ulong": "culong", "c_short": "cshort", "c_uchar": "cuchar",
    "c_longlong": "clonglong", **{f"{s}{n}": f"{'u' if s == 'u' else ''}int{n}" for s in "iu" for n in (8, 16, 32, 64)}}
HERE = os.path.dirname(os.path.abspath(__file__))
CROSS = {"x86_64": [], "aarch64": ["--cpu:arm64", "--os:linux", "--arm64.linux.gcc.exe:aarch64-linux-gnu-gcc",
                                   "--arm64.linux.gcc.linkerexe:aarch64-linux-gnu-gcc"]}


def is_plain(t):
    """Bytes that no memory manager looks after."""
    return not any(p.kind in ("string", "string0", "string16", "utf16", "seq", "box", "closure") for p in walk(t))


def is_bare(t):
    return t.is_sum and not any(p for _, _, p in t.fields)


def unwrapped(t):
    while t.kind == "newtype":
        t = t.of
    return t


def hooks(functions, gc):
    """What thunks call to make and drop Nim's values: a proc for each type."""
    out = "  new_env: n_new_env\n  keep_env: n_keep_env\n  drop_env: n_drop_env\n  set_string: n_set_string\n  set_string16: n_set_string16\n" + (
        "  drop_string: n_drop_string\n  drop_string16: n_drop_string16\n" if gc != "refc" else "")
    for kind in ("seq", "box"):
        of = {t.of.text: t.of for t in needed_types(functions) if t.kind == kind}
        if not of:
            continue
        for verb in ("new", "drop") if gc != "refc" else ("new",):
            out += f"  {verb}_{kind}:\n" + "".join(
                f"    {text}: n_{verb}_{kind}_{t.id}\n" for text, t in of.items())
    return out


def build(pair, role, gc):
    """Objects of a side in Nim."""
    options, name = pair.options, f"{pair.name.replace('-', '_')}_{role}"
    shutil.copy(f"{pair.name}.{role}.nim", f"{name}.nim")
    for file, folder in (("rt.nim", pair.shared), ("conv.nim", HERE)):
        shutil.copy(os.path.join(folder, file), file)
    cache = f"cache-{name}"
    shutil.rmtree(cache, ignore_errors=True)
    sanitize = ["-d:useMalloc", "--passC:-fsanitize=address"] if gc == "orc" and options.arch == "x86_64" else []
    pair.must(["nim", "c", "--app:staticlib", "--noMain", "--noLinking", "--skipUserCfg", "--skipParentCfg", "--hints:off",
               "--warnings:off", f"--mm:{gc}", "--lineTrace:off", "--stackTrace:off", "-d:noSignalHandler", *sanitize, *CROSS[options.arch],
               f"--nimcache:{cache}", f"{name}.nim"])
    return sorted(glob.glob(f"{cache}/*.o"))


class NimSide:
    def __init__(self, gc):
        self.gc = gc
        self.out = []

    # ---- what Nim can say ------------------------------------------------------------------------------

    def can_say(self, sig):
        sigs = [sig, *called_back(sig)]
        return all(self.can_hold(t) for one in sigs for t in types_of(one)) and not sig.lender

    def can_hold(self, t):
        for p in walk(t):
            if p.kind == "scalar" and p.text not in SCALAR_NIM:
                return False
            if p.kind == "variant" and p.open:
                return False
            if p.kind == "slice" and p is not unwrapped(t) and not is_plain(p.of):
                return False  # memory that is lent is not seen by the collector
        return True

    # ---- types ---------------------------------------------------------------------------------------------

    def name(self, t):
        if t.kind == "box":  # an Option asks what it is before later types are known
            return f"ref {self.name(t.of)}"
        if t.kind == "option":
            return self.option(t)
        if t.kind == "newtype":
            return self.name(t.of)
        return SCALAR_NIM[t.text] if t.kind == "scalar" else f"T_{t.lent.id if t.kind == 'closure' else t.id}"

    def declaration(self, t):
        if t.kind == "closure":
            return self.proc_type(t.sig)
        if t.kind in ("enum", "flags"):
            return self.number(t)
        if t.kind == "newtype":
            return self.name(t.of)
        if t.kind in ("string", "string0", "utf16"):
            return "string"
        if t.kind == "string16":
            return "seq[uint16]"
        if t.kind == "cstring":
            return "cstring"
        if t.kind == "resource":
            return "ptr CvRes"
        if t.kind == "slice":
            return f"object\n    p: ptr UncheckedArray[{self.name(t.of)}]\n    n: int"
        if t.kind == "seq":
            return f"seq[{self.name(t.of)}]"
        if t.kind == "box":
            return f"ref {self.name(t.of)}"
        if t.kind == "array":
            return f"array[{t.count}, {self.name(t.of)}]"
        if t.kind == "tuple":
            return f"({', '.join(self.name(p) for _, p in t.fields)},)"
        if t.kind == "struct":
            return "object" + "".join(f"\n    {n}: {self.name(p)}" for n, p in t.fields)
        if t.kind == "option":
            return self.option(t)
        return self.sum(t)

    def option(self, t):
        """It asks what it holds before later names for it are known: closures are written out."""
        some = unwrapped(t.fields[1][2])
        return f"Option[{self.proc_type(some.sig) if some.kind == 'closure' else self.name(some)}]"

    def number(self, t):
        if t.open:
            bits = max(t.values) + 1 if t.kind == "flags" else 0
            return SCALAR_NIM[t.base] if t.base else f"uint{next(n for n in (8, 16, 32, 64) if bits <= n)}"
        if t.kind == "flags":
            return f"set[E_{t.id}]"
        return f"enum {', '.join(f'{t.id}v{i} = {v}' for i, v in enumerate(t.values))}"

    def sum(self, t):
        cases = t.fields
        if t.kind == "result":
            ok, err = cases[0][2], cases[1][2]
            return (f"object\n    case o: bool\n    of false:{self.member('e', err)}\n    of true:{self.member('v', ok)}")
        if is_bare(t):
            return f"enum {', '.join(f'{t.id}{n} = {tag}' for n, tag, _ in cases)}"
        base, most = self.tag_base(t), max(tag for _, tag, _ in cases)
        branches = "".join(f"\n    of {tag}'{base}:{self.member(n, p)}" for n, tag, p in cases)
        rest = "" if [tag for _, tag, _ in cases] == list(range(most + 1)) else "\n    else: discard"
        return f"object\n    case kind: range[0'{base}..{most}'{base}]{branches}{rest}"

    @staticmethod
    def tag_base(t):
        most = max(tag for _, tag, _ in t.fields)
        return t.base or ("u8" if most < 256 else "u16")

    def member(self, name, p):
        return f" {name}: {self.name(p)}" if p else " discard"

    def types(self, types):
        self.out.append("type\n")
        for t in types:
            if t.kind == "scalar":
                continue
            if t.kind == "flags" and not t.open:
                self.out.append(f"  E_{t.id} = enum {', '.join(f'{t.id}b{b} = {b}' for b in t.values)}\n")
            if t.kind == "closure" and t is not t.lent:
                self.out.append(f"  T_{t.id} = T_{t.lent.id}\n")
                continue
            size = f" {{.size: {BASE_BYTES[t.base]}.}}" if t.kind == "enum" and t.base and not t.open else ""
            if is_bare(t) and t.base:
                size = f" {{.size: {BASE_BYTES[t.base]}.}}"
            self.out.append(f"  T_{t.id}{size} = {self.declaration(t)}\n")

    # ---- values ------------------------------------------------------------------------------------------------

    def fill(self, t, place, seed):
        return f"fill_{t.id}({place}, {seed})"

    def check(self, t, place, seed, what="what"):
        return f"check_{t.id}({place}, {seed}, {what})"

    def values(self, types):
        types = [t for t in types if t.kind != "scalar"]
        for t in types:
            self.out.append(f"proc fill_{t.id}(x: var T_{t.id}, s: uint64)\n"
                            f"proc check_{t.id}(x: T_{t.id}, s: uint64, what: cstring)\n")
        for t in closures(types):
            self.out.append(f"proc make_{t.id}(s: uint64): T_{t.id}\n")
        for t in types:
            fill, check = getattr(self, f"value_{'sum' if t.kind in ('variant', 'result') else t.kind}")(t)
            self.out.append(f"proc fill_{t.id}(x: var T_{t.id}, s: uint64) =\n{fill}"
                            f"proc check_{t.id}(x: T_{t.id}, s: uint64, what: cstring) =\n{check}")

    def compared(self, t, value):
        return (f"  x = {value}\n", f"  var want: T_{t.id}\n  fill_{t.id}(want, s)\n"
                                    f"  if x != want: rt_mismatch(what, \"{t.id}\")\n")

    def value_enum(self, t):
        values = list(t.values)
        if t.open:
            values.append(max(values) + 3)
        list_of = ", ".join(f"{v}'i64" for v in values)
        return self.compared(t, f"cast[T_{t.id}]([{list_of}][int(rt_value(s) mod {len(values)})])")

    def value_flags(self, t):
        values = list(t.values) + ([max(t.values) + 3] if t.open else [])
        bits = " or ".join(f"(1'u64 shl {b})" for b in values)
        return self.compared(t, f"cast[T_{t.id}](rt_value(s) and ({bits}))")

    def value_newtype(self, t):
        return f"  {self.fill(t.of, 'x', 's')}\n", f"  {self.check(t.of, 'x', 's')}\n"

    def value_string(self, t):
        nul = "false" if t.kind == "string0" else "true"
        return f"  x = cvText(s, {nul})\n", f"  cvCheckText(x, s, {nul}, what)\n"

    value_string0 = value_utf16 = value_string

    def value_string16(self, t):
        return "  x = cvUnits(s)\n", "  cvCheckUnits(x, s, what)\n"

    def value_cstring(self, t):
        return "  x = cvLendText(s)\n", "  cvCheckText(x, s, what)\n"

    def value_resource(self, t):
        make = "cv_res_new" if t.own else "cv_res_lend"
        return f"  x = {make}(s)\n", "  if not cv_res_is(x, s): rt_mismatch(what, \"resource\")\n"

    def value_slice(self, t):
        length = length_of(t)
        return (f"  x.n = int({length})\n  x.p = cast[ptr UncheckedArray[{self.name(t.of)}]](cv_lend(csize_t(x.n * sizeof({self.name(t.of)}))))\n"
                f"  for i in 0 ..< x.n: {self.fill(t.of, 'x.p[i]', 'rt_mix(s, uint64(i))')}\n",
                f"  if x.n != int({length}): rt_mismatch(what, \"length of {t.id}\")\n"
                f"  else:\n    for i in 0 ..< x.n: {self.check(t.of, 'x.p[i]', 'rt_mix(s, uint64(i))')}\n")

    def value_seq(self, t):
        length = length_of(t)
        return (f"  x = newSeq[{self.name(t.of)}](int({length}))\n"
                f"  for i in 0 ..< x.len: {self.fill(t.of, 'x[i]', 'rt_mix(s, uint64(i))')}\n",
                f"  if x.len != int({length}): rt_mismatch(what, \"length of {t.id}\")\n"
                f"  else:\n    for i in 0 ..< x.len: {self.check(t.of, 'x[i]', 'rt_mix(s, uint64(i))')}\n")

    def value_array(self, t):
        loop = f"  for i in 0 ..< {t.count}: "
        return (f"{loop}{self.fill(t.of, 'x[i]', 'rt_mix(s, uint64(i))')}\n",
                f"{loop}{self.check(t.of, 'x[i]', 'rt_mix(s, uint64(i))')}\n")

    def value_box(self, t):
        return (f"  new(x)\n  {self.fill(t.of, 'x[]', 'rt_mix(s, 1)')}\n",
                f"  if x.isNil: rt_mismatch(what, \"null box\")\n  else: {self.check(t.of, 'x[]', 'rt_mix(s, 1)')}\n")

    def value_record(self, t):
        place = "x[{i}]" if t.kind == "tuple" else "x.f{i}"
        parts = [(place.format(i=i), p, f"rt_mix(s, {i})") for i, (_, p) in enumerate(t.fields)]
        return ("".join(f"  {self.fill(p, at, s)}\n" for at, p, s in parts),
                "".join(f"  {self.check(p, at, s)}\n" for at, p, s in parts))

    value_struct = value_tuple = value_record

    def value_option(self, t):
        p = t.fields[1][2]
        return (f"  if rt_value(s) mod 2 == 0: x = none({self.name(p)})\n"
                f"  else:\n    var some_value: {self.name(p)}\n    {self.fill(p, 'some_value', 'rt_mix(s, 1)')}\n    x = some(some_value)\n",
                f"  if x.isNone != (rt_value(s) mod 2 == 0): rt_mismatch(what, \"none of {t.id}\")\n"
                f"  elif x.isSome: {self.check(p, 'x.get', 'rt_mix(s, 1)')}\n")

    def value_closure(self, t):
        if t.once:
            return f"  x = make_{t.lent.id}(s)\n", "  if x.isNil: rt_mismatch(what, \"null closure\")\n"
        call = indent(self.call(t.sig, "x", f"closure {t.lent.id}"), 4)
        return (f"  x = make_{t.lent.id}(s)\n",
                f"  if x.isNil: rt_mismatch(what, \"null closure\")\n  else:\n    let seed = cv_env_seed(s)\n{call}")

    def make_closures(self, types):
        """With an environment, or, if none is needed, without."""
        for t in closures(types):
            head, body = f"({self.params(t.sig)}){self.result(t.sig)}", indent(self.body(t.sig, f"closure {t.id}"), 4)
            self.out.append(
                f"proc plain_{t.id}{head} =\n{body}"
                f"proc make_{t.id}(s: uint64): T_{t.id} =\n  if cv_env_is_null(s): return plain_{t.id}\n"
                f"  let cookie = newCookie(s)\n  result = proc {head} {{.closure.}} =\n"
                f"    if seed >= 0x1000'u32: cv_env_check(cookie.s, seed)\n{body}")

    def value_sum(self, t):
        fill = check = f"  case int(rt_value(s) mod {len(t.fields)})\n"
        if t.kind == "result":
            cases = [("o", "true", "v", t.fields[0][2]), ("o", "false", "e", t.fields[1][2])]
        elif is_bare(t):
            cases = [(None, f"{t.id}{n}", n, None) for n, _, _ in t.fields]
        else:
            cases = [("kind", f"{tag}'{self.tag_base(t)}", n, p) for n, tag, p in t.fields]
        for i, (tag, value, member, p) in enumerate(cases):
            head = f"  of {i}:\n" if i + 1 < len(cases) else "  else:\n"
            place = f"x.{tag}" if tag else "x"
            fill += f"{head}    x = {f'T_{t.id}({tag}: {value})' if tag else value}\n"
            check += f"{head}    if {place} != {value}:\n      rt_mismatch(what, \"tag of {t.id}\")\n      return\n"
            if p:
                fill += f"    {self.fill(p, f'x.{member}', 'rt_mix(s, 1)')}\n"
                check += f"    {self.check(p, f'x.{member}', 'rt_mix(s, 1)')}\n"
        return fill, check

    # ---- procs -----------------------------------------------------------------------------------------------------

    def param(self, p, nested=False):
        if p.mode == "seed":
            return "seed: uint32"
        if p.mode == "user":
            return "user: pointer"
        if p.mode == "code":
            return f"{p.name}: {self.proc_type(p.sig, 'nimcall')}"
        if p.mode == "callback":
            return f"{p.name}: {self.proc_type(p.sig)}"
        mode = {"out": "var ", "inout": "var "}.get(p.mode, "sink " if p.sink and not nested else "")
        t = unwrapped(p.type)
        if t.kind == "slice" and p.mode == "in":
            return f"{p.name}: {'var ' if t.mutable else ''}openArray[{self.name(t.of)}]"
        name = self.name(p.type)  # a proc does not destroy a `sink ref X`, but a sink of a name for it
        return f"{p.name}: {mode}{f'T_{p.type.id}' if mode == 'sink ' else name}"

    def params(self, sig):
        return ", ".join(self.param(p) for p in sig.params)

    def result(self, sig):
        return f": {self.name(sig.result)}" if sig.result else ""

    def proc_type(self, sig, convention="closure"):
        return f"proc ({self.params(sig)}){self.result(sig)} {{.{convention}.}}"

    @staticmethod
    def is_open_array(p):
        return p.type and p.mode == "in" and unwrapped(p.type).kind == "slice"

    def check_param(self, p, index, name):
        seed, what = f"rt_mix(seed, {index})", f'"{name}, {p.name}"'
        if self.is_open_array(p):
            t = unwrapped(p.type)
            return (f"if {p.name}.len != int({length_of(t).replace('(s', f'({seed}')}): rt_mismatch({what}, \"length\")\n"
                    f"else:\n  for i in 0 ..< {p.name}.len: {self.check(t.of, f'{p.name}[i]', f'rt_mix({seed}, uint64(i))', what)}\n")
        return self.check(p.type, p.name, seed, what) + "\n"

    def body(self, sig, name):
        """What a proc does that is called. Garbage is collected while all that was passed is in use."""
        out = ""
        for i, p in enumerate(sig.params):
            if p.type and p.mode != "out":
                out += "cvCollect()\n" + self.check_param(p, i, name) + "cv_got()\n"
        for i, p in enumerate(sig.params):
            if p.sig:
                out += (f"for turn in 0 ..< 3:\n  let outer = seed\n  block:\n    let seed = cv_seed(outer, uint64({1000 + 10 * i} + turn))\n"
                        + indent(self.call(p.sig, p.name, f"{name}, callback"), 4))
        for i, p in enumerate(sig.params):
            if p.mode in ("own", "inout") and p.type and unwrapped(p.type).kind == "resource" and sig.moved != p.name:
                out += f"cv_res_drop({p.name})\n"
            elif p.mode in ("own", "inout") and p.type and sig.moved != p.name and has_resource(p.type):
                out += f"drop_{p.type.id}({p.name})\n"
            if p.sink and sig.moved != p.name and any(part.kind == "closure" for part in walk(p.type)):
                out += f"var held_{p.name} = {p.name}\ndiscard sizeof(held_{p.name})\n"  # Nim 1.6 forgets objects that hold one
            if p.mode in ("out", "inout"):
                out += self.fill(p.type, p.name, f"rt_mix(seed, {100 + i})") + "\n"
            if p.mode == "in" and p.type and p.type.mutable:
                out += (f"for i in 0 ..< {p.name}.len: "
                        f"{self.fill(p.type.of, f'{p.name}[i]', f'rt_mix(rt_mix(seed, {100 + i}), uint64(i))')}\n")
        out += "cv_called(seed)\n"
        if sig.moved:
            out += f"result = {sig.moved}\n"
        elif sig.result:
            out += self.fill(sig.result, "result", "rt_mix(seed, 99)") + "\n"
        return out or "discard\n"

    def call(self, sig, callee, name, closures=None):
        before, arguments, after = "", [], ""
        for i, p in enumerate(sig.params):
            if p.mode == "seed":
                arguments.append("seed")
                continue
            if p.mode == "user":  # a callback gets what came with it
                arguments.append("user" if callee == "f" else "addr userCookie")
                continue
            if p.mode == "code":
                arguments.append(f"code_{self.sigs.index(p.sig)}")
                continue
            if p.mode == "callback":
                arguments.append(f"make_callback_{self.sigs.index(p.sig)}(seed)")
                continue
            v, t = f"c_{p.name}", unwrapped(p.type)
            if self.is_open_array(p):
                length = length_of(t).replace("(s", f"(rt_mix(seed, {i})")
                before += (f"var {v} = newSeq[{self.name(t.of)}](int({length}))\n"
                           f"for i in 0 ..< {v}.len: {self.fill(t.of, f'{v}[i]', f'rt_mix(rt_mix(seed, {i}), uint64(i))')}\n")
                index = 100 + i if t.mutable else i
                after += (f"for i in 0 ..< {v}.len: "
                          + self.check(t.of, f"{v}[i]", f"rt_mix(rt_mix(seed, {index}), uint64(i))", f'"{name}, {p.name} afterwards"') + "\n")
                if has_resource(t.of):
                    after += f"for i in 0 ..< {v}.len: drop_{t.of.id}({v}[i])\n"
            else:
                before += f"var {v}: {self.name(p.type)}\n"
                if p.mode != "out":
                    before += self.fill(p.type, v, f"rt_mix(seed, {i})") + "\n"
                index = i if p.mode in ("in", "own") else 100 + i
                if not (p.mode == "own" and (p.sink or has_resource(p.type))):
                    after += self.check(p.type, v, f"rt_mix(seed, {index})", f'"{name}, {p.name} afterwards"') + "\n"
                after += "cv_got()\n" if p.mode in ("out", "inout") else ""
                if p.mode != "own" and has_resource(p.type):
                    after += f"drop_{p.type.id}({v})\n"
            arguments.append(f"move({v})" if p.mode == "own" and p.sink else v)
        call = f"{callee}({', '.join(arguments)})"
        if sig.result:
            at = [p.name for p in sig.params].index(sig.moved) if sig.moved else 99
            call = f"var r = {call}\ncv_was_called(seed)\ncvCollect()\n" + self.check(sig.result, "r", f"rt_mix(seed, {at})", f'"{name}, result"') + "\ncv_got()\n"
            if has_resource(sig.result):
                call += f"drop_{sig.result.id}(r)\n"
        else:
            call += "\ncv_was_called(seed)"
        return before + call + "\n" + after

    # ---- resources: Nim has no destructors for what is a pointer to it --------------------------------------

    def drops(self, types):
        types = [t for t in types if has_resource(t)]
        for t in types:
            self.out.append(f"proc drop_{t.id}(x: var T_{t.id})\nproc drop_{t.id}(x: T_{t.id}) = (var y = x; drop_{t.id}(y))\n")
        for t in types:
            lines = ""
            if t.kind == "resource":
                lines = "  cv_res_drop(x)\n"
            elif t.kind == "closure":  # else it is let go of without a call
                call = indent(self.call(t.sig, "x", f"closure {t.lent.id}"), 4)
                lines = f"  let seed = cv_turn()\n  if seed mod 2 == 0:\n{call}"
            elif t.kind in ("newtype", "box"):
                lines = f"  drop_{t.of.id}(x{'[]' if t.kind == 'box' else ''})\n"
            elif t.kind in ("seq", "array"):
                lines = f"  for i in 0 ..< x.len: drop_{t.of.id}(x[i])\n"
            elif t.kind == "slice":
                lines = f"  for i in 0 ..< x.n: drop_{t.of.id}(x.p[i])\n"
            elif t.kind == "option":
                lines = f"  if x.isSome:\n    var y = x.get\n    drop_{t.fields[1][2].id}(y)\n"
            elif t.kind == "result":
                for flag, member, p in (("true", "v", t.fields[0][2]), ("false", "e", t.fields[1][2])):
                    if p and has_resource(p):
                        lines += f"  if x.o == {flag}: drop_{p.id}(x.{member})\n"
            elif t.kind == "variant":
                for n, tag, p in t.fields:
                    if p and has_resource(p):
                        lines += f"  if x.kind == {tag}'{self.tag_base(t)}: drop_{p.id}(x.{n})\n"
            else:
                for i, (n, p) in enumerate(t.fields):
                    if has_resource(p):
                        lines += f"  drop_{p.id}({f'x[{i}]' if t.kind == 'tuple' else f'x.{n}'})\n"
            self.out.append(f"proc drop_{t.id}(x: var T_{t.id}) =\n{lines}")

    # ---- files -------------------------------------------------------------------------------------------------------

    def start(self, functions):
        types = needed_types(functions)
        self.out.append("import options\ninclude conv\n")
        self.types(types)
        self.values(types)
        self.drops(types)
        self.make_closures(types)
        for t in types:
            if t.kind in ("seq", "box"):
                of, name = self.name(t.of), f"T_{t.id}"
                make = f"x = newSeq[{of}](n)" if t.kind == "seq" else "new(x)"
                more = ", n: int" if t.kind == "seq" else ""
                self.out.append(f"proc n_new_{t.kind}_{t.of.id}(x: var {name}{more}) {{.exportc, cdecl.}} = {make}\n"
                                f"proc n_drop_{t.kind}_{t.of.id}(x: var {name}) {{.exportc, cdecl.}} = reset(x)\n")
        self.sigs = [p.sig for f in functions for p in f.sig.params if p.sig]

    def callee_file(self, functions):
        self.start(functions)
        for f in functions:
            symbol = f.name.replace("-", "_")
            self.out.append(f"proc f_{f.number}({self.params(f.sig)}){self.result(f.sig)} {{.exportc: \"{symbol}\".}} =\n"
                            f"  cv_enter({f.number})\n{indent(self.body(f.sig, f.name), 2)}")
        return "".join(self.out)

    def caller_file(self, functions):
        self.start(functions)
        for n, sig in enumerate(self.sigs):
            if any(p.mode == "user" for p in sig.params):
                self.out.append(f"proc code_{n}({self.params(sig)}){self.result(sig)} {{.nimcall.}} =\n  cv_invoked()\n"
                                f"  if user != addr userCookie: rt_mismatch(\"callback {n}\", \"user data\")\n"
                                f"{indent(self.body(sig, f'callback {n}'), 2)}")
                continue
            self.out.append(f"proc make_callback_{n}(cookie: uint32): {self.proc_type(sig)} =\n"
                            f"  var held = cookie\n  result = proc ({self.params(sig)}){self.result(sig)} {{.closure.}} =\n"
                            f"    cv_invoked()\n    if held != cookie: rt_mismatch(\"callback {n}\", \"environment\")\n"
                            f"{indent(self.body(sig, f'callback {n}'), 4)}")
        for f in functions:
            symbol = "t_" + f.name.replace("-", "_")
            callbacks = 3 * sum(p.sig is not None for p in f.sig.params)
            self.out.append(f"proc t_{f.number}({self.params(f.sig)}){self.result(f.sig)} {{.importc: \"{symbol}\".}}\n"
                            f"proc call_{f.number}(round: uint64) =\n  let mark = cv_mark()\n"
                            f"  let seed = cv_begin({f.number}, \"{f.name}\", round)\n"
                            f"{indent(self.call(f.sig, f't_{f.number}', f.name), 2)}  cv_end({callbacks})\n  cv_back(mark)\n")
        calls = "".join(f"  call_{f.number}(round)\n" for f in functions)
        self.out.append(f"proc run_calls(round: uint64) {{.exportc, cdecl.}} =\n{calls}")
        return "".join(self.out)


BASE_BYTES = {f"{s}{n}": n // 8 for s in "iu" for n in (8, 16, 32, 64)}


def has_resource(t):
    """Something in it is ended by the program: a resource, or a closure that may be called once."""
    return any((p.kind == "resource" and p.own) or p.once for p in walk(t))


def closures(types):
    return [t for t in types if t.kind == "closure" and t is t.lent]


def indent(text, by):
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())
