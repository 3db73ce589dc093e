"""A C header as an interface file: every struct, union, enum, typedef and function of it, as clang reads them.

A tool of tests: it says what abide can say, lists what it cannot, and knows how to ask compilers about the same types.
The text is preprocessed for the target first, so that the headers of the target's own C library are read.
"""
import json
import os
import re
import subprocess
import sys

if not any(os.path.exists(os.path.join(path, "clang/cindex.py")) for path in sys.path):
    sys.path.append("/usr/lib/python3/dist-packages")  # where Debian has it for its own Python

from clang import cindex
from clang.cindex import CursorKind, TypeKind

cindex.Config.set_library_file("libclang-19.so.1")



def _kind(self):
    """The binding does not know all kinds that the library has: _Float16, __bf16."""
    try:
        return TypeKind.from_id(self._kind_id)
    except ValueError:
        return TypeKind.UNEXPOSED


cindex.Type.kind = property(_kind)

SCALARS = {
    TypeKind.BOOL: "bool", TypeKind.CHAR_S: "c_char", TypeKind.CHAR_U: "c_char", TypeKind.SCHAR: "c_schar",
    TypeKind.UCHAR: "c_uchar", TypeKind.SHORT: "c_short", TypeKind.USHORT: "c_ushort", TypeKind.INT: "c_int",
    TypeKind.UINT: "c_uint", TypeKind.LONG: "c_long", TypeKind.ULONG: "c_ulong", TypeKind.LONGLONG: "c_longlong",
    TypeKind.ULONGLONG: "c_ulonglong", TypeKind.INT128: "i128", TypeKind.UINT128: "u128", TypeKind.FLOAT: "f32",
    TypeKind.DOUBLE: "f64", TypeKind.LONGDOUBLE: "c_longdouble", TypeKind.FLOAT128: "f128", TypeKind.HALF: "f16",
    TypeKind.IBM128: "c_longdouble", TypeKind.WCHAR: "c_wchar",
}
SCALARS_BY_SPELLING = {"_Float16": "f16", "__fp16": None, "__bf16": "bf16", "unsigned __int128": "u128", "__int128": "i128"}
FLOATS = {"f16", "f32", "f64", "f128", "c_longdouble"}
NO_LANES = (TypeKind.BOOL, TypeKind.LONGDOUBLE, TypeKind.POINTER)
RESERVED = {  # words that interface files give a meaning
    "bool", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128", "f16", "bf16", "f32", "f64", "f80", "f128",
    "char", "size", "ssize", "uptr", "ptr", "mutptr", "ref", "mutref", "array", "vector", "complex", "slice", "string",
    "cstring", "box", "option", "result", "tuple", "bitset", "fn", "closure", "raw", "void", "own", "borrow", "seq", "out",
    "inout", "in", "from", "unit", "bytes", "string16", "once", "dyn", "mutslice", "string0", "callback", "newtype",
}
CONVENTIONS = re.compile(r"__attribute__\(\((stdcall|fastcall|thiscall|regparm\([0-9]\)|ms_abi|sysv_abi|vectorcall|regcall|"
                         r"pcs\([^)]*\)|aarch64_vector_pcs|cdecl|preserve_\w+|swiftcall|pascal)\)\)")


class Unsaid(Exception):
    """What an interface file cannot say, or this tool cannot find out."""


class Member:
    """A field of a record: `inner` is the record that is defined in place of its type."""

    def __init__(self, name, bits, entry, inner=None):
        self.name, self.bits, self.entry, self.inner = name, bits, entry, inner


class Record:
    """A struct or union with a name: how C calls it, and its members."""

    def __init__(self, name, c_name, keyword, members, facts):
        self.name, self.c_name, self.keyword, self.members, self.facts = name, c_name, keyword, members, facts

    def definition(self):
        return {self.keyword: [member.entry for member in self.members], **self.facts}

    def paths(self, prefix=""):
        """(path, member) of all members with a name, through records that are defined in place."""
        for member in self.members:
            if member.name:
                yield prefix + member.name, member
            if member.inner:
                yield from member.inner.paths(prefix + (member.name + "." if member.name else ""))


class Packing:
    """`#pragma pack` by line of the preprocessed text: what is in force where a record begins."""

    def __init__(self, text):
        self.changes = []
        stack, now = [], 0
        for number, line in enumerate(text.split("\n"), 1):
            found = re.match(r"\s*#\s*pragma\s+pack\s*\(\s*(.*?)\s*\)", line)
            if not found:
                continue
            for word in [word.strip() for word in found.group(1).split(",")]:
                if word == "push":
                    stack.append(now)
                elif word == "pop":
                    now = stack.pop() if stack else 0
                elif word == "":
                    now = 0
                elif word.isdigit():
                    now = int(word)
            self.changes.append((number, now))

    def at(self, line):
        now = 0
        for number, bytes_ in self.changes:
            if number > line:
                break
            now = bytes_
        return now


class Header:
    """What `read` found."""

    def __init__(self):
        self.types = {}       # name: definition, for the interface file
        self.records = []     # Record
        self.sizes = {}       # name of another type: how C calls it
        self.functions = {}   # name: (definition, c_name)
        self.unsaid = []      # (what, why)

    def interface(self):
        lines = ["abide: 1", "types:" if self.types else "types: {}"]
        lines += [f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in self.types.items()]
        lines += ["functions:" if self.functions else "functions: {}"]
        lines += [f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in self.functions.items()]
        return "\n".join(lines) + "\n"


class Transcriber:
    def __init__(self, text, unit):
        self.lines, self.unit = text.split("\n"), unit
        self.packing = Packing(text)
        self.header = Header()
        self.names = {}        # declaration: name
        self.states = {}       # declaration: "opaque", "said", "unsaid"
        self.taken = set(RESERVED)
        self.aligned = {}      # declaration without a tag: alignment of its name
        self.aligns = {}       # text of an attribute: bytes

    # --- names ---

    def name_of(self, decl, wish, kind):
        key = decl.get_usr() or decl.hash
        if key not in self.names:
            name = wish if wish not in self.taken else f"{kind}-{wish}"
            while name in self.taken:
                name += "_"
            self.taken.add(name)
            self.names[key] = name
        return self.names[key]

    @staticmethod
    def has_tag(decl):
        return bool(decl.spelling) and "(" not in decl.spelling and " " not in decl.spelling

    # --- attributes ---

    def text_of(self, cursor):
        start, end = cursor.extent.start, cursor.extent.end
        if start.line == end.line:
            return self.lines[start.line - 1][start.column - 1:end.column - 1]
        return " ".join([self.lines[start.line - 1][start.column - 1:], *self.lines[start.line:end.line - 1],
                         self.lines[end.line - 1][:end.column - 1]])

    def align_of_attribute(self, attribute):
        text = self.text_of(attribute)
        found = re.match(r"\s*(?:_*aligned_*|_Alignas|alignas)\s*(?:\((.*)\))?\s*$", text, re.S)
        if not found:
            raise Unsaid(f"alignment {text}")
        expression = found.group(1)
        if expression is None:
            expression = "__BIGGEST_ALIGNMENT__"
        if expression not in self.aligns:
            self.aligns[expression] = self.unit.evaluate(expression, text.lstrip().startswith(("_Alignas", "alignas")))
        return self.aligns[expression]

    def attributes(self, cursor):
        """(packed, align) that are written on a record or a field."""
        packed, align = False, 0
        for child in cursor.get_children():
            if child.kind == CursorKind.PACKED_ATTR:
                packed = True
            elif child.kind == CursorKind.ALIGNED_ATTR:
                align = max(align, self.align_of_attribute(child))
            elif child.kind == CursorKind.UNEXPOSED_ATTR:
                text = self.text_of(child)
                if re.search(r"ms_struct|gcc_struct|scalar_storage_order|btf_type_tag", text):
                    raise Unsaid(text)
        return packed, align

    # --- types ---

    def expression(self, kind):
        """A type as a text."""
        while kind.kind in (TypeKind.ELABORATED, TypeKind.ATTRIBUTED if hasattr(TypeKind, "ATTRIBUTED") else TypeKind.ELABORATED):
            kind = kind.get_named_type() if kind.kind == TypeKind.ELABORATED else kind.get_canonical()
        if kind.kind == TypeKind.TYPEDEF:
            return self.typedef_expression(kind)
        if kind.kind in SCALARS and kind.spelling not in SCALARS_BY_SPELLING:
            return SCALARS[kind.kind]
        spelling = kind.get_canonical().spelling.replace("const ", "").replace("volatile ", "")
        if SCALARS_BY_SPELLING.get(spelling):
            return SCALARS_BY_SPELLING[spelling]
        if kind.kind == TypeKind.POINTER:
            return self.pointer(kind)
        if kind.kind == TypeKind.CONSTANTARRAY:
            return f"array<{self.expression(kind.element_type)}, {kind.element_count}>"
        if kind.kind == TypeKind.INCOMPLETEARRAY:
            return f"array<{self.expression(kind.element_type)}>"
        if kind.kind in (TypeKind.VECTOR, TypeKind.EXTVECTOR):
            if kind.element_type.get_canonical().kind in NO_LANES:
                raise Unsaid(f"a vector of {kind.element_type.spelling}")
            return f"vector<{self.expression(kind.element_type)}, {kind.element_count}>"
        if kind.kind == TypeKind.COMPLEX:
            if not self.is_float(kind.element_type):
                raise Unsaid("a complex number of integers")
            return f"complex<{self.expression(kind.element_type)}>"
        if kind.kind == TypeKind.RECORD:
            return self.record_name(kind.get_declaration())
        if kind.kind == TypeKind.ENUM:
            return self.enum_name(kind.get_declaration())
        if kind.kind == TypeKind.ATOMIC:
            return self.atomic(kind)
        if kind.kind == TypeKind.UNEXPOSED and kind.get_canonical() != kind:
            return self.expression(kind.get_canonical())
        raise Unsaid(f"{kind.kind.name.lower()} {kind.spelling}")

    @staticmethod
    def is_float(kind):
        return SCALARS.get(kind.get_canonical().kind, SCALARS_BY_SPELLING.get(kind.get_canonical().spelling, "")) in FLOATS

    def atomic(self, kind):
        # Of long long on i386 they are aligned to more than it is.
        if kind.get_size() > self.unit.pointer_bytes:
            raise Unsaid(f"{kind.spelling} of two words")
        name = re.fullmatch(r"_Atomic\((.*)\)", kind.get_canonical().spelling)
        for scalar, said in SCALARS.items():
            if name and SPELLINGS.get(said) == name.group(1):
                return said
        raise Unsaid(kind.spelling)

    def typedef_expression(self, kind):
        decl = kind.get_declaration()
        self.typedef(decl)
        key = decl.get_usr() or decl.hash
        if self.states.get(key) == "said":
            return self.names[key]
        return self.expression(decl.underlying_typedef_type)

    def pointer(self, kind):
        return self.pointer_to(kind.get_pointee())

    def pointer_to(self, to):
        canonical = to.get_canonical()
        if canonical.kind in (TypeKind.FUNCTIONPROTO, TypeKind.FUNCTIONNOPROTO):
            try:
                return self.function_pointer(to)
            except Unsaid as why:
                self.header.unsaid.append((f"function pointer {to.spelling}", str(why)))
                return "ptr<void>"
        if canonical.kind in (TypeKind.VOID, TypeKind.INCOMPLETEARRAY):
            return "ptr<void>"
        try:
            return f"ptr<{self.expression(to)}>"
        except Unsaid:
            return "ptr<void>"

    def function_pointer(self, kind):
        canonical = kind.get_canonical()
        return f"fn({self.parameters(canonical)}){self.arrow(canonical.get_result())}"

    def parameters(self, kind, names=None):
        parameters = []
        if kind.kind == TypeKind.FUNCTIONPROTO:
            for index, parameter in enumerate(kind.argument_types()):
                name = names[index] if names else ""
                parameters.append(f"{name} {self.parameter(parameter)}".strip())
            if kind.is_function_variadic():
                parameters.append("...")
        if CONVENTIONS.search(kind.spelling):
            raise Unsaid(f"convention {kind.spelling}")
        return ", ".join(parameters)

    def parameter(self, kind):
        canonical = kind.get_canonical()
        if canonical.kind in (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY, TypeKind.VARIABLEARRAY):
            return self.pointer_to(canonical.element_type)
        if canonical.kind in (TypeKind.FUNCTIONPROTO, TypeKind.FUNCTIONNOPROTO):
            return self.pointer_to(canonical)
        if canonical.kind == TypeKind.RECORD and self.is_transparent(kind):
            fields = list(canonical.get_fields())
            return self.parameter(fields[0].type)
        if canonical.kind == TypeKind.RECORD and canonical.get_size() < 0:
            raise Unsaid(f"a value of {kind.spelling}, which is not defined")
        return self.expression(kind)

    def is_transparent(self, kind):
        texts = []
        while kind.kind in (TypeKind.ELABORATED, TypeKind.TYPEDEF):
            if kind.kind == TypeKind.TYPEDEF:
                texts.append(self.text_of_declaration(kind.get_declaration()))
                kind = kind.get_declaration().underlying_typedef_type
            else:
                kind = kind.get_named_type()
        texts.append(self.text_of_declaration(kind.get_declaration()))
        return any("transparent_union" in text for text in texts)

    def text_of_declaration(self, decl):
        # Attributes behind the declarator are not in its extent: up to the end of the line and the next.
        end = decl.extent.end.line
        return self.text_of(decl) + " ".join(self.lines[end - 1:end + 2]).split(";")[0]

    def arrow(self, result):
        if result.get_canonical().kind == TypeKind.VOID:
            return " -> void"
        return f" -> {self.parameter_result(result)}"

    def parameter_result(self, kind):
        if kind.get_canonical().kind == TypeKind.RECORD and kind.get_canonical().get_size() < 0:
            raise Unsaid(f"a value of {kind.spelling}, which is not defined")
        return self.expression(kind)

    # --- declarations ---

    def typedef(self, decl):
        key = decl.get_usr() or decl.hash
        if key in self.states:
            return
        self.states[key] = "unsaid"
        target = decl.underlying_typedef_type
        canonical = target.get_canonical()
        own = canonical.get_declaration() if canonical.kind in (TypeKind.RECORD, TypeKind.ENUM) else None
        # typedef struct foo foo; and typedef struct {...} foo; name the struct.
        if own and (own.spelling == decl.spelling or not self.has_tag(own)):
            return
        if canonical.kind in (TypeKind.FUNCTIONPROTO, TypeKind.FUNCTIONNOPROTO, TypeKind.VOID, TypeKind.INCOMPLETEARRAY):
            return
        # What only a typedef says of alignment is said of the fields of that type.
        if decl.type.get_align() != canonical.get_align() and decl.type.get_align() > 0:
            return
        try:
            expression = self.expression(target)
        except Unsaid as why:
            self.header.unsaid.append((f"typedef {decl.spelling}", str(why)))
            return
        self.states[key] = "said"
        name = self.name_of(decl, decl.spelling, "type")
        if expression != name:
            self.header.types[name] = {"newtype": expression}
            if canonical.get_size() >= 0:
                self.header.sizes[name] = decl.spelling

    def record_name(self, decl):
        decl = decl.get_definition() or decl.canonical
        key = decl.get_usr() or decl.hash
        wish = decl.spelling if self.has_tag(decl) else None
        if key not in self.states:
            if wish is None:
                raise Unsaid("a record without a name")
            name = self.name_of(decl, wish, "union" if decl.kind == CursorKind.UNION_DECL else "struct")
            self.states[key] = "said"
            if not decl.is_definition():
                self.header.types[name] = {"opaque": True}
                return name
            # Those that refer to it may be said before its fields are.
            self.header.types[name] = {"opaque": True}
            try:
                record = self.record(decl, name)
                self.header.types[name] = record.definition()
                if decl.location.file:  # the compiler's own va_list has no name in C
                    self.header.records.append(record)
            except Unsaid as why:
                self.header.unsaid.append((decl.type.spelling, str(why)))
                self.states[key] = "unsaid"
        return self.names[key]

    def refuse(self, decl, wish):
        """It can be pointed to, and nothing can hold it."""
        key = decl.get_usr() or decl.hash
        self.states[key] = "unsaid"
        self.header.types[self.name_of(decl, wish, "struct")] = {"opaque": True}

    def value_of(self, kind):
        """The expression of a type that must have a size."""
        text = self.expression(kind)
        canonical = kind.get_canonical()
        while canonical.kind in (TypeKind.CONSTANTARRAY, TypeKind.INCOMPLETEARRAY):
            canonical = canonical.element_type.get_canonical()
        if canonical.kind == TypeKind.RECORD:
            decl = canonical.get_declaration()
            decl = decl.get_definition() or decl
            if self.states.get(decl.get_usr() or decl.hash) == "unsaid":
                raise Unsaid(f"it holds {kind.spelling}")
        return text

    def record(self, decl, name):
        packed, align = self.attributes(decl)
        align = max(align, self.aligned.get(decl.hash, 0))
        facts = {}
        if packed:
            facts["packed"] = True
        pack = self.packing.at(decl.extent.start.line)
        if pack:
            facts["pack"] = pack
        if align:
            facts["align"] = align
        members = [self.member(field) for field in decl.type.get_fields()]
        keyword = "union" if decl.kind == CursorKind.UNION_DECL else "struct"
        return Record(name, decl.type.spelling, keyword, members, facts)

    @staticmethod
    def in_place(kind):
        """The record or enum without a name that a field's type defines, and the dimensions around it."""
        dimensions = []
        while True:
            while kind.kind == TypeKind.ELABORATED:
                kind = kind.get_named_type()
            if kind.kind == TypeKind.CONSTANTARRAY:
                dimensions.append(kind.element_count)
                kind = kind.element_type
            elif kind.kind == TypeKind.INCOMPLETEARRAY:
                dimensions.append(None)
                kind = kind.element_type
            else:
                break
        if kind.kind not in (TypeKind.RECORD, TypeKind.ENUM) or Transcriber.has_tag(kind.get_declaration()):
            return None, dimensions
        return kind.get_declaration(), dimensions

    def member(self, field):
        entry = {}
        name = field.spelling if field.spelling and "(" not in field.spelling else None
        if name:
            entry["name"] = name
        decl, dimensions = self.in_place(field.type)
        inner = None
        if decl is None:
            entry["type"] = self.value_of(field.type)
        elif decl.kind == CursorKind.ENUM_DECL:
            entry["type"] = self.hoisted(decl, field, dimensions)
        elif dimensions:
            entry["type"] = self.hoisted(decl, field, dimensions)
        else:
            inner = self.record(decl, None)
            if name:
                entry["type"] = inner.definition()
            else:
                entry.update(inner.definition())
                for fact in ("align", "packed"):  # of the anonymous record, not of the member
                    if fact in inner.facts:
                        entry["type"] = {key: entry.pop(key) for key in (inner.keyword, *inner.facts)}
                        break
        bits = field.get_bitfield_width() if field.is_bitfield() else None
        if bits is not None:
            entry["bits"] = bits
        self.field_facts(field, entry, bits)
        return Member(name, bits, entry, inner)

    def hoisted(self, decl, field, dimensions):
        """A name for a record or enum without one that is an element of an array, or an enum."""
        wish = f"{field.semantic_parent.spelling if self.has_tag(field.semantic_parent) else 'anonymous'}.{field.spelling}"
        wish = re.sub(r"[^A-Za-z0-9_-]", "-", wish)
        key = decl.get_usr() or decl.hash
        if key not in self.names:
            name = self.name_of(decl, wish, "field")
            if decl.kind == CursorKind.ENUM_DECL:
                self.header.types[name] = self.enum_definition(decl)
            else:
                record = self.record(decl, name)
                self.header.types[name] = record.definition()
            self.states[key] = "said"
        text = self.names[key]
        for count in reversed(dimensions):
            text = f"array<{text}>" if count is None else f"array<{text}, {count}>"
        return text

    def field_facts(self, field, entry, bits):
        packed, align = self.attributes(field)
        canonical = field.type.get_canonical()
        typedef_align, natural = field.type.get_align(), canonical.get_align()
        if typedef_align > 0 and natural > 0 and typedef_align != natural:
            if bits is not None:
                raise Unsaid("a bit-field of a type that is aligned by a typedef")
            if typedef_align < natural and not packed:
                packed = True
                align = max(align, typedef_align)
            elif typedef_align > natural and not packed:
                align = max(align, typedef_align)
        if packed:
            entry["packed"] = True
        if align:
            entry["align"] = align

    def enum_name(self, decl):
        decl = decl.get_definition() or decl.canonical
        key = decl.get_usr() or decl.hash
        if key not in self.states:
            if not decl.is_definition():
                raise Unsaid(f"{decl.type.spelling}, which is not defined")
            if not self.has_tag(decl):
                raise Unsaid("an enum without a name")
            name = self.name_of(decl, decl.spelling, "enum")
            self.header.types[name] = self.enum_definition(decl)
            self.header.sizes[name] = decl.type.spelling
            self.states[key] = "said"
        return self.names[key]

    def enum_definition(self, decl):
        kind = decl.enum_type.get_canonical().kind
        unsigned = kind in (TypeKind.UINT, TypeKind.ULONG, TypeKind.ULONGLONG, TypeKind.UCHAR, TypeKind.USHORT, TypeKind.UINT128,
                            TypeKind.CHAR_U, TypeKind.BOOL)
        values = {}
        if decl.type.get_size() < 0:
            raise Unsaid(f"{decl.type.spelling}, which is not defined")
        for child in decl.get_children():
            if child.kind == CursorKind.ENUM_CONSTANT_DECL:
                value = child.enum_value
                values[child.spelling] = value + (1 << 64) if unsigned and value < 0 else value
        packed, _ = self.attributes(decl)
        said = {"enum": values}
        if packed or decl.enum_type.get_size() < 4:
            said["base"] = SCALARS[kind]
        return said

    def function(self, decl):
        kind = decl.type.get_canonical()
        names = [f"p{i}" if not argument.spelling else argument.spelling for i, argument in enumerate(decl.get_arguments())]
        names = [name if names.count(name) == 1 and re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) and name not in RESERVED
                 else f"p{i}" for i, name in enumerate(names)]
        types = [argument.type for argument in decl.get_arguments()]
        if CONVENTIONS.search(kind.spelling):
            raise Unsaid(f"convention {kind.spelling}")
        parameters = [f"{name} {self.parameter(of)}" for name, of in zip(names, types)]
        if kind.kind == TypeKind.FUNCTIONPROTO and kind.is_function_variadic():
            parameters.append("...")
        signature = f"({', '.join(parameters)}){self.arrow(decl.result_type)}"
        return signature

    def run(self):
        for decl in self.unit.parsed.cursor.get_children():
            try:
                self.declaration(decl)
            except Unsaid as why:
                self.header.unsaid.append((decl.spelling or decl.type.spelling, str(why)))
        return self.header

    def declaration(self, decl):
        if decl.kind in (CursorKind.STRUCT_DECL, CursorKind.UNION_DECL):
            # What only a typedef names has the alignment of that name, which comes later.
            if self.has_tag(decl) and decl.type.spelling.startswith(("struct ", "union ")):
                self.record_name(decl)
        elif decl.kind == CursorKind.ENUM_DECL:
            if self.has_tag(decl) and decl.is_definition():
                self.enum_name(decl)
        elif decl.kind == CursorKind.TYPEDEF_DECL:
            target = decl.underlying_typedef_type.get_canonical()
            if target.kind == TypeKind.RECORD and not target.spelling.startswith(("struct ", "union ")) and \
                    decl.type.get_align() > target.get_align() > 0:
                # typedef struct {...} name __attribute__((aligned(16))): of the name, but nothing else has one.
                if target.get_size() % decl.type.get_align():
                    self.refuse(target.get_declaration(), decl.spelling)
                    raise Unsaid("a name that is aligned to more than its size")
                self.aligned[target.get_declaration().hash] = decl.type.get_align()
            if target.kind == TypeKind.RECORD:
                self.record_name(target.get_declaration())
            elif target.kind == TypeKind.ENUM:
                self.enum_name(target.get_declaration())
            self.typedef(decl)
        elif decl.kind == CursorKind.FUNCTION_DECL and decl.spelling not in self.header.functions:
            self.header.functions[decl.spelling] = self.function(decl)


SPELLINGS = {"bool": "_Bool", "c_char": "char", "c_schar": "signed char", "c_uchar": "unsigned char", "c_short": "short",
             "c_ushort": "unsigned short", "c_int": "int", "c_uint": "unsigned int", "c_long": "long",
             "c_ulong": "unsigned long", "c_longlong": "long long", "c_ulonglong": "unsigned long long"}


class Unit:
    """A preprocessed text, parsed for a target."""

    def __init__(self, text, flags):
        self.text, self.flags = text, flags
        self.index = cindex.Index.create()
        self.parsed = self.index.parse("header.c", args=[*flags, "-w", "-std=gnu17", "-ferror-limit=0"],
                                       unsaved_files=[("header.c", text)])
        self.pointer_bytes = self.size_of_pointer()
        self.errors = [str(diagnostic) for diagnostic in self.parsed.diagnostics if diagnostic.severity >= 3]

    def size_of_pointer(self):
        unit = self.index.parse("pointer.c", args=self.flags, unsaved_files=[("pointer.c", "void *p;")])
        return next(unit.cursor.get_children()).type.get_size()

    def evaluate(self, expression, may_be_type):
        """The value of a constant expression; of a type, its alignment."""
        if re.fullmatch(r"\s*\d+\s*[uUlL]*", expression):
            return int(expression.strip().rstrip("uUlL"))
        for text in (expression, f"_Alignof({expression})") if may_be_type else (expression,):
            unit = self.index.parse("value.c", args=[*self.flags, "-w", "-std=gnu17"], unsaved_files=[
                ("value.c", f"{self.text}\nenum abide_value {{abide_value = ({text})}};\n")])
            last = list(unit.cursor.get_children())[-1]
            constants = [child.enum_value for child in last.get_children()]
            if constants and not any(d.severity >= 3 and "value.c" in str(d.location.file) and
                                     d.location.line > self.text.count("\n") for d in unit.diagnostics):
                return constants[0]
        raise Unsaid(f"alignment {expression}")


def preprocess(command, text):
    """`command -E` of a text; raises with what the compiler says."""
    done = subprocess.run([*command, "-E", "-P", "-w", "-x", "c", "-"], input=text, capture_output=True, text=True,
                          errors="replace")
    return done.stdout, done.stderr if done.returncode else ""


def read(text, unit):
    return Transcriber(text, unit).run()
