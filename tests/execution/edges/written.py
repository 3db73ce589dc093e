"""
Conventions as somebody writes them by hand: from the types of C alone, with registers, banks for each kind of value, predicates and
several rules for records. Unlike those of edges.py and invent.py they inherit nothing from the architecture's C.
"""
import edges

SOURCE = {"source": "x"}


def rule(name, when=None, **keys):
    made = {"id": name, **({"when": when} if when else {}), **keys}
    made["pass"] = made.pop("by")
    return {**made, **SOURCE}


def take(rng, names, most):
    """Some registers, in an order of their own."""
    return rng.sample(names, rng.randint(1, min(most, len(names))))


def parted(rng, names, count):
    """`count` lists without common registers, none of them empty."""
    names = rng.sample(names, len(names))
    cuts = sorted(rng.sample(range(1, len(names)), count - 1))
    return [names[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(names)])]


class Writer:
    """One convention. `listed` are banks by name, `kinds` what goes into them."""

    def __init__(self, rng, arch):
        self.rng, self.arch, self.word = rng, arch, arch.word
        self.banks, self.returns = {}, {}

    def bank(self, banks, name, names, width, **keys):
        banks[name] = {"regs": edges.words(names), "width": width, **keys}

    def general_banks(self):
        """Integers alone, or with pointers, long and short ones in registers of their own."""
        names = self.arch.general
        shape = self.rng.choice(["one", "pointers", "short", "shared"])
        if shape == "one" or len(names) < 6:
            self.bank(self.banks, "word", take(self.rng, names, 8), self.word)
            return []
        if shape == "shared":  # the short ones have some of the registers of the long ones
            chosen = take(self.rng, names, 10)
            self.bank(self.banks, "word", chosen, self.word, backfill="each")
            self.bank(self.banks, "short", take(self.rng, chosen, 4), self.word, backfill="each", counter="word")
            return [rule("short", {"kind": "int", "size": "<=2"}, by="whole", **{"in": "short"})]
        first, second = parted(self.rng, take(self.rng, names, 10) if len(names) < 3 else self.rng.sample(names, min(8, len(names))), 2)
        self.bank(self.banks, "word", first, self.word)
        if shape == "pointers":
            self.bank(self.banks, "address", second, self.word)
            return [rule("address", {"kind": "ptr"}, by="whole", **{"in": "address"})]
        self.bank(self.banks, "short", second, self.word)
        return [rule("short", {"kind": "int", "size": "<=4"}, by="whole", **{"in": "short"})]

    def float_banks(self):
        """Registers of floats; doubles and singles may have different ones."""
        if not self.arch.vector or self.rng.random() < 0.2:
            return []
        width = self.arch.vector_bytes
        if self.rng.random() < 0.3:
            first, second = parted(self.rng, self.rng.sample(self.arch.vector, 6), 2)
            self.bank(self.banks, "single", first, width)
            self.bank(self.banks, "double", second, width)
            return [rule("single", {"kind": "float", "size": "<=4"}, by="whole", **{"in": "single"}),
                    rule("double", {"kind": "float", "size": 8}, by="whole", **{"in": "double"})]
        self.bank(self.banks, "double", take(self.rng, self.arch.vector, 12), width)
        made = [rule("float", {"kind": "float", "size": "<=8"}, by="whole", **{"in": "double"})]
        if width == 16 and self.rng.random() < 0.5:
            made.append(rule("vector", {"kind": "vector", "size": 16}, by="whole", **{"in": "double"}))
        return made

    def record_rule(self):
        """What becomes of records, if not what becomes of everything."""
        large = {"kind": ["struct", "complex"], "size": f">{self.rng.choice([self.word, 2 * self.word, 24])}"}
        small = {"kind": ["struct", "complex"], "size": f"<={self.rng.choice([2, 3, 4]) * self.word}"}
        fits = self.rng.choice([{}, {"fits": "registers"}])
        made = self.rng.choice([
            None,
            rule("by-address", large, by="pointer", copy=self.rng.choice(["caller", "borrow", "shared"]), **fits),
            rule("aligned-copy", large, by="pointer", copy="caller", align=self.rng.choice([16, 32]), **fits),
            rule("apart", {**small, "kind": "struct"}, by="spread", **fits),
            rule("classes", {"size": "<=16"}, by="classes", split=self.rng.random() < 0.5,
                 **{"in": {"word": "word", "float": "double" if "double" in self.banks else "word"}}),
            rule("chunks", {"kind": ["struct", "complex"], "size": "<=16"}, by="spread", of="chunks"),
            rule("left", {"kind": "struct", "size": "<=16"}, by="stack", **self.rng.choice([{"exhaust": ["word"]}, {"shadow": "word"},
                                                                                          {"slot": 16, "min_align": 16}])),
            rule("at-last", {"kind": "struct", "size": f"<={self.word}"}, by="whole", turn="last", **{"in": "word"}),
        ])
        return [made] if made else []

    def arguments(self):
        made = self.general_banks() + self.float_banks()
        made += self.record_rule()
        pieces = self.rng.choice([{}, {"split": True}, {"align": "regs"}, {"split": "if_stack_empty"}])
        if self.banks["word"].get("backfill"):
            pieces = self.rng.choice([{}, {"split": True}])
        limit = self.rng.choice([self.word, 2 * self.word, 32])
        made.append(rule("words", {"size": f"<={limit}"}, by="chunks", **{"in": "word"}, **pieces))
        return made + [rule("memory", by="stack")]

    def results(self, cleanup):
        """In odd registers, or in memory whose address comes in any."""
        rng = self.rng
        self.bank(self.returns, "word", take(rng, self.arch.general, 4), self.word)
        made = []
        if self.arch.vector:
            self.bank(self.returns, "double", take(rng, self.arch.vector, 4), self.arch.vector_bytes)
            made.append(rule("float", {"kind": "float", "size": "<=8"}, by="whole", **{"in": "double"}))
        else:
            self.bank(self.returns, "x87", ["st0"], 16, converts=10)
            made.append(rule("float", {"kind": "float", "size": "<=8"}, by="whole", **{"in": "x87"}))
        if self.arch.vector and rng.random() < 0.4:
            made.append(rule("members", {"kind": ["struct", "complex"], "size": "<=32"}, by="members", enter=["struct", "complex"],
                             **{"in": {"int": "word", "float": "double"}}))
        made.append(rule("words", {"size": f"<={rng.choice([1, 2, 4]) * self.word}"}, by="chunks", **{"in": "word"}))
        if rng.random() < 0.3:
            return made + [rule("memory", by="stack")]
        used = {name for bank in self.banks.values() for name in bank["regs"].split()}
        free = [name for name in self.arch.general if name not in used]
        where = rng.choice(["word", "stack", *free[:2]])
        keys = {"returned": rng.choice(self.returns["word"]["regs"].split())} if rng.random() < 0.5 else {}
        if where == "stack" and cleanup == "caller" and rng.random() < 0.4:
            keys["callee_pops"] = self.word
        if where == "stack" and rng.random() < 0.3:
            keys["turn"] = "last"
        return made + [rule("memory", by="hidden", **{"in": where}, **keys)]

    def stack(self, cleanup):
        rng, word = self.rng, self.word
        room = rng.choice([0, 0, 0, word, 4 * word, 64])
        slot = rng.choice([word, word, word, 2, 2 * word])
        least = rng.choice([slot, word, 16])
        made = {"slot": slot, "min_align": least, "max_align": max(least, rng.choice([word, 16])),
                "align": rng.choice([*self.arch.aligns, 32, 128]), "start": rng.choice([0, room]), "home": room, "cleanup": cleanup,
                "order": rng.choice(["first", "last"]), "red_zone": rng.choice([0, 128, 256]), "align_by": rng.choice(["type", "natural"])}
        if rng.random() < 0.2:
            made["covers"] = "registers"
        if rng.random() < 0.2:
            made["round"] = {"to": rng.choice([16, 32]), "with": rng.choice([0, slot])}
        return made

    def preserved(self):
        """Mostly what is neither an argument nor a result, but also that."""
        used = {name for banks in (self.banks, self.returns) for bank in banks.values() for name in bank["regs"].split()}
        names = self.arch.general + self.arch.vector
        if self.rng.random() < 0.5:
            names = [name for name in names if name not in used]
        return self.rng.sample(names, self.rng.randint(0, len(names)))


def used_by(rules):
    return {word for one in rules for where in [one.get("in")] for word in (where.values() if isinstance(where, dict) else [where])}


def make_module(rng, arch, name, base):
    """(module, names of what it preserves). `base`: what the architecture's C says of its target, types and registers."""
    writer, cleanup = Writer(rng, arch), rng.choice(["caller", "callee"])
    arguments, results = writer.arguments(), writer.results(cleanup)
    kept = writer.preserved()
    used = used_by(arguments) | used_by([one for one in results if one["pass"] == "hidden"])
    for bank in [bank for bank in writer.banks if bank not in used]:
        del writer.banks[bank]
    for bank in [bank for bank in writer.returns if bank not in used_by([one for one in results if one["pass"] != "hidden"])]:
        del writer.returns[bank]
    free = [one for one in arch.general if one not in kept]
    module = {
        "abide": 1,
        "module": {"name": name, "version": "1.0.0", "level": "machine", "extends": "c-common@1", "summary": "written today"},
        "target": {key: base["target"][key] for key in ("arch", "endian", "pointer")},
        "data": base["data"], "registers": base["registers"],
        "banks": writer.banks, "return_banks": writer.returns, "stack": writer.stack(cleanup),
        "classes": {"chunk": arch.word, "of": {"int": "word", "ptr": "word", "float": "float", "vector": "word", "x87": "word"},
                    "merge": ["word", "float"]},
        "args": arguments, "returns": results, "extend": rng.choice(["none", "bool", "type32", "type64", "type32-sign64"]),
        "preserved": edges.words(kept),
    }
    if free and rng.random() < 0.5:
        module["special"] = {"scratch": rng.sample(free, rng.randint(1, min(3, len(free))))}
    if not any(one["pass"] == "classes" or one.get("of") == "chunks" for one in arguments):
        del module["classes"]
    return module, kept
