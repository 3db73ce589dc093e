"""Conventions that nobody would make: every mechanism of places, at random, with as few or as many registers as can be."""
import edges


def some(rng, names, most=None):
    """Any number of them, in any order: often few, or all."""
    count = rng.choice([1, 1, 2, 3, 5, 9, len(names)])
    return rng.sample(names, min(count, len(names), most or count))


def preserved(rng, arch):
    """Nothing, everything, or any: also registers of arguments and results. Wholes and halves do not go together."""
    names = arch.general + arch.vector
    count = rng.choice([0, 0, 2, 5, 12, len(names), len(names)])
    chosen = rng.sample(names, min(count, len(names)))
    halves = {whole: half for half, whole in arch.low.items()}
    return [halves[name] if name in halves and rng.random() < 0.3 else name for name in chosen]


def size_limit(rng, word):
    return {"size": f"<={rng.choice([word, 2 * word, 4 * word, 64])}"}


def float_rules(rng, banks, bank):
    """Where floats go: registers of their own, those of integers, or nowhere special."""
    if bank in banks:
        return [{"id": "float", "when": {"kind": "float", "size": "<=8"}, "pass": rng.choice(["whole", "members"]), "in": bank, "source": "x"}]
    return []


def vector_rules(rng, arch, banks):
    if "fp" in banks and arch.vector_bytes == 16 and rng.random() < 0.6:
        return [{"id": "vector", "when": {"kind": "vector", "size": 16}, "pass": "whole", "in": "fp", "source": "x"}]
    return []


def mixed(rng, banks, enters):
    """Leaves by themselves, each in a register of its kind."""
    kinds = {"int": "int", "float": "fp" if "fp" in banks else "int"}
    return {"id": "members", "when": {"size": "<=64"}, "pass": "members", "in": kinds, "enter": enters, "source": "x"}


def argument_rules(rng, arch, banks):
    word, rules = arch.word, float_rules(rng, banks, "fp") + vector_rules(rng, arch, banks)
    if rng.random() < 0.3:
        rules.append({"id": "large", "when": {"kind": ["struct", "complex"], "size": f">{2 * word}"}, "pass": "pointer",
                      "copy": rng.choice(["caller", "borrow"]), "source": "x"})
    if rng.random() < 0.4:
        rules.append(mixed(rng, banks, rng.choice([["struct", "complex"], ["struct"]])))
    chunks = {"id": "registers", "when": size_limit(rng, word), "pass": "chunks", "in": "int", "source": "x"}
    chunks.update(rng.choice([{}, {"split": True}, {"split": "if_stack_empty"}, {"align": "regs"}]))
    if rng.random() < 0.2:
        chunks["exhaust"] = ["int"]
    return rules + [chunks, {"id": "stack", "pass": "stack", "source": "x"}]


def result_rules(rng, arch, banks, returns, cleanup):
    word, rules = arch.word, float_rules(rng, returns, "fp") + vector_rules(rng, arch, returns)
    if rng.random() < 0.3:
        rules.append(mixed(rng, returns, ["struct", "complex"]))
    if rng.random() < 0.8:
        rules.append({"id": "registers", "when": size_limit(rng, word), "pass": "chunks", "in": "int", "source": "x"})
    if rng.random() < 0.4:
        return rules + [{"id": "memory", "pass": "stack", "source": "x"}]
    names = banks["int"]["regs"].split()
    where = rng.choice(["int", "stack", rng.choice([name for name in arch.general if name not in names] or ["stack"])])
    memory = {"id": "memory", "pass": "hidden", "in": where, "source": "x"}
    if rng.random() < 0.6:
        memory["returned"] = rng.choice(returns["int"]["regs"].split())
    if where == "stack" and cleanup == "caller" and rng.random() < 0.3:
        memory["callee_pops"] = word
    return rules + [memory]


def extension(rng):
    words = ["none", "bool", "type32", "type64", "type32-sign64"]
    return rng.choice([rng.choice(words), {"args": rng.choice(words), "results": rng.choice(words)}])


def make_banks(rng, arch):
    banks = {"int": {"regs": " ".join(some(rng, arch.general)), "width": arch.word}}
    if rng.random() < 0.2:
        banks["int"]["backfill"] = rng.choice([True, "each"])
    if arch.vector and rng.random() < 0.75:
        banks["fp"] = {"regs": " ".join(some(rng, arch.vector)), "width": arch.vector_bytes}
    elif rng.random() < 0.5:  # floats share the integers' registers
        banks["fp"] = {"regs": banks["int"]["regs"], "width": arch.word, "counter": "int"}
    return banks


def make_stack(rng, arch, cleanup):
    word = arch.word
    slot = rng.choice([word, word, 1, 4, 2 * word])
    least = rng.choice([slot, word])
    home = rng.choice([0, 0, word, 32, 40, 96])
    stack = {"slot": slot, "min_align": least, "max_align": max(least, rng.choice([word, 2 * word, 16])),
             "align": rng.choice(arch.aligns + (32,)), "start": rng.choice([0, home]), "home": home, "cleanup": cleanup,
             "order": rng.choice(["first", "last"]), "red_zone": rng.choice([0, 128]), "align_by": rng.choice(["type", "natural"])}
    if rng.random() < 0.3:
        stack["covers"] = "registers"
    if rng.random() < 0.3:
        stack["round"] = {"to": rng.choice([16, 64]), "with": rng.choice([0, slot])}
    return stack


def make_block(rng, arch, cleanup):
    """One sequence of positions, the first of which are registers of either bank."""
    word = arch.word
    home = rng.choice([0, 0, 4 * word])
    return {"slot": word, "max_align": rng.choice([word, 16]), "align": rng.choice(arch.aligns + (32,)), "start": rng.choice([0, 0, home]),
            "home": home, "cleanup": cleanup, "align_by": rng.choice(["type", "natural"]), "covers": rng.choice(["all", "overflow"])}


def use_block(rng, arch, module, cleanup):
    """Makes positions of sequences: both banks have as many registers then."""
    banks = module["banks"]
    for bank in banks.values():
        bank.pop("backfill", None)
    if banks.get("fp", {}).get("counter"):
        del banks["fp"]["counter"]
        names = banks["int"]["regs"].split()
        others = names[1::2] or [name for name in arch.general if name not in names][:1]
        banks["int"]["regs"], banks["fp"]["regs"] = edges.words(names[::2]), edges.words(others)
    if "fp" in banks and rng.random() < 0.4:
        banks["fp"]["counter"] = "own"
    module["block"] = make_block(rng, arch, cleanup)
    module["stack"] = None
    for rule in module["args"]:
        rule.pop("exhaust", None)


def make_module(rng, arch, name):
    """(module, names of what it preserves)"""
    cleanup = rng.choice(["caller", "callee"])
    banks, returns, kept = make_banks(rng, arch), make_banks(rng, arch), preserved(rng, arch)
    returns["int"].pop("backfill", None)
    if not arch.vector:
        returns["fp"] = {"regs": "st0", "width": 16, "converts": 10}
    module = {
        "abide": 1,
        "module": {"name": name, "version": "1.0.0", "level": "machine", "extends": f"{arch.base}@1", "summary": "made up"},
        "banks": banks, "return_banks": returns, "stack": make_stack(rng, arch, cleanup),
        "args": argument_rules(rng, arch, banks), "returns": result_rules(rng, arch, banks, returns, cleanup),
        "extend": extension(rng), "variadic": None, "special": None, "preserved": edges.words(kept),
    }
    if rng.random() < 0.25:
        use_block(rng, arch, module, cleanup)
    for listed, rules in ((banks, module["args"]), (returns, module["returns"])):
        used = {word for rule in rules if rule["pass"] != "hidden" for where in [rule.get("in")]
                for word in (where.values() if isinstance(where, dict) else [where])}
        if listed is banks and any(rule.get("in") == "int" for rule in module["returns"] if rule["pass"] == "hidden"):
            used.add("int")
        for one in [one for one in listed if one not in used]:
            del listed[one]
        for bank in listed.values():
            if bank.get("counter", "own") not in ["own", *listed]:
                del bank["counter"]
    return module, kept
