"""The same types in Rust: repr(C) structs and unions, and repr(C, u8) enums, which are laid out alike."""
from model import Array, Enum, Record, Resource, Scalar, Sum, Word

RUST_SCALARS = {
    "size": "usize", "ssize": "isize", "uptr": "usize", "c_char": "c_char", "c_short": "c_short", "c_int": "c_int",
    "c_uint": "c_uint", "c_long": "c_long", "c_ulong": "c_ulong", "c_longlong": "c_longlong", "c_double": "c_double",
    "c_wchar": "i32", "c_longdouble": "LongDouble",
}
PRELUDE = """#![allow(dead_code, non_camel_case_types, unused_imports)]
use std::ffi::*;
use std::mem::{align_of, offset_of, size_of, size_of_val, zeroed};
/* Rust has no long double; on x86-64 it is 16 bytes, aligned to 16. */
#[repr(C, align(16))]
#[derive(Clone, Copy)]
pub struct LongDouble([u8; 16]);
/* Where a payload lies in its enum. */
fn distance<T, P>(whole: &T, payload: &P) -> usize {
    payload as *const P as usize - whole as *const T as usize
}
/* The integer that an enum starts with. */
fn tag<T, N: Copy>(whole: &T) -> N {
    unsafe { *(whole as *const T as *const N) }
}
"""


def raw(path):
    """`fn` is a keyword."""
    return ".".join("r#fn" if name == "fn" else name for name in path.split("."))


class Writer:
    def __init__(self):
        self.lines, self.checks = [PRELUDE], []
        self.made = {}

    def item(self, word, members, more=""):
        name = f"X{len(self.lines)}"
        self.lines.append(f"#[repr(C{more})] #[derive(Clone, Copy)] pub {word} {name} {{ {', '.join(members)} }}")
        return name

    def member(self, name, kind):
        return f"pub {raw(name)}: {self.name_of(kind)}"

    def name_of(self, kind):
        kind = kind.inner()
        if id(kind) not in self.made:
            self.made[id(kind)] = (self.declare(kind), kind)
        return self.made[id(kind)][0]

    def declare(self, kind):
        if isinstance(kind, Scalar):
            return RUST_SCALARS.get(kind.name, kind.name)
        if isinstance(kind, Enum):
            return kind.base
        if isinstance(kind, Word):
            return "*const c_void"
        if isinstance(kind, Array):
            return f"[{self.name_of(kind.element)}; {kind.count}]"
        if isinstance(kind, Sum):
            return self.sum(kind)
        members = [self.member(name, part) for name, part in kind.parts()]
        return self.item(kind.word if isinstance(kind, Record) else "struct", members)

    def sum(self, kind):
        if kind.is_bare:
            return kind.tag
        payloads = [self.member(name, payload) for name, _, payload in kind.cases if payload]
        if kind.room:
            payloads.append(f"pub reserved: {self.item('struct', [f'pub room: [u8; {kind.room[0]}]'], f', align({kind.room[1]})')}")
        payload = self.item("union", payloads)
        name = self.item("struct", [f"pub tag: {kind.tag}", f"pub payload: {payload}"])
        if not kind.room:
            self.enum(kind, name)
        return name

    def enum(self, kind, plain):
        """What Rust itself makes of the sum: the payload of each case where the union is, its tag in front."""
        name = f"E{len(self.lines)}"
        cases = [f"{case}({self.name_of(payload)}) = {tag}" if payload else f"{case} = {tag}"
                 for case, tag, payload in kind.cases]
        self.lines.append(f"#[repr(C, {kind.tag})] #[derive(Clone, Copy)] pub enum {name} {{ {', '.join(cases)} }}")
        self.checks.append(f"assert_eq!((size_of::<{name}>(), align_of::<{name}>()), "
                           f"(size_of::<{plain}>(), align_of::<{plain}>()), \"{name} and {plain}\");")
        for case, tag, payload in kind.cases:
            value = f"{name}::{case}" + ("(unsafe { zeroed() })" if payload else "")
            self.checks.append(f"let value = {value}; assert_eq!(tag::<_, {kind.tag}>(&value), {tag});")
            if payload:
                self.checks.append(f"if let {name}::{case}(ref p) = value "
                                   f"{{ assert_eq!(distance(&value, p), offset_of!({plain}, payload)); }}")


def source(types, facts):
    """A program that runs if `facts` [(type, path, what, number)] hold."""
    writer = Writer()
    for kind in types:
        if not isinstance(kind, Resource):
            writer.lines.append(f"pub type {kind.name} = {writer.name_of(kind)};")
    for name, path, what, number in facts:
        asked = {"size": f"size_of::<{name}>()", "align": f"align_of::<{name}>()",
                 "offset": f"offset_of!({name}, {raw(path)})"}.get(what)
        if asked:
            writer.lines.append(f'const _: () = assert!({asked} == {number}, "{name} {path} {what}: abide says {number}");')
    writer.lines.append("fn main() {")
    writer.lines += writer.checks
    return "\n".join(writer.lines + ["}", ""])
