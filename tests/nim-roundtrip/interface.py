"""A random interface: a pool of types around every limit, and functions that use all of them."""
import random
from dataclasses import dataclass

from model import (Arg, BY_ID, CSTRING, F32, F64, FnType, LONGDOUBLE, POINTER, SCALARS, Pool, Type,
                   layout)

SIZES = [1, 2, 3, 4, 7, 8, 9, 12, 15, 16, 17, 20, 23, 24, 25, 31, 32, 33, 40, 56]
CONVENTIONS = ["cdecl", "stdcall", "safecall", "syscall", "noconv"]


@dataclass
class Param:
    """mode: value, ptr, mutptr, ref, mutref, slice, callback, data"""
    name: str
    type: object
    mode: str
    facts: tuple = ()
    partner: "Param" = None  # of a callback its data, and the other way round


@dataclass
class Function:
    number: int
    name: str
    params: list
    result: Type
    convention: str
    to_nim: bool = True  # C calls the Nim implementation
    to_c: bool = True    # Nim calls the C implementation
    foreign_threads: bool = True
    lent: bool = False   # the result is the first parameter itself


class Interface:
    def __init__(self, seed, count):
        self.seed = seed
        self.rng = random.Random(seed)
        self.pool = Pool(self.rng)
        self.values = []    # types that may be passed by value, both ways
        self.results = []   # types that must come back from some function
        self.traced = []
        self.fn_types = []
        self.functions = []
        self.make_types()
        self.make_traced()
        self.raw_closures = [self.make_raw_closure() for _ in range(3)]
        for _ in range(max(4, count // 6)):
            self.fn_types.append(self.make_fn_type())
        self.make_functions(count)

    # ---- types --------------------------------------------------------------------------------

    def leaf(self, max_align=8, small=False):
        """A field of a struct that aims at a size."""
        rng = self.rng
        if max_align == 1 or small:
            choice = [t for t in SCALARS if t.align <= max_align]
            return rng.choice(choice)
        choice = rng.random()
        if choice < 0.7:
            return rng.choice([t for t in SCALARS if t.align <= max_align])
        if choice < 0.78:
            return rng.choice([POINTER, CSTRING])
        return rng.choice([t for t in self.pool.types
                           if t.align <= max_align and t.size <= 24 and t.same and not t.traced
                           and t.kind in ("enum", "set", "array", "struct", "tuple", "distinct")])

    def sized_fields(self, size):
        """Fields of a struct of exactly `size` bytes."""
        max_align = next(a for a in (8, 4, 2, 1) if size % a == 0)
        while True:
            fields = []
            while layout(fields)[0] < size:
                fields.append((f"f{len(fields)}", self.leaf(max_align)))
                if self.rng.random() < 0.2 and size - layout(fields)[0] >= 3:
                    left = size - layout(fields)[0]
                    element = self.leaf(max_align, small=True)
                    count = self.rng.randint(1, max(1, left // element.size))
                    if element.size * count <= left:
                        fields.append((f"f{len(fields)}", self.pool.array(element, count)))
            if layout(fields)[0] == size:
                return fields

    def miscounted_sets(self):
        """20 bytes, of which Nim 1.6 thinks that they are 40."""
        big, byte = self.pool.bitset(self.rng.randint(65, 72)), BY_ID["u8"]
        return self.pool.record([("a", byte), ("b", big), ("c", byte), ("d", big)], "Nested")

    def make_types(self):
        rng, pool = self.rng, self.pool
        enums = [pool.enum([0, 1, 2], base="u8"), pool.enum([0, 1, 5, 200], stored="u8"),
                 pool.enum([0, 3, 300], base="u16"), pool.enum([1, 2, 70000], stored="i32"),
                 pool.enum([-5, 0, 7], stored="i32"), pool.enum([0, 1000, 40000], stored="u16"),
                 pool.enum([-2, 2, 100000], base="i32"), pool.enum([0, 9, 1 << 40], base="i64")]
        sets = [pool.bitset(n, rng.choice([0, 0, 5]) if n < 200 else 0)
                for n in rng.sample([1, 3, 8], 2) + rng.sample([9, 16, 17, 31], 2)
                + rng.sample([32, 33, 64], 2) + rng.sample([65, 72, 100, 128], 2) + [256]]
        arrays = [pool.array(rng.choice(SCALARS), n) for n in rng.sample(range(1, 10), 4)]
        structs = []
        for size in sorted(rng.sample(SIZES, 10) + [23, 24, 25, 32, rng.choice([64, 100, 264])]):
            structs.append(pool.record(self.sized_fields(size)))
        floats = [pool.record([(f"f{i}", element) for i in range(n)], "Floats")
                  for element, n in [(F32, rng.randint(1, 4)), (F64, rng.randint(1, 4)), (F32, 5),
                                     (F64, 3), (F64, 4)]]
        floats.append(pool.record([("a", floats[0]), ("b", pool.array(F32, 2))], "Floats"))
        floats.append(pool.record([("a", pool.array(F64, rng.randint(1, 4)))], "Floats"))
        floats.append(pool.record([("a", F32), ("b", F64), ("c", F32)], "Floats"))
        small = [t for t in structs if t.size <= 16]
        arrays += [pool.array(rng.choice(small), rng.randint(1, 4)),
                   pool.array(rng.choice(arrays), 2)]
        nested = [pool.record([("a", rng.choice(small)), ("b", rng.choice(SCALARS)),
                               ("c", rng.choice(structs + floats))], "Nested"),
                  pool.record([("a", rng.choice(sets)), ("b", BY_ID["u8"]), ("c", rng.choice(sets[-3:]))],
                              "Nested"),
                  pool.record([("a", rng.choice(arrays)), ("b", rng.choice(enums))], "Nested"),
                  self.miscounted_sets(),
                  pool.record([("a", BY_ID["u8"]), ("b", enums[1]), ("c", rng.choice(SCALARS)),
                               ("d", enums[5])], "Converted"),
                  pool.record([("a", enums[1]), ("b", pool.array(F64, 3))], "Converted"),
                  pool.record([("a", BY_ID["i32"]), ("b", LONGDOUBLE)], "Long"),
                  pool.record([("p", POINTER), ("s", CSTRING), ("n", BY_ID["ssize"])], "Pointers")]
        same = [t for t in structs + floats if t.same]
        unions = [pool.union(rng.sample(SCALARS, 3)), pool.union(rng.sample(same, 2) + [F64]),
                  pool.union([F32, pool.array(F32, rng.randint(1, 6))]),
                  pool.record([("tag", BY_ID["i32"]), ("u", pool.union(rng.sample(same + SCALARS, 3)))], "Tagged")]
        variants = [pool.variant("u8", [[rng.choice(SCALARS)], rng.sample(SCALARS, 2), []]),
                    pool.variant("i32", [rng.sample(same + SCALARS, 2), [rng.choice(same)], rng.sample(SCALARS, 3)]),
                    pool.variant(rng.choice([None, "u8"]), [[F64], [BY_ID["i64"], BY_ID["i8"]]])]
        tuples = [pool.tuple([rng.choice(SCALARS + small) for _ in range(n)]) for n in (1, 2, 3, 5)]
        distincts = [pool.distinct(rng.choice(SCALARS)), pool.distinct(rng.choice(structs)),
                     pool.distinct(rng.choice(floats))]
        root = pool.record(self.sized_fields(rng.choice([4, 8, 12])), "Pure", ("inheritable", "pure"))
        middle = pool.record(self.sized_fields(rng.choice([1, 2, 8])), "Heir", base=root)
        heirs = [root, middle, pool.record([("last", rng.choice(SCALARS))], "Heir", base=middle)]
        header = pool.record([("a", rng.choice(SCALARS))], "Header", ("inheritable",))
        heirs += [header, pool.record(self.sized_fields(rng.choice([4, 16])), "Heir", base=header)]
        marked = [pool.record(self.sized_fields(rng.choice([25, 32, 40])), "Copied", ("bycopy",)),
                  pool.record(self.sized_fields(rng.choice([4, 16, 24])), "Referred", ("byref",)),
                  pool.record([], "Empty"),
                  pool.aligned([("a", rng.choice(SCALARS)), ("b", rng.choice(SCALARS)), ("c", F64)], 16),
                  pool.aligned([("a", BY_ID["u8"]), ("b", BY_ID["i8"]), ("c", rng.choice(SCALARS))], 32)]
        self.values = (enums + sets + arrays + structs + floats + nested + unions + variants
                       + tuples + distincts + heirs + marked + [LONGDOUBLE, CSTRING, POINTER])
        self.results = list(self.values)

    def make_traced(self):
        """Strings and seqs: C gets them from Nim, reads them, and hands them on."""
        pool = self.pool
        string = pool.add(Type("string", "raw<string>", "string", "NimString", 16, 8, "gc", traced=True))
        i32, element = BY_ID["i32"], self.rng.choice([t for t in self.values if t.kind == "struct"
                                                      and t.same and not t.miscounted])
        self.traced = [string]
        for target in (i32, element):
            id = f"Seq_{target.id}"
            self.traced.append(pool.add(Type(
                id, f"raw<own slice<{target.abi}>>", f"seq[{target.nim}]", "NimSeq", 16, 8, "gc",
                traced=True, parts=[target],
                body_c=f"static void check_{id}(const NimSeq *x, uint64_t seed, const char *what)\n{{\n"
                       f"    int64_t count = (int64_t)(rt_value(seed) % 5);\n"
                       f"    if (RT_SEQ_LENGTH(*x) != count) {{\n        rt_mismatch(what, \"{id}\");\n"
                       f"        return;\n    }}\n    for (int64_t i = 0; i < count; i++)\n"
                       f"        check_{target.id}(&RT_SEQ_ELEMENT(*x, {target.c})[i], "
                       f"rt_mix(seed, (uint64_t)i), what);\n}}\n",
                body_nim=f"proc fill_{id}(x: var seq[{target.nim}], seed: uint64) =\n"
                         f"  x = newSeq[{target.nim}](int(rt_value(seed) mod 5))\n"
                         f"  for i in 0 ..< x.len: fill_{target.id}(x[i], rt_mix(seed, uint64(i)))\n"
                         f"proc check_{id}(x: seq[{target.nim}], seed: uint64, what: cstring) =\n"
                         f"  if x.len != int(rt_value(seed) mod 5): rt_mismatch(what, \"{id}\")\n"
                         f"  else:\n    for i in 0 ..< x.len: "
                         f"check_{target.id}(x[i], rt_mix(seed, uint64(i)), what)\n")))

        id = pool.name("Ref")
        self.traced.append(pool.add(Type(
            id, id, id, f"{element.c} *", 8, 8, "gc", traced=True, parts=[element],
            decl_abi=f"{id}: {{newtype: mutptr<{element.abi}>, facts: [traced]}}",
            decl_nim=f"{id} = ref {element.nim}",
            body_c=f"static void check_{id}({element.c} *const *x, uint64_t seed, const char *what)\n{{\n"
                   f"    if (*x)\n        check_{element.id}(*x, seed, what);\n    else\n"
                   f"        rt_mismatch(what, \"{id}\");\n}}\n",
            body_nim=f"proc fill_{id}(x: var {id}, seed: uint64) =\n  new x\n  fill_{element.id}(x[], seed)\n"
                     f"proc check_{id}(x: {id}, seed: uint64, what: cstring) =\n"
                     f"  if x.isNil: rt_mismatch(what, \"{id}\")\n  else: check_{element.id}(x[], seed, what)\n")))

    def plain(self):
        """A type to pass by value: half scalars, half the rest."""
        return self.rng.choice(SCALARS if self.rng.random() < 0.4 else self.values)

    def make_raw_closure(self):
        """A closure of Nim that C keeps, calls through `invokes`, and hands back."""
        fn = self.make_fn_type(closure=True)
        for arg in fn.params:
            arg.mode = "value"
        self.fn_types.append(fn)
        id = f"Raw_{fn.id}"
        type = self.pool.add(Type(
            id, f"raw<{fn.id}>", fn.id, "NimClosure", 16, 8, "gc", traced=True,
            body_c=f"static void fill_{id}(NimClosure *x, uint64_t seed);\n"
                   f"static void check_{id}(NimClosure const *x, uint64_t s, const char *what);\n",
            body_nim=f"proc fill_{id}(x: var {fn.id}, seed: uint64)\n"
                     f"proc check_{id}(x: {fn.id}, s: uint64, what: cstring)\n"))
        type.fn = fn
        return type

    def fn_arg(self):
        mode = self.rng.choices(["value", "ref", "mutref", "slice"], [80, 6, 7, 7])[0]
        type = self.plain()
        return Arg(type, mode if type.same and type.size else "value")

    def make_fn_type(self, closure=None):
        rng = self.rng
        if closure is None:
            closure = rng.random() < 0.4
        params = [self.fn_arg() for _ in range(rng.randint(0, 4))]
        result = self.plain() if rng.random() < 0.8 else None
        data_at = None
        if not closure:
            data_at = rng.randint(0, len(params))
            if rng.random() < 0.25:  # needs no adapter, so it needs no data
                simple = [t for t in SCALARS if t.kind == "scalar"]
                params, data_at = [Arg(rng.choice(simple)) for _ in range(3)], None
                result = rng.choice(simple)
            else:
                params.insert(data_at, None)
        convention = None if closure else rng.choice([None, None, "cdecl", "nimcall", "stdcall"])
        return FnType(self.pool.name("Closure" if closure else "Callback"), params, result, data_at,
                      convention, closure)

    # ---- functions ----------------------------------------------------------------------------

    def param(self, index, wanted=None):
        rng = self.rng
        name = f"a{index}"
        if wanted:
            return Param(name, wanted, "value")
        mode = rng.choices(["value", "ptr", "mutptr", "mutref", "ref", "slice"],
                           [70, 5, 4, 8, 4, 9])[0]
        type = self.plain()
        if mode != "value" and (not type.same or type.kind == "gc"):
            mode = "value"
        if mode == "slice" and type.size == 0:
            mode = "value"
        facts = ("sink",) if mode == "value" and rng.random() < 0.08 else ()
        return Param(name, type, mode, facts)

    def add_callable(self, params, fn):
        name = f"f{len(params)}x"
        function = Param(name, fn, "callback")
        at = self.rng.randint(0, len(params))
        params.insert(at, function)
        if fn.data_at is not None:
            data = Param(f"{name}data", POINTER, "data", partner=function)
            function.partner = data
            params.insert(self.rng.randint(0, len(params)), data)

    def make_functions(self, count):
        rng = self.rng
        wanted_params, wanted_results = list(self.values), list(self.results)
        rng.shuffle(wanted_params)
        rng.shuffle(wanted_results)
        callables = list(self.fn_types)
        for number in range(1, count + 1):
            params = []
            many = rng.random() < 0.15
            if wanted_params:
                params.append(self.param(0, wanted_params.pop()))
            for _ in range(rng.randint(9, 16) if many else rng.choice([0, 0, 1, 1, 2, 3, 4, 5])):
                params.append(self.param(len(params)))
            result = wanted_results.pop() if wanted_results and rng.random() < 0.9 else None
            if not result and rng.random() < 0.6:
                result = self.plain()
            large = result is not None and result.size > 24
            if result and rng.random() < (0.8 if large else 0.4):  # for x = f(x) and x = f(addr x)
                mode = "value" if not result.same else rng.choice(["value", "ref", "mutref"])
                params.append(Param(f"a{len(params)}", result, mode))
            rng.shuffle(params)
            if callables and rng.random() < 0.25 or len(callables) > count - number:
                self.add_callable(params, callables.pop())
                if callables and rng.random() < 0.3:
                    self.add_callable(params, callables.pop())
            convention = rng.choice(CONVENTIONS) if rng.random() < 0.4 else None
            self.functions.append(Function(number, f"p{number}", params, result, convention))
        self.make_traced_functions()
        self.make_lent_functions()

    def make_traced_functions(self):
        """Each traced type as a result, and as a parameter among others; some in structs."""
        rng, pool = self.rng, self.pool
        holder = pool.record([("a", rng.choice(SCALARS)), ("s", self.traced[0])], "Holder")
        big = pool.record([("s", self.traced[1]), ("b", pool.array(BY_ID["i64"], 4))], "Holder")
        ref = pool.record([("r", self.traced[3]), ("n", BY_ID["i32"])], "Holder")
        closure = pool.record([("n", BY_ID["u8"]), ("c", self.raw_closures[0])], "Holder")
        pair = pool.tuple([self.traced[0], BY_ID["i16"]])
        pair.kind = "gc"
        for type in self.traced + [holder, big, ref, closure, pair] + self.raw_closures:
            for convention in (None, "cdecl"):
                params = [self.param(i) for i in range(rng.randint(1, 4))]
                params = [p for p in params if "sink" not in p.facts]
                params.insert(rng.randint(0, len(params)), Param("g", type, "value"))
                number = len(self.functions) + 1
                self.functions.append(Function(number, f"p{number}", params, type, convention,
                                               foreign_threads=False))

    def make_lent_functions(self):
        """
        A result that is borrowed from the first parameter: Nim returns a pointer to it. (Of a bycopy parameter or
        a pointer that is a pointer to a local of the proc: such procs cannot be called right, not even by Nim.)
        """
        rng = self.rng
        wanted = [t for t in self.values if not t.by_address and t.size and not t.id.startswith("Copied")
                  and t not in (POINTER, CSTRING)]
        for type in rng.sample(wanted, 4):
            params = [Param("a0", type, "value")] + [self.param(i) for i in range(1, rng.randint(1, 4))]
            number = len(self.functions) + 1
            self.functions.append(Function(number, f"p{number}", params, type, rng.choice([None, "cdecl"]),
                                           to_c=False, lent=True))
