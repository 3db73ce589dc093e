"""The types of a file in C, as the specification says, and assertions of what abide says of them."""
from model import Array, Enum, Newtype, Record, Resource, Scalar, Sum, Word

C_SCALARS = {
    "bool": "_Bool", "char": "uint32_t", "f16": "_Float16", "f32": "float", "f64": "double", "size": "size_t",
    "ssize": "intptr_t", "uptr": "uintptr_t", "i128": "__int128", "u128": "unsigned __int128", "c_char": "char",
    "c_short": "short", "c_int": "int", "c_uint": "unsigned", "c_long": "long", "c_ulong": "unsigned long",
    "c_longlong": "long long", "c_double": "double", "c_longdouble": "long double", "c_wchar": "wchar_t",
}
C_SCALARS.update({f"{sign}{bits}": f"{word}{bits}_t" for sign, word in (("u", "uint"), ("i", "int"))
                  for bits in (8, 16, 32, 64)})


class Writer:
    def __init__(self):
        self.lines = ["#include <stddef.h>", "#include <stdint.h>", "#include <wchar.h>"]
        self.made = {}

    def struct(self, members):
        """A new typedef; `members`: (declaration of NAME with %s, name)."""
        name = f"x{len(self.made)}_{len(self.lines)}"
        self.lines.append(f"typedef struct {{ {' '.join(members)} }} {name};")
        return name

    def member(self, name, kind):
        return f"{self.name_of(kind)} {name};"

    def name_of(self, kind):
        """A C type name, declared by now. What a pointer points to does not matter."""
        kind = kind.inner()
        if id(kind) not in self.made:
            self.made[id(kind)] = (self.declare(kind), kind)
        return self.made[id(kind)][0]

    def declare(self, kind):
        if isinstance(kind, Scalar):
            return C_SCALARS[kind.name]
        if isinstance(kind, Enum):
            return C_SCALARS[kind.base]
        if isinstance(kind, Word):
            return self.word()
        if isinstance(kind, Array):
            element = self.name_of(kind.element)
            name = f"a{len(self.lines)}"
            self.lines.append(f"typedef {element} {name}[{kind.count}];")
            return name
        if isinstance(kind, Sum):
            return self.sum(kind)
        members = [self.member(name, part) for name, part in kind.parts()]
        if isinstance(kind, Record) and kind.word == "union":
            name = f"u{len(self.lines)}"
            self.lines.append(f"typedef union {{ {' '.join(members)} }} {name};")
            return name
        return self.struct(members)

    def word(self):
        return "voidp"

    def sum(self, kind):
        tag = C_SCALARS[kind.tag]
        if kind.is_bare:
            return tag
        payloads = [self.member(name, payload) for name, _, payload in kind.cases if payload]
        if kind.room:
            payloads.append(f"_Alignas({kind.room[1]}) unsigned char reserved[{kind.room[0]}];")
        return self.struct([f"{tag} tag;", f"union {{ {' '.join(payloads)} }} payload;"])


def source(types, facts):
    """A file that compiles if `facts` [(type, path, what, number)] hold."""
    writer = Writer()
    writer.lines.append("typedef void *voidp;")
    for kind in types:
        if not isinstance(kind, Resource):
            writer.lines.append(f"typedef {writer.name_of(kind)} {kind.name};")
    for name, path, what, number in facts:
        asked = {
            "size": f"sizeof({name})", "align": f"_Alignof({name})", "offset": f"offsetof({name}, {path})",
            "member": f"sizeof((({name} *)0)->{path})",
        }[what]
        writer.lines.append(f'_Static_assert({asked} == {number}, "{name} {path} {what}: abide says {number}");')
    return "\n".join(writer.lines) + "\n"
