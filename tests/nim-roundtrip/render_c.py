"""The C side: types, implementations that Nim calls, callers of what Nim implements."""


def prototype(name, params, result, last=(), pointer=False):
    """params: (declaration type, name). Arrays come back through a last pointer."""
    parts = [f"{t} {n}".replace("* ", "*") for t, n in params]
    returned = "void"
    if result and result.by_address:
        parts.append(f"{result.c} result")
    elif result:
        returned = result.c
    parts += [f"{t} {n}".replace("* ", "*") for t, n in last]
    return f"{returned} {name}({', '.join(parts) or 'void'})"


def fn_params(fn):
    out = []
    for i, p in enumerate(fn.params):
        if p is None:
            out.append(("void *", f"c{i}"))
        elif p.mode == "value":
            out.append((p.type.c, f"c{i}"))
        else:
            const = "" if p.mode == "mutref" else " const"
            out.append((f"{p.type.c}{const} *", f"c{i}"))
            if p.mode == "slice":
                out.append(("size_t", f"c{i}_len"))
    return out


def fn_decl(fn):
    env = [("void *", "env")] if fn.closure else []
    if fn.closure:
        code = prototype("(*code)", fn_params(fn), fn.result, env)
        return f"typedef struct {{\n    {code};\n    void *env;\n}} {fn.id};\n"
    return f"typedef {prototype(f'(*{fn.id})', fn_params(fn), fn.result)};\n"


def params_of(f):
    out = []
    for p in f.params:
        if p.mode == "value":
            out.append((p.type.c, p.name))
        elif p.mode == "callback":
            out.append((p.type.id, p.name))
        elif p.mode == "data":
            out.append(("void *", p.name))
        elif p.mode == "slice":
            out += [(f"{p.type.c} const *", p.name), ("size_t", f"{p.name}_len")]
        else:
            const = " const" if p.mode in ("ptr", "ref") else ""
            out.append((f"{p.type.c}{const} *", p.name))
    return out


def fill(type, lvalue, seed):
    return f"fill_{type.id}(({type.c} *)&{lvalue}, {seed});"


def check(type, address, seed, what):
    return f"check_{type.id}(({type.c} const *){address}, {seed}, \"{what}\");"


def result_parts(result):
    """Declaration, address and return statement of a callee's result."""
    if not result:
        return "", None, ""
    if result.by_address:
        return "", "result", ""
    return f"    {result.c} r;\n    memset(&r, 0x5a, sizeof r);\n", "&r", "    return r;\n"


def check_argument(p, name, index, what):
    """A callee looks at an argument; no nulls."""
    seed, place = f"rt_mix(s, {index})", f"{what}, {name}"
    if p.mode == "slice":
        return (f"    if ({name}_len != slice_length(s, {index}))\n        rt_mismatch(\"{place}\", \"length\");\n"
                f"    else\n        for (size_t k = 0; k < {name}_len; k++)\n"
                f"            {check(p.type, f'&{name}[k]', f'rt_mix({seed}, k)', place)}\n")
    is_value = p.mode == "value" and not p.type.by_address
    return "    " + check(p.type, f"&{name}" if is_value else name, seed, place) + "\n"


# ---- functions that go along as arguments ------------------------------------------------------

def callback_text(fn):
    """The C function behind a callback or closure: checks what it gets, returns what is expected."""
    env = [("void *", "env")] if fn.closure else []
    what = f"{fn.id} in C"
    out = ["static " + prototype(f"{fn.id}_code", fn_params(fn), fn.result, env) + "\n{\n"]
    data = "env" if fn.closure else (f"c{fn.data_at}" if fn.data_at is not None else "NULL")
    out.append(f"    uint64_t *data = {data};\n"
               "    uint64_t s = data ? *data : rt_callback_seed;\n    (void)s;\n    rt_invoke();\n")
    declaration, address, back = result_parts(fn.result)
    out.append(declaration)
    if address:
        out.append(f"    fill_{fn.result.id}(({fn.result.c} *){address}, rt_mix(s, 999));\n")
    for i, p in enumerate(fn.params):
        if p:
            out.append(check_argument(p, f"c{i}", i, what))
            if p.mode == "value" and not p.type.by_address:
                out.append(f"    rt_scrub(&c{i}, sizeof c{i});\n")
            elif p.mode == "mutref":
                out.append(f"    fill_{p.type.id}(c{i}, rt_mix(s, {200 + i}));\n")
    if address:
        out.append(f"    fill_{fn.result.id}(({fn.result.c} *){address}, rt_mix(s, 100));\n")
    out.append(back + "}\n\n")
    return "".join(out)


def invoke_text(f, p, index):
    """A C callee calls what it was given, twice."""
    fn, name = p.type, p.name
    code = f"{name}.code" if fn.closure else name
    what = f"{f.name} in C, from {name}"
    args, lines = [], []
    for i, t in enumerate(fn.params):
        if t is None:
            args.append(p.partner.name)
        elif t.mode == "slice":
            lines.append(f"            {t.type.c} c{i}[6];\n"
                         f"            for (size_t n = 0; n < slice_length(cs, {i}); n++)\n"
                         f"                {fill(t.type, f'c{i}[n]', f'rt_mix(rt_mix(cs, {i}), n)')}\n")
            args += [f"c{i}", f"slice_length(cs, {i})"]
        else:
            lines.append(f"            {t.type.c} c{i};\n            {fill(t.type, f'c{i}', f'rt_mix(cs, {i})')}\n")
            args.append(f"c{i}" if t.mode == "value" else f"&c{i}")
    receive = ""
    if fn.result:
        lines.append(f"            {fn.result.c} r;\n            memset(&r, 0x5a, sizeof r);\n")
        if fn.result.by_address:
            args.append("r")
        else:
            receive = "r = "
    if fn.closure:
        args.append(f"{name}.env")
    lines.append(f"            rt_dirty();\n            {receive}{code}({', '.join(args)});\n")
    if fn.result:
        lines.append("            " + check(fn.result, "&r", "rt_mix(cs, 100)", what) + "\n")
    for i, t in enumerate(fn.params):
        if t and t.mode != "slice":
            final = f"rt_mix(cs, {200 + i if t.mode == 'mutref' else i})"
            lines.append("            " + check(t.type, f"&c{i}", final, f"{what}, c{i} after") + "\n")
    return (f"    if (is_null(s, {index}))\n        rt_expect(!{code}, \"{what}: null\");\n"
            f"    else if (!{code})\n        rt_mismatch(\"{what}\", \"null\");\n"
            f"    else\n        for (int k = 0; k < 2; k++) {{\n            uint64_t cs = rt_mix(s, 300);\n"
            f"            (void)cs;\n{''.join(lines)}        }}\n")


def raw_closure_text(type):
    """fill: Nim makes it; check: it is called, once."""
    fn, what = type.fn, f"{type.id} invoked from C"
    params = [("NimClosure", "f")] + fn_params(fn)
    out = [f"NimClosure t_make_{type.id}(uint64_t seed);\n",
           f"static void fill_{type.id}(NimClosure *x, uint64_t seed)\n{{\n    *x = t_make_{type.id}(seed);\n}}\n",
           prototype(f"t_call_{type.id}", params, fn.result) + ";\n",
           f"static void check_{type.id}(NimClosure const *x, uint64_t s, const char *what)\n{{\n"]
    args = ["*x"]
    for i, t in enumerate(fn.params):
        out.append(f"    {t.type.c} c{i};\n    {fill(t.type, f'c{i}', f'rt_mix(s, {i})')}\n")
        args.append(f"c{i}")
    receive = ""
    if fn.result:
        out.append(f"    {fn.result.c} r;\n    memset(&r, 0x5a, sizeof r);\n")
        receive = "" if fn.result.by_address else "r = "
        args += ["r"] if fn.result.by_address else []
    out.append(f"    rt_hold(s);\n    rt_dirty();\n    {receive}t_call_{type.id}({', '.join(args)});\n"
               "    rt_release(what);\n")
    if fn.result:
        out.append("    " + check(fn.result, "&r", "rt_mix(s, 100)", what) + "\n")
    return "".join(out) + "}\n\n"


# ---- implementations ---------------------------------------------------------------------------

def callee_text(f):
    what = f"{f.name} in C"
    out = [prototype(f.name, params_of(f), f.result) + ";\n"]
    out.append(prototype(f.name, params_of(f), f.result) + "\n{\n    uint64_t s = rt_seed;\n    (void)s;\n")
    declaration, address, back = result_parts(f.result)
    out.append(declaration)
    if address:
        out.append(f"    fill_{f.result.id}(({f.result.c} *){address}, rt_mix(s, 999));\n")
    out.append(f"    rt_enter({f.number});\n")
    after = []
    for i, p in enumerate(f.params):
        seed, place = f"rt_mix(s, {i})", f"{what}, {p.name}"
        if p.mode == "value":
            out.append("    " + check(p.type, p.name if p.type.by_address else f"&{p.name}", seed, place) + "\n")
            if not p.type.by_address:
                after.append(f"    rt_scrub(&{p.name}, sizeof {p.name});\n")
        elif p.mode in ("ptr", "mutptr"):
            out.append(f"    if (is_null(s, {i}))\n        rt_expect(!{p.name}, \"{place}: null\");\n"
                       f"    else\n        {check(p.type, p.name, seed, place)}\n")
            if p.mode == "mutptr":
                after.append(f"    if ({p.name})\n        fill_{p.type.id}({p.name}, rt_mix(s, {200 + i}));\n")
        elif p.mode in ("ref", "mutref"):
            out.append("    " + check(p.type, p.name, seed, place) + "\n")
            if p.mode == "mutref":
                after.append(f"    fill_{p.type.id}({p.name}, rt_mix(s, {200 + i}));\n")
        elif p.mode == "slice":
            out.append(check_argument(p, p.name, i, what))
    out += [invoke_text(f, p, i) for i, p in enumerate(f.params) if p.mode == "callback"]
    out += after
    if address:
        out.append(f"    fill_{f.result.id}(({f.result.c} *){address}, rt_mix(s, 100));\n")
    out.append(back + "}\n\n")
    return "".join(out)


# ---- callers -----------------------------------------------------------------------------------

def aliases_of(f):
    """How the result may meet a parameter: (kind, index)."""
    if not f.result:
        return []
    out = []
    for i, p in enumerate(f.params):
        if p.type is f.result:
            if p.mode == "value":
                out.append(("value", i))
            elif p.mode in ("ref", "mutref"):
                out.append(("pointer", i))
    return out


def caller_text(f, prefix, variant, alias=None):
    what = f"{prefix}{f.name} from C" + (f", {alias[0]} alias" if alias else "")
    out = [f"static void call_{prefix}{f.name}_{variant}(uint64_t round)\n{{\n"
           f"    rt_begin({f.number}, round);\n    uint64_t s = rt_seed;\n    int64_t invocations = 0;\n"
           "    (void)s;\n"]
    args, after = [], []
    for i, p in enumerate(f.params):
        seed, name = f"rt_mix(s, {i})", p.name
        aliased = alias and alias[1] == i
        if p.mode == "value":
            out.append(f"    {p.type.c} {name};\n    memset(&{name}, 0, sizeof {name});\n"
                       f"    {fill(p.type, name, seed)}\n")
            args.append(name)
            if not aliased:
                after.append("    " + check(p.type, f"&{name}", seed, f"{what}, {name} after") + "\n")
        elif p.mode in ("ptr", "mutptr", "ref", "mutref"):
            nullable = p.mode in ("ptr", "mutptr")
            out.append(f"    {p.type.c} {name};\n    memset(&{name}, 0, sizeof {name});\n"
                       f"    {fill(p.type, name, seed)}\n")
            args.append(f"is_null(s, {i}) ? NULL : &{name}" if nullable else f"&{name}")
            if not aliased:
                final = f"rt_mix(s, {200 + i})" if p.mode.startswith("mut") else seed
                guard = f"    if (!is_null(s, {i}))\n    " if nullable else ""
                after.append(guard + "    " + check(p.type, f"&{name}", final, f"{what}, {name} after") + "\n")
        elif p.mode == "slice":
            out.append(f"    {p.type.c} {name}[6];\n    size_t {name}_len = slice_length(s, {i});\n"
                       f"    memset({name}, 0, sizeof {name});\n"
                       f"    for (size_t k = 0; k < {name}_len; k++)\n        "
                       f"fill_{p.type.id}(&{name}[k], rt_mix({seed}, k));\n")
            args += [name, f"{name}_len"]
        elif p.mode == "callback":
            fn = p.type
            out.append(f"    uint64_t {name}_seed = rt_mix(s, 300);\n    rt_callback_seed = {name}_seed;\n"
                       f"    invocations += is_null(s, {i}) ? 0 : 2;\n    (void){name}_seed;\n")
            code = f"is_null(s, {i}) ? NULL : {fn.id}_code"
            if fn.closure:
                args.append(f"({fn.id}){{{code}, rt_value(rt_mix(s, {450 + i})) & 1 ? &{name}_seed : NULL}}")
            else:
                args.append(code)
        elif p.mode == "data":
            args.append(f"&{p.partner.name}_seed")
    receive = ""
    if f.result:
        if alias:
            target = f.params[alias[1]].name
        else:
            target = "r"
            out.append(f"    {f.result.c} r;\n    memset(&r, 0x5a, sizeof r);\n")
        final = "rt_mix(s, 0)" if f.lent else "rt_mix(s, 100)"
        after.append("    " + check(f.result, f"&{target}", final, f"{what}, result") + "\n")
        if f.result.by_address:
            args.append(target)
        else:
            receive = f"{target} = "
    seeds = [l for l in out if "_seed = rt_mix" in l]
    rest = [l for l in out[1:] if l not in seeds]
    call = f"    rt_dirty();\n    {receive}{prefix}{f.name}({', '.join(args)});\n"
    return (out[0] + "".join(seeds + rest) + call
            + f"    rt_end(invocations, \"{what}\");\n" + "".join(after) + "}\n\n")


def callers(functions, prefix):
    """(text, names) of all callers of thunks with this prefix."""
    text, names = [], []
    for f in functions:
        if not f.to_nim:
            continue
        text.append(prototype(prefix + f.name, params_of(f), f.result) + ";\n")
        variants = [None] + [a for a in aliases_of(f) if not f.result.by_address]
        for k, alias in enumerate(variants):
            text.append(caller_text(f, prefix, k, alias))
            names.append(f"call_{prefix}{f.name}_{k}")
    return "".join(text), names


def c_text(interface):
    """The whole C side."""
    out = [f"/* Made from seed {interface.seed}. */\n#include \"rt.h\"\n\n",
           "#include <pthread.h>\n#include <stdio.h>\n\n"]
    for type in interface.pool.types:
        if type.decl_c:
            out.append(type.decl_c + "\n")
    out.append("\nstatic inline bool is_null(uint64_t s, uint64_t i)\n{\n"
               "    return rt_value(rt_mix(s, 400 + i)) % 4 == 0;\n}\n"
               "static inline size_t slice_length(uint64_t s, uint64_t i)\n{\n"
               "    return rt_value(rt_mix(s, 500 + i)) % 6;\n}\n\n")
    for type in interface.pool.types:
        if type in interface.traced:
            out.append(f"{type.c} t_make_{type.id}(uint64_t seed);\n"
                       f"static void fill_{type.id}({type.c} *x, uint64_t seed)\n"
                       f"{{\n    *x = t_make_{type.id}(seed);\n}}\n")
        out.append(type.body_c)
    out += [fn_decl(fn) for fn in interface.fn_types]
    out += [callback_text(fn) for fn in interface.fn_types]
    out += [raw_closure_text(type) for type in interface.raw_closures]
    out += [callee_text(f) for f in interface.functions if f.to_c]
    text, names = callers(interface.functions, "t_")
    out.append(text)
    hooked = [f for f in interface.functions if f.foreign_threads][::4]
    text, hooked_names = callers(hooked, "h_")
    out.append(f"#ifdef RT_THREADS\n{text}#endif\n")
    out.append("typedef void caller(uint64_t round);\nstatic caller *const callers[] = {\n    "
               + ",\n    ".join(names) + "\n};\n")
    out.append("#ifdef RT_THREADS\nstatic caller *const hooked[] = {\n    "
               + ",\n    ".join(hooked_names) + "\n};\n#endif\n")
    out.append(MAIN.replace("@SEED@", str(interface.seed))
               .replace("@COUNT@", str(len(interface.functions))))
    return "".join(out)


MAIN = r"""
#define COUNT_OF(x) (sizeof(x) / sizeof(x)[0])
void NimMain(void);
void n_run(uint64_t round);
void n_stack_bottom(void *bottom);

#ifdef RT_THREADS
static void *call_hooked(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT_OF(hooked); i++)
        hooked[i](1000 + i);
    return NULL;
}

/* The first thunk calls NimMain; later ones let foreign threads in. */
static void start(void)
{
    call_hooked(NULL);
    for (int i = 0; i < 3; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, call_hooked, NULL);
        pthread_join(thread, NULL);
    }
}
#else
static void start(void)
{
    NimMain();
}
#endif

int main(void)
{
    int64_t from_c = 0;
    setvbuf(stdout, NULL, _IONBF, 0);
    start();
    n_stack_bottom(&from_c);
    for (uint64_t round = 0; round < 5; round++)
        for (size_t i = 0; i < COUNT_OF(callers); i++)
            callers[i](round);
    from_c = rt_calls;
    for (uint64_t round = 0; round < 5; round++)
        n_run(100 + round);
    printf("seed @SEED@: @COUNT@ procs, %ld calls from C, %ld from Nim, %ld mismatches\n", (long)from_c,
           (long)(rt_calls - from_c), (long)rt_mismatches);
    return rt_mismatches != 0;
}
"""
