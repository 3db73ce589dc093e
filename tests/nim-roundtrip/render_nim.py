"""The Nim side: the same types, implementations that C calls, callers of what C implements."""
from render_c import aliases_of


def fn_params(fn):
    return ", ".join(f"c{i}: {p.nim if p else 'pointer'}" for i, p in enumerate(fn.params))


def fn_decl(fn):
    result = f": {fn.result.nim}" if fn.result else ""
    convention = "closure" if fn.closure else fn.convention or "nimcall"
    return f"  {fn.id} = proc ({fn_params(fn)}){result} {{.{convention}.}}\n"


def params_of(f):
    out = []
    for p in f.params:
        if p.mode == "value":
            out.append(f"{p.name}: {'sink ' if 'sink' in p.facts else ''}{p.type.nim}")
        elif p.mode == "callback":
            out.append(f"{p.name}: {p.type.id}")
        elif p.mode == "data":
            out.append(f"{p.name}: pointer")
        elif p.mode == "slice":
            out.append(f"{p.name}: openArray[{p.type.nim}]")
        elif p.mode == "mutref":
            out.append(f"{p.name}: var {p.type.nim}")
        else:
            out.append(f"{p.name}: ptr {p.type.nim}")
    return ", ".join(out)


def head(f, name, pragmas):
    result = f": {'lent ' if f.lent else ''}{f.result.nim}" if f.result else ""
    return f"proc {name}({params_of(f)}){result} {{.{pragmas}, {f.convention or 'nimcall'}.}}"


def check(type, value, seed, what):
    return f"check_{type.id}({value}, {seed}, \"{what}\")"


def check_argument(p, name, index, what):
    """A callee looks at an argument; no nil."""
    seed, place = f"rt_mix(s, {index})", f"{what}, {name}"
    if p.mode == "slice":
        return (f"  if {name}.len != slice_length(s, {index}): rt_mismatch(\"{place}\", \"length\")\n"
                f"  else:\n    for k in 0 ..< {name}.len:\n"
                f"      {check(p.type, f'{name}[k]', f'rt_mix({seed}, uint64(k))', place)}\n")
    return "  " + check(p.type, f"{name}[]" if p.mode == "ref" else name, seed, place) + "\n"


# ---- functions that go along as arguments ------------------------------------------------------

def callback_text(fn):
    result = f": {fn.result.nim}" if fn.result else ""
    what = f"{fn.id} in Nim"
    body = ["  rt_invoke()\n"]
    if fn.result:
        body.append(f"  fill_{fn.result.id}(result, rt_mix(s, 999))\n")
    for i, p in enumerate(fn.params):
        if p:
            body.append(check_argument(p, f"c{i}", i, what))
            if p.mode == "mutref":
                body.append(f"  fill_{p.type.id}(c{i}, rt_mix(s, {200 + i}))\n")
    if fn.result:
        body.append(f"  fill_{fn.result.id}(result, rt_mix(s, 100))\n")
    body = "".join(body)
    if not fn.closure:
        seed = f"cast[ptr uint64](c{fn.data_at})[]" if fn.data_at is not None else "rt_callback_seed"
        return (f"proc {fn.id}_code({fn_params(fn)}){result} {{.{fn.convention or 'nimcall'}.}} =\n"
                f"  let s = {seed}\n{body}\n")
    indented = body.replace("\n  ", "\n    ").replace("  rt_invoke", "    rt_invoke", 1)
    return (f"proc {fn.id}_plain({fn_params(fn)}){result} {{.nimcall.}} =\n  let s = rt_callback_seed\n{body}\n"
            f"proc {fn.id}_make(s: uint64): {fn.id} =\n"
            f"  result = proc ({fn_params(fn)}){result} {{.closure.}} =\n{indented}\n")


def invoke_text(f, p, index):
    fn, name = p.type, p.name
    what = f"{f.name} in Nim, from {name}"
    lines, args = [], []
    for i, t in enumerate(fn.params):
        if t is None:
            args.append(p.partner.name)
        elif t.mode == "slice":
            lines.append(f"      var c{i}: array[6, {t.type.nim}]\n      for n in 0 ..< slice_length(cs, {i}): "
                         f"fill_{t.type.id}(c{i}[n], rt_mix(rt_mix(cs, {i}), uint64(n)))\n")
            args.append(f"toOpenArray(c{i}, 0, slice_length(cs, {i}) - 1)")
        else:
            lines.append(f"      var c{i}: {t.type.nim}\n      fill_{t.type.id}(c{i}, rt_mix(cs, {i}))\n")
            args.append(f"addr c{i}" if t.mode == "ref" else f"c{i}")
    call = f"{name}({', '.join(args)})"
    lines.append("      rt_dirty()\n")
    if fn.result:
        lines.append(f"      let r = {call}\n      {check(fn.result, 'r', 'rt_mix(cs, 100)', what)}\n")
    else:
        lines.append(f"      {call}\n")
    for i, t in enumerate(fn.params):
        if t and t.mode != "slice":
            final = f"rt_mix(cs, {200 + i if t.mode == 'mutref' else i})"
            lines.append("      " + check(t.type, f"c{i}", final, f"{what}, c{i} after") + "\n")
    return (f"  if is_null(s, {index}): rt_expect({name}.isNil, \"{what}: nil\")\n"
            f"  elif {name}.isNil: rt_mismatch(\"{what}\", \"nil\")\n"
            f"  else:\n    for k in 0 .. 1:\n      let cs = rt_mix(s, 300)\n{''.join(lines)}")


def raw_closure_text(type):
    fn, exported = type.fn, f'exportc: "n_make_{type.id}"'
    lines = [f"proc fill_{type.id}(x: var {fn.id}, seed: uint64) =\n"
             f"  if (rt_value(seed) and 1) == 1: x = {fn.id}_make(seed) else: x = {fn.id}({fn.id}_plain)\n",
             f"proc make_{type.id}(seed: uint64): {fn.id} {{.{exported}, nimcall.}} = "
             f"fill_{type.id}(result, seed)\n",
             f"proc check_{type.id}(x: {fn.id}, s: uint64, what: cstring) =\n"]
    args = []
    for i, t in enumerate(fn.params):
        lines.append(f"  var c{i}: {t.type.nim}\n  fill_{t.type.id}(c{i}, rt_mix(s, {i}))\n")
        args.append(f"c{i}")
    lines.append(f"  rt_hold(s)\n  {'let r = ' if fn.result else ''}x({', '.join(args)})\n  rt_release(what)\n")
    if fn.result:
        lines.append("  " + check(fn.result, "r", "rt_mix(s, 100)", f"{type.id} called in Nim") + "\n")
    return "".join(lines)


# ---- implementations ---------------------------------------------------------------------------

def callee_text(f):
    what = f"{f.name} in Nim"
    exported = f'exportc: "n_{f.name}"'
    out = [head(f, f"impl_{f.name}", exported) + " =\n  let s = rt_seed\n"]
    if f.result and not f.lent:
        out.append(f"  fill_{f.result.id}(result, rt_mix(s, 999))\n")
    out.append(f"  rt_enter({f.number})\n")
    after = []
    for i, p in enumerate(f.params):
        seed, place = f"rt_mix(s, {i})", f"{what}, {p.name}"
        if p.mode == "value":
            out.append("  " + check(p.type, p.name, seed, place) + "\n")
        elif p.mode in ("ptr", "mutptr"):
            out.append(f"  if is_null(s, {i}): rt_expect({p.name}.isNil, \"{place}: nil\")\n"
                       f"  else: {check(p.type, f'{p.name}[]', seed, place)}\n")
            if p.mode == "mutptr":
                after.append(f"  if not {p.name}.isNil: fill_{p.type.id}({p.name}[], rt_mix(s, {200 + i}))\n")
        elif p.mode == "ref":
            out.append(f"  {check(p.type, f'{p.name}[]', seed, place)}\n")
        elif p.mode == "mutref":
            out.append(f"  {check(p.type, p.name, seed, place)}\n")
            after.append(f"  fill_{p.type.id}({p.name}, rt_mix(s, {200 + i}))\n")
        elif p.mode == "slice":
            out.append(check_argument(p, p.name, i, what))
    out += [invoke_text(f, p, i) for i, p in enumerate(f.params) if p.mode == "callback"]
    out += after
    if f.lent:
        out.append("  a0\n")
    elif f.result:
        out.append(f"  fill_{f.result.id}(result, rt_mix(s, 100))\n")
    return "".join(out) + "\n"


# ---- callers -----------------------------------------------------------------------------------

def places_of(f):
    """Where results go: (name, declaration, lvalue); traced ones are safe on the stack only."""
    type = f.result.nim
    local = ("local", f"  var x: {type}\n", "x")
    if f.result.traced or f.result.kind == "gc":
        return [local]
    places = [local, ("global", "", f"global_{f.result.id}"),
              ("element", f"  var xs: array[3, {type}]\n", "xs[1]")]
    if not f.result.miscounted:
        places.append(("heap", f"  let h = create({type})\n", "h[]"))
    return places


def caller_text(f, rng, variant, alias=None, place=None):
    what = f"{f.name} from Nim" + (f", {alias[0]} alias in a {place[0]}" if alias else "")
    seeds, fills, args, after = [], [], [], []
    for i, p in enumerate(f.params):
        seed, name = f"rt_mix(s, {i})", p.name
        aliased = alias and alias[1] == i
        if p.mode in ("value", "ptr", "mutptr", "ref", "mutref"):
            if aliased:
                fills.append(place[1])
                name = place[2]
            else:
                fills.append(f"  var {name}: {p.type.nim}\n")
            fills.append(f"  fill_{p.type.id}({name}, {seed})\n")
            if p.mode in ("ptr", "mutptr"):
                args.append(f"(if is_null(s, {i}): nil else: addr {name})")
            else:
                args.append(f"addr {name}" if p.mode == "ref" else name)
            if not aliased:
                final = f"rt_mix(s, {200 + i})" if p.mode.startswith("mut") else seed
                guard = f"if not is_null(s, {i}): " if p.mode.endswith("ptr") else ""
                after.append(f"  {guard}{check(p.type, name, final, f'{what}, {name} after')}\n")
        elif p.mode == "slice":
            if rng.random() < 0.5 and not p.type.miscounted:
                fills.append(f"  var {name} = newSeq[{p.type.nim}](slice_length(s, {i}))\n")
                args.append(name)
            else:
                fills.append(f"  var {name}: array[6, {p.type.nim}]\n")
                args.append(f"toOpenArray({name}, 0, slice_length(s, {i}) - 1)")
            fills.append(f"  for k in 0 ..< slice_length(s, {i}): "
                         f"fill_{p.type.id}({name}[k], rt_mix({seed}, uint64(k)))\n")
        elif p.mode == "callback":
            fn = p.type
            seeds.append(f"  var {name}_seed = rt_mix(s, 300)\n  rt_callback_seed = {name}_seed\n"
                         f"  if not is_null(s, {i}): invocations += 2\n")
            if fn.closure:
                code = (f"(if is_null(s, {i}): nil elif (rt_value(rt_mix(s, {450 + i})) and 1) == 1: "
                        f"{fn.id}_make({name}_seed) else: {fn.id}({fn.id}_plain))")
                fills.append(f"  let {name}: {fn.id} = {code}\n")
            else:
                fills.append(f"  let {name}: {fn.id} = (if is_null(s, {i}): nil else: {fn.id}_code)\n")
            args.append(name)
        elif p.mode == "data":
            args.append(f"addr {p.partner.name}_seed")
    call = f"{f.name}({', '.join(args)})"
    if not f.result:
        call = f"  {call}\n"
    elif alias:
        call = f"  {place[2]} = {call}\n"
        after.append(f"  {check(f.result, place[2], 'rt_mix(s, 100)', f'{what}, result')}\n")
        if place[0] == "heap":
            after.append("  dealloc(h)\n")
    elif rng.random() < 0.1:
        call = f"  discard {call}\n"
    else:
        call = f"  let r = {call}\n"
        after.append(f"  {check(f.result, 'r', 'rt_mix(s, 100)', f'{what}, result')}\n")
    return (f"proc call_{f.name}_{variant}(round: uint64) =\n  rt_begin({f.number}, round)\n"
            f"  let s = rt_seed\n  var invocations = 0'i64\n" + "".join(seeds + fills) + "  rt_dirty()\n"
            + call + f"  rt_end(invocations, \"{what}\")\n" + "".join(after) + "\n")


def nim_text(interface):
    """The whole Nim module."""
    out = [f"# Made from seed {interface.seed}.\n{{.push checks: on.}}\ninclude rt\n\ntype\n"]
    for type in interface.pool.types:
        if type.decl_nim:
            out.append(f"  {type.decl_nim}\n")
    out += [fn_decl(fn) for fn in interface.fn_types]
    out.append(SUPPORT)
    for type in interface.pool.types:
        out.append(type.body_nim)
    for type in interface.traced:
        exported = f'exportc: "n_make_{type.id}"'
        out.append(f"proc make_{type.id}(seed: uint64): {type.nim} {{.{exported}, nimcall.}} = "
                   f"fill_{type.id}(result, seed)\n")
    for type in interface.pool.types:
        if type.header:
            out.append(f"var m_type_{type.id} {{.importc.}}: pointer\nvar header_{type.id}: {type.nim}\n"
                       f"m_type_{type.id} = cast[ptr pointer](addr header_{type.id})[]\n")
    results = []
    for f in interface.functions:
        if f.result and f.result not in results:
            results.append(f.result)
            out.append(f"var global_{f.result.id}: {f.result.nim}\n")
    out += [callback_text(fn) for fn in interface.fn_types]
    out += [raw_closure_text(type) for type in interface.raw_closures]
    out += [callee_text(f) for f in interface.functions if f.to_nim]
    calls = []
    for f in interface.functions:
        if not f.to_c:
            continue
        imported = f'importc: "nim_{f.name}"'
        out.append(head(f, f.name, imported) + "\n")
        variants = [(None, None)] + [(a, place) for a in aliases_of(f)
                                     for place in interface.rng.sample(places_of(f), min(2, len(places_of(f))))]
        for k, (alias, place) in enumerate(variants):
            out.append(caller_text(f, interface.rng, k, alias, place))
            calls.append(f"  call_{f.name}_{k}(round)\n")
    out.append("proc run(round: uint64) {.exportc: \"n_run\", cdecl.} =\n" + "".join(calls))
    return "".join(out)


SUPPORT = """
proc is_null(s, i: uint64): bool = rt_value(rt_mix(s, 400 + i)) mod 4 == 0
proc slice_length(s, i: uint64): int = int(rt_value(rt_mix(s, 500 + i)) mod 6)
proc stack_bottom(bottom: pointer) {.exportc: "n_stack_bottom", cdecl.} =
  when not defined(gcOrc) and not defined(gcArc): nimGC_setStackBottom(bottom)
when compileOption("threads"):
  proc thread_enter(bottom: pointer) {.exportc: "n_thread_enter", cdecl.} =
    setupForeignThreadGc()
    when not defined(gcOrc) and not defined(gcArc): nimGC_setStackBottom(bottom)
  proc thread_leave() {.exportc: "n_thread_leave", cdecl.} = tearDownForeignThreadGc()

"""
