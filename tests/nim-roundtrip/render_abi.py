"""The interface file."""


def type_of(param):
    if param.mode == "value":
        return param.type.abi
    if param.mode == "callback":
        return param.type.id
    if param.mode == "data":
        return "mutptr<void>"
    return f"{param.mode}<{param.type.abi}>"


def function_text(f, symbol):
    lines = [f"  {f.name}:"]
    if f.lent or any(p.facts for p in f.params):
        lines.append("    params:")
        for p in f.params:
            if p.facts:
                lines.append(f"      {p.name}: {{type: {type_of(p)}, facts: [{', '.join(p.facts)}]}}")
            else:
                lines.append(f"      {p.name}: {type_of(p)}")
        if f.result:
            lent = ", facts: [lent]" if f.lent else ""
            lines.append(f"    returns: {{type: {f.result.abi}{lent}}}")
    else:
        params = "; ".join(f"{p.name} {type_of(p)}" for p in f.params)
        lines.append(f"    sig: ({params})" + (f" -> {f.result.abi}" if f.result else ""))
    lines.append(f"    symbol: {symbol}{f.name}")
    if f.convention:
        lines.append(f"    convention: {f.convention}")
    pairs = [f"{p.name}: {{data: {p.partner.name}, at: {p.type.data_at}}}"
             for p in f.params if p.mode == "callback" and p.partner]
    if pairs:
        lines.append(f"    callbacks: {{{', '.join(pairs)}}}")
    return "\n".join(lines) + "\n"


def interface_text(interface, symbol="", hooks="", only=None):
    """symbol: what stands in front of the names of the functions that thunks call."""
    out = [f"# Made from seed {interface.seed}.\nabide: 1\npackage: roundtrip\n{hooks}types:\n"]
    for type in interface.pool.types:
        if type.decl_abi:
            out.append(f"  {type.decl_abi}\n")
    for fn in interface.fn_types:
        kind = "closure" if fn.closure else "fn"
        convention = f"\n    convention: {fn.convention}" if fn.convention else ""
        out.append(f"  {fn.id}:\n    {kind}: {fn.abi_signature}{convention}\n")
    out.append("functions:\n")
    for f in interface.functions:
        if only is None or only(f):
            out.append(function_text(f, symbol))
    for type in interface.traced:
        if only is None and symbol:
            out.append(f"  make_{type.id}:\n    sig: (seed u64) -> {type.abi}\n"
                       f"    symbol: {symbol}make_{type.id}\n")
    for type in interface.raw_closures:
        if only is None and symbol:
            out.append(f"  make_{type.id}:\n    sig: (seed u64) -> {type.abi}\n"
                       f"    symbol: {symbol}make_{type.id}\n")
            params = "".join(f"; c{i} {p.abi}" for i, p in enumerate(type.fn.params))
            result = f" -> {type.fn.result.abi}" if type.fn.result else ""
            out.append(f"  call_{type.id}:\n    sig: (f {type.abi}{params}){result}\n    invokes: f\n")
    return "".join(out)
