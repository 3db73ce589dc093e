"""Statements L and N: where abide says that things lie is where C compilers have them."""
import re

from support import (COLUMNS, SPECIFICATION, TARGETS, WIDE, answers, asserts_hold, check, check_equal,
                     fail, interface, refused, statement)

# What the worked layouts of the specification are in C.
IN_C = {
    "{variant: {int: size, float: f64}}": "SYS_VARIANT(uint8_t, size_t c_int; double c_float;)",
    "{variant: {a: , b: , c: }}": "uint8_t",
    "{variant: {a: u8, b: }, tag: u16}": "SYS_VARIANT(uint16_t, uint8_t c_a;)",
    "{variant: {io: i32, lost: }, open: {size: 56, align: 8}}": "SYS_OPEN_VARIANT(56, 8, int32_t c_io;)",
    "{flags: [a, b, c]}": "uint8_t",
    "string": "sys_str",
    "utf16": "sys_str16",
    "own utf16": "sys_string16",
    "slice<f64>": "SYS_SLICE(double)",
    "own string": "sys_string",
    "box<u64>": "SYS_BOX(uint64_t)",
    "callback (n u32)": "SYS_CLOSURE(void, (uint32_t, void *))",
    "own callback (n u32)": "SYS_OWN_CLOSURE(void, (uint32_t, void *))",
    "option<u32>": "struct { uint8_t tag; union { uint32_t c_some; } payload; }",
    "option<u64>": "struct { uint8_t tag; union { uint64_t c_some; } payload; }",
    "option<ref<u64>>": "const uint64_t *",
    "option<string>": "sys_str",
    "option<option<string>>": "struct { uint8_t tag; union { sys_str c_some; } payload; }",
    "result<i32, own string>": "struct { uint8_t tag; union { int32_t c_ok; sys_string c_err; } payload; }",
    "result<unit, own string>": "sys_string",
}
MACHINE = {"bool": "_Bool", "u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "u64": "uint64_t",
           "i8": "int8_t", "i16": "int16_t", "i32": "int32_t", "i64": "int64_t", "f32": "float",
           "f64": "double", "c_char": "char", "c_short": "short", "c_int": "int", "c_long": "long",
           "c_longlong": "long long", "c_ulong": "unsigned long", "c_float": "float",
           "c_double": "double", "c_longdouble": "long double", "c_wchar": "wchar_t",
           "size": "size_t", "ssize": "intptr_t", "uptr": "uintptr_t"}


def offsets(answer):
    """Where the parts of a type lie, by the names that C knows them by, in bits."""
    found = {field["name"]: (field["offset_bits"], field["size_bits"]) for field in answer["fields"]}
    for case in answer.get("cases", []):
        if "payload" in found and case["fields"]:
            payload = case["fields"][0]
            found[f"payload.c_{case['name']}"] = (payload["offset_bits"], payload["size_bits"])
    return found


def assertions(index, answer, c_type):
    name = f"t{index}"
    lines = [f"typedef {c_type} {name};" if "(*)" not in c_type
             else f"typedef {c_type.replace('(*)', f'(*{name})')};",
             f"struct a{index} {{ char c; {name} t; }};",
             f'_Static_assert(sizeof({name}) == {answer["size_bytes"]}, "size of {name}");',
             f'_Static_assert(offsetof(struct a{index}, t) % {answer["align_bytes"]} == 0 && '
             f'offsetof(struct a{index}, t) == {answer["align_bytes"]}, "align of {name}");']
    for path, (offset_bits, size_bits) in offsets(answer).items():
        lines.append(f'_Static_assert(8 * offsetof({name}, {path}) == {offset_bits} && '
                     f'8 * sizeof((({name} *)0)->{path}) == {size_bits}, "{path} of {name}");')
    return lines


def same(pairs, targets=TARGETS, declare=None, c_before="", fields=None):
    """abide lays out each type (as an interface says it) as C compilers do its C type. Gives the answers."""
    types = dict(declare or {})
    types.update({f"t{index}": abstract for index, abstract in enumerate(pairs)})
    found = answers("layout", interface(types), list(targets))
    for target, answer in found.items():
        by_name = {entry["name"]: entry for entry in answer["types"]}
        lines = [c_before]
        for index, (abstract, c_type) in enumerate(pairs.items()):
            entry = by_name[f"t{index}"]
            if fields is not None:
                check_equal(f"{target}: parts of {abstract}",
                            [field["name"] for field in entry["fields"]], fields)
            lines += [f"/* {abstract} */", *assertions(index, entry, c_type)]
        asserts_hold(target, "\n".join(lines) + "\n")
    return {target: [next(entry for entry in answer["types"] if entry["name"] == f"t{index}")
                     for index in range(len(pairs))]
            for target, answer in found.items()}


@statement("L1")
def scalars():
    same(MACHINE)
    for target, entries in same({"bool": "_Bool", "size": "void *"}).items():
        check_equal(f"{target}: bytes of a bool", entries[0]["size_bytes"], 1)


@statement("L2")
def wide_and_narrow_scalars():
    same({"char": "uint32_t"})
    same({"f16": "uint16_t", "bf16": "uint16_t"}, targets=["x86_64-linux-gnu", "aarch64-linux-gnu"])
    same({"u128": "unsigned __int128", "i128": "__int128"}, targets=WIDE)
    for target in TARGETS:
        if target not in WIDE:
            refused("no-scalar", "layout", interface({"wide": "u128"}), "--abi", "system", "--target", target)


@statement("L3")
def pointers():
    same({"ptr<u8>": "const uint8_t *", "mutptr<u8>": "uint8_t *", "ref<f64>": "const double *",
          "mutref<f64>": "double *", "ptr<void>": "void *", "cstring": "const char *",
          "fn(i32) -> i32": "int32_t (*)(int32_t)", "own file": "struct file *",
          "borrow file": "struct file *"},
         declare={"file": "{resource: file_close}"}, c_before="struct file;")


@statement("L4")
def aggregates():
    same({"{struct: {a: u8, b: u64, c: u16, d: f64}}": "struct { uint8_t a; uint64_t b; uint16_t c; double d; }",
          "{struct: {s: string, n: u8}}": "struct { sys_str s; uint8_t n; }",
          "{union: {a: u8, b: f64}}": "union { uint8_t a; double b; }"})
    types = {"pair": "tuple<u8, f64>", "row": "array<pair, 3>", "key": "bytes<32>"}
    for target, answer in answers("layout", interface(types), list(TARGETS)).items():
        pair, row, key = answer["types"]
        asserts_hold(target, f"""
struct pair {{ uint8_t a; double b; }};
_Static_assert(sizeof(struct pair) == {pair["size_bytes"]}, "size");
_Static_assert(8 * offsetof(struct pair, b) == {pair["fields"][1]["offset_bits"]}, "offset");
_Static_assert(sizeof(struct pair[3]) == {row["size_bytes"]} && {key["size_bytes"]} == 32, "arrays");
""")


@statement("L5")
def newtypes():
    same({"{newtype: f64}": "double", "{newtype: string}": "sys_str", "{newtype: bytes<5>}": "struct { char c[5]; }",
          "{newtype: option<u32>}": IN_C["option<u32>"]})


@statement("L6")
def enums():
    same({"{enum: [a, b]}": "uint32_t", "{enum: [a, b], base: u8}": "uint8_t",
          "{enum: {low: -1, high: 1}, base: i16}": "int16_t", "{enum: [a], base: u64, open: true}": "uint64_t"})


@statement("L7")
def flags():
    def of(count):
        return "{flags: [" + ", ".join(f"f{bit}" for bit in range(count)) + "]}"
    same({of(1): "uint8_t", of(8): "uint8_t", of(9): "uint16_t", of(16): "uint16_t", of(17): "uint32_t",
          of(33): "uint64_t", of(64): "uint64_t", "{flags: [a, b], base: u32, open: true}": "uint32_t",
          "{flags: {a: 0, high: 31}}": "uint32_t"})


@statement("L8")
def borrowed_sequences():
    same({"slice<f64>": "SYS_SLICE(double)", "mutslice<u16>": "SYS_MUTSLICE(uint16_t)", "bytes": "sys_bytes",
          "string": "sys_str", "string0": "sys_str", "slice<string>": "SYS_SLICE(sys_str)"}, fields=["ptr", "len"])


@statement("L10")
def owned_sequences():
    same({"own slice<f64>": "SYS_OWN_SLICE(double)", "own bytes": "sys_own_bytes", "own string": "sys_string",
          "own string0": "sys_string", "own slice<own string>": "SYS_OWN_SLICE(sys_string)"},
         fields=["ptr", "len", "owner"])


@statement("L11")
def boxes():
    same({"box<u64>": "SYS_BOX(uint64_t)", "box<string>": "SYS_BOX(sys_str)"}, fields=["ptr", "owner"])


@statement("L12")
def closures():
    same({"closure(i32) -> bool": "SYS_CLOSURE(_Bool, (int32_t, void *))",
          "callback (text string)": "SYS_CLOSURE(void, (const uint8_t *, size_t, void *))"}, fields=["fn", "env"])


@statement("L22")
def closures_that_are_given_away():
    own = {"own closure(i32) -> bool": "SYS_OWN_CLOSURE(_Bool, (int32_t, void *))",
           "once callback (text string)": "SYS_OWN_CLOSURE(void, (const uint8_t *, size_t, void *))"}
    same(own, fields=["fn", "env", "drop"])
    same({"own named": own["own closure(i32) -> bool"], "once named": own["own closure(i32) -> bool"]},
         declare={"named": "closure(i32) -> bool"}, fields=["fn", "env", "drop"])


@statement("L23")
def texts_of_sixteen_bits():
    same({"string16": "SYS_SLICE(uint16_t)", "utf16": "sys_str16"}, fields=["ptr", "len"])
    same({"own string16": "SYS_OWN_SLICE(uint16_t)", "own utf16": "sys_string16"}, fields=["ptr", "len", "owner"])


def many(count, payload=""):
    return "{variant: {" + ", ".join(f"c{case}: {payload if case == 0 else ''}" for case in range(count)) + "}}"


@statement("L13")
def closed_variants():
    numbers = "{variant: {int: size, float: f64}}"
    found = same({numbers: IN_C[numbers], many(256, "u8"): "SYS_VARIANT(uint8_t, uint8_t c_c0;)",
                  many(257, "u8"): "SYS_VARIANT(uint16_t, uint8_t c_c0;)",
                  "{variant: {a: u8}, tag: u32}": "SYS_VARIANT(uint32_t, uint8_t c_a;)",
                  "{variant: {deep: {struct: {a: u8, b: u64}}, text: string, none: }}":
                      "SYS_VARIANT(uint8_t, struct { uint8_t a; uint64_t b; } c_deep; sys_str c_text;)"},
                 fields=["tag", "payload"])
    for target, entries in found.items():
        check_equal(f"{target}: discriminant of numbers", entries[0]["discriminant"],
                    {"offset_bits": 0, "size_bits": 8, "type": "u8"})
        check_equal(f"{target}: tags", [case["value"] for case in entries[4]["cases"]], [0, 1, 2])


@statement("L14")
def bare_sums():
    found = same({many(3): "uint8_t", many(257): "uint16_t", "{variant: {a: , b: }, tag: u32}": "uint32_t",
                  "option<unit>": "uint8_t", "result<unit, unit>": "uint8_t"})
    for target, entries in found.items():
        for entry in entries:
            check_equal(f"{target}: offset of the tag", entry["discriminant"]["offset_bits"], 0)
            check_equal(f"{target}: bytes", 8 * entry["size_bytes"], entry["discriminant"]["size_bits"])


@statement("L15")
def open_variants():
    roomy = "{variant: {io: i32, lost: }, open: {size: 56, align: 8}}"
    more = "{variant: {io: i32, lost: , text: {struct: {s: own string, n: u64}}}, open: {size: 56, align: 8}}"
    same({roomy: IN_C[roomy], more: "SYS_OPEN_VARIANT(56, 8, int32_t c_io; struct { sys_string s; uint64_t n; } c_text;)",
          "{variant: {a: , b: }, open: {size: 3, align: 1}}": "SYS_OPEN_VARIANT(3, 1,)",
          "{variant: {a: u8}, open: {size: 64, align: 32}}": "SYS_OPEN_VARIANT(64, 32, uint8_t c_a;)"},
         fields=["tag", "payload"])
    small = interface({"cut": "{variant: {a: u64}, open: {size: 4, align: 4}}"})
    refused("reserve-too-small", "layout", small, "--abi", "system", "--target", "x86_64-linux-gnu")


@statement("L16")
def options():
    found = same({"option<u32>": IN_C["option<u32>"], "option<u64>": IN_C["option<u64>"],
                                "option<bool>": "struct { uint8_t tag; union { _Bool c_some; } payload; }"},
                 fields=["tag", "payload"])
    for target, entries in found.items():
        for entry in entries:
            check_equal(f"{target}: cases", [(case["name"], case["value"]) for case in entry["cases"]],
                        [("none", 0), ("some", 1)])


@statement("L17")
def results():
    text = "result<i32, own string>"
    status = "struct { uint8_t tag; union { uint32_t c_err; } payload; }"
    found = same({text: IN_C[text], "result<unit, u32>": status,
                  "result<u32, unit>": status.replace("c_err", "c_ok")}, fields=["tag", "payload"])
    for target, entries in found.items():
        for entry in entries:
            check_equal(f"{target}: cases", [(case["name"], case["value"]) for case in entry["cases"]],
                        [("ok", 0), ("err", 1)])


@statement("L18")
def recursive_types():
    tree = {"tree": "{struct: {value: u32, left: option<box<tree>>, more: own slice<tree>, up: ptr<tree>}}",
            "list": "{variant: {end: , cell: {struct: {head: i32, tail: box<list>}}}}"}
    before = """
typedef struct tree tree; typedef SYS_BOX(tree) tree_box; typedef SYS_OWN_SLICE(tree) trees;
struct tree { uint32_t value; tree_box left; trees more; const tree *up; };
typedef struct list list; typedef SYS_BOX(list) list_box;
struct list { uint8_t tag; union { struct { int32_t head; list_box tail; } c_cell; } payload; };"""
    same({"tree": "tree", "list": "list"}, declare=tree, c_before=before)
    for held in ("option<bad>", "array<bad, 2>", "tuple<bad, u8>"):
        refused("cyclic-type", "layout", interface({"bad": "{struct: {inner: " + held.replace(",", ";") + "}}"}),
                "--abi", "system", "--target", "x86_64-linux-gnu")


def worked_layouts():
    with open(SPECIFICATION, encoding="utf-8") as file:
        table = file.read().split("<!-- worked layouts -->")[1].split("<!-- end -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]
    return rows[0], rows[2:]


def parse_cell(cell):
    """"16/8: tag 0, payload 8" as size, alignment and offsets in bytes."""
    match = re.fullmatch(r"(\d+)/(\d+)(?:: (.*))?", cell)
    parts = [part.split() for part in match[3].split(", ")] if match[3] else []
    return int(match[1]), int(match[2]), {name: int(offset) for name, offset in parts}


@statement("L19")
def worked():
    heading, rows = worked_layouts()
    columns = heading[1:]
    check_equal("columns", columns, list(COLUMNS))
    abstract = [row[0].strip("`") for row in rows]
    check(len(abstract) > 10, "the table of worked layouts is not there")
    for name in abstract:
        if name not in IN_C:
            fail(f"{name} has no C type in layouts.py")
            return
    found = same({name: IN_C[name] for name in abstract})
    for index, row in enumerate(rows):
        for column, cell in zip(columns, row[1:], strict=True):
            size_bytes, align_bytes, parts = parse_cell(cell)
            for target in COLUMNS[column]:
                entry = found[target][index]
                seen = {field["name"]: field["offset_bits"] // 8 for field in entry["fields"]}
                check_equal(f"{row[0]} on {target}", (entry["size_bytes"], entry["align_bytes"], seen),
                            (size_bytes, align_bytes, parts))


NICHES = {"ref<u64>": "const uint64_t *", "mutref<u8>": "uint8_t *", "fn(i32) -> i32": "int32_t (*)(int32_t)",
          "cstring": "const char *", "own file": "struct file *", "borrow file": "struct file *",
          "closure(i32) -> bool": "SYS_CLOSURE(_Bool, (int32_t, void *))", "box<u64>": "SYS_BOX(uint64_t)",
          "string": "sys_str", "string0": "sys_str", "own string": "sys_string", "bytes": "sys_bytes",
          "utf16": "sys_str16",
    "own utf16": "sys_string16",
    "slice<f64>": "SYS_SLICE(double)", "mutslice<f64>": "SYS_MUTSLICE(double)",
          "own slice<f64>": "SYS_OWN_SLICE(double)", "named": "sys_str", "one": "sys_str"}
NICHE_TYPES = {"file": "{resource: file_close}", "named": "{newtype: string}", "one": "{struct: {text: string}}",
               "two": "{struct: {text: string, n: u8}}"}


@statement("N1")
def which_have_a_niche():
    found = same({f"option<{name}>": c_type for name, c_type in NICHES.items() if name != "one"},
                 declare=NICHE_TYPES, c_before="struct file;")
    for target, entries in found.items():
        for name, entry in zip(NICHES, entries):
            check("discriminant" not in entry, f"{target}: option<{name}> has a tag")
    none = {"ptr<u64>": "const uint64_t *", "mutptr<u8>": "uint8_t *", "bool": "_Bool", "two": "struct { sys_str t; uint8_t n; }"}
    found = same({f"option<{name}>": f"struct {{ uint8_t tag; union {{ {c_type} c_some; }} payload; }}".replace("* c_", "*c_")
                  for name, c_type in none.items()}, declare=NICHE_TYPES)
    for target, entries in found.items():
        for name, entry in zip(none, entries):
            check("discriminant" in entry, f"{target}: option<{name}> has no tag")
    one = answers("layout", interface({**NICHE_TYPES, "maybe": "option<one>"}), list(TARGETS))
    for target, answer in one.items():
        sizes = {entry["name"]: entry["size_bytes"] for entry in answer["types"]}
        check_equal(f"{target}: option<one>", sizes["maybe"], sizes["one"])


@statement("N2")
def niche_options():
    found = same({"option<string>": "sys_str", "option<own string>": "sys_string", "option<ref<u8>>": "const uint8_t *"})
    for target, entries in found.items():
        for entry in entries:
            check_equal(f"{target}: niche", entry.get("niche"),
                        {"case": "none", "offset_bits": 0, "size_bits": 64 if target in WIDE else 32, "value": 0})


@statement("N3")
def niche_results():
    found = same({"result<unit, own string>": "sys_string", "result<unit, box<u32>>": "SYS_BOX(uint32_t)"})
    for target, entries in found.items():
        for entry in entries:
            check_equal(f"{target}: case of the null pointer", entry.get("niche", {}).get("case"), "ok")
    same({"result<string, unit>": "struct { uint8_t tag; union { sys_str c_ok; } payload; }",
          "result<u8, own string>": "struct { uint8_t tag; union { uint8_t c_ok; sys_string c_err; } payload; }"})


@statement("N6")
def sums_have_no_niche():
    nested = "struct { uint8_t tag; union { sys_str c_some; } payload; }"
    same({"option<option<string>>": nested, "option<result<unit, own string>>": nested.replace("sys_str ", "sys_string "),
          "result<unit, option<string>>": nested.replace("c_some", "c_err")})
