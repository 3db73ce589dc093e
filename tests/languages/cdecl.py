"""C declarations, as far as prototypes need them: parsed, so that they compare without names and spacing."""
import re

TOKEN = re.compile(r"\.\.\.|[A-Za-z_]\w*|\d+|[*()\[\],;{}:=]")
WORDS = {"void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool",
         "bool", "__int128"}
QUALIFIERS = {"const", "volatile", "restrict", "extern", "static", "inline"}


class NotC(Exception):
    """The text is no declaration that this parser knows."""


class Parser:
    """`names` maps typedef names to what stands for them: canonical texts as `parse` gives them."""

    def __init__(self, text, names=None):
        self.tokens = TOKEN.findall(text)
        self.text = text
        self.names = names or {}
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected=None):
        token = self.peek()
        if expected is not None and token != expected:
            raise NotC(f"expected {expected!r}, not {token!r} in {self.text!r}")
        self.at += 1
        return token

    def accept(self, token):
        if self.peek() != token:
            return False
        self.at += 1
        return True

    def specifiers(self):
        """The type that a declaration starts with."""
        words = []
        while True:
            token = self.peek()
            if token in QUALIFIERS:
                self.take()
            elif token in WORDS:
                words.append(self.take())
            elif token in ("struct", "union") and not words:
                return self.record()
            elif not words and re.match(r"[A-Za-z_]", token):
                name = self.take()
                return self.names.get(name, name)
            else:
                break
        if not words:
            raise NotC(f"no type in {self.text!r}")
        return self.names.get(" ".join(words), " ".join(words))

    def record(self):
        kind = self.take()
        tag = self.take() if self.peek() != "{" else ""
        if not self.accept("{"):
            return self.names.get(f"{kind} {tag}", f"{kind} {tag}")
        members = []
        while not self.accept("}"):
            base = self.specifiers()
            while True:
                name, wrap = self.declarator()
                members.append(f"{name} {wrap(base)}")
                if self.accept(":"):
                    members[-1] += f":{self.take()}"
                if not self.accept(","):
                    break
            self.take(";")
        return f"{kind} {{{'; '.join(members)}}}"

    def declarator(self):
        """(name, function from the base type to the declared one)"""
        if self.accept("*"):
            while self.peek() in QUALIFIERS:
                self.take()
            name, wrap = self.declarator()
            return name, lambda base: wrap(f"ptr({base})")
        name, inner = "", lambda base: base
        following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else ""
        if self.peek() == "(" and following in ("*", "("):
            self.take("(")
            name, inner = self.declarator()
            self.take(")")
        elif re.match(r"[A-Za-z_]", self.peek()):
            name = self.take()
        suffixes = []
        while self.peek() in ("(", "["):
            suffixes.append(self.params() if self.peek() == "(" else self.length())

        def wrap(base):
            for suffix in reversed(suffixes):
                base = suffix(base)
            return inner(base)

        return name, wrap

    def length(self):
        self.take("[")
        count = self.take() if self.peek() != "]" else ""
        self.take("]")
        return lambda base: f"array({count}; {base})"

    def params(self):
        self.take("(")
        types = []
        while self.peek() != ")":
            if self.accept("..."):
                types.append("...")
            else:
                _, wrap = self.declaration()
                types.append(decay(wrap))
            if not self.accept(","):
                break
        self.take(")")
        types = [] if types == ["void"] else types
        return lambda base: f"fn({base}; {', '.join(types)})"

    def declaration(self):
        """(name, type)"""
        base = self.specifiers()
        name, wrap = self.declarator()
        return name, wrap(base)


def decay(type_):
    """What a parameter of this type is: arrays are pointers to their element (C17 6.7.6.3p7)."""
    match = re.match(r"array\(\d*; (.*)\)$", type_)
    return f"ptr({match.group(1)})" if match else type_


def parse(text, names=None):
    """(name, canonical type) of one declaration."""
    parser = Parser(text, names)
    found = parser.declaration()
    if parser.peek() not in ("", ";"):
        raise NotC(f"unexpected {parser.peek()!r} in {text!r}")
    return found
