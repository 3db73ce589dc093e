"""What abide says of the types of a file, turned into numbers to ask others about; what can be checked here is."""
from model import Newtype, Resource, Sum

DEPTH_LIMIT = 4


class Disagreement(Exception):
    pass


def expect(condition, kind, what):
    if not condition:
        raise Disagreement(f"{kind.name}: {what}")


def members(kind):
    """[(path, Type)] of the C type: struct fields, or tag and payloads."""
    kind = kind.inner()
    if isinstance(kind, Sum):
        if kind.is_bare:
            return []
        return [("tag", None)] + [(f"payload.{name}", payload) for name, _, payload in kind.cases if payload]
    return kind.parts()


def find(fields, path):
    """(offset in bits, field) of a path such as payload.some in abide's answer."""
    offset, field = 0, None
    for name in path.split("."):
        field = next((field for field in fields or [] if field.get("name") == name), None)
        if field is None:
            return None
        offset += field["offset_bits"]
        fields = field.get("fields")
    return offset, field


def walk(kind, entry, fields, prefix, base_bits, name, depth, facts):
    for path, part in members(kind):
        found = find(fields, path)
        expect(found is not None, entry, f"abide names no member {prefix}{path}")
        offset_bits, field = base_bits + found[0], found[1]
        expect(offset_bits % 8 == 0 and field["size_bits"] % 8 == 0, entry, f"{prefix}{path} is no whole bytes")
        facts.append((name, prefix + path, "offset", offset_bits // 8))
        facts.append((name, prefix + path, "member", field["size_bits"] // 8))
        if part is not None and depth > 0 and field.get("fields"):
            walk(part, entry, field["fields"], f"{prefix}{path}.", offset_bits, name, depth - 1, facts)


def sum_of(kind):
    """The sum that a name stands for, if it is one."""
    while isinstance(kind, Newtype):
        kind = kind.target
    return kind if isinstance(kind, Sum) else None


def bits(extents, base_bits=0):
    return [base_bits + extent["offset_bits"] + bit for extent in extents for bit in range(extent["size_bits"])]


def used_bits(field, answers):
    """Bits of a payload that belong to one of its fields, whose own holes do not count."""
    if field.get("fields"):
        return bits(field["fields"], field["offset_bits"])
    padding = answers.get(field.get("type"), {}).get("padding", [])
    return set(bits([field])) - set(bits(padding, field["offset_bits"]))


def check_cases(kind, total, answers, word_bits):
    """Names, tags, the niche, and that payload, tag and padding of every case fill the value."""
    answer = answers[kind.name]
    cases = answer.get("cases", [])
    expect([case["name"] for case in cases] == [name for name, _, _ in total.cases], kind, "other cases")
    is_niche = total.nullable() is not None
    expect(("niche" in answer) == is_niche, kind, "a niche" if is_niche else "no niche")
    expect(("discriminant" in answer) != is_niche, kind, "a discriminant")
    for case, (_, tag, payload) in zip(cases, total.cases):
        expect(is_niche or case["value"] == tag, kind, f"tag {tag} of {case['name']}")
        expect(len(case["fields"]) == (payload is not None), kind, f"payload of {case['name']}")
        used = set(bits([] if is_niche else [answer["discriminant"]]))
        for field in case["fields"]:
            used.update(used_bits(field, answers))
        if is_niche and payload is None:
            used.update(range(word_bits))
        holes = bits(case["padding"])
        expect(len(holes) == len(set(holes)) and used.isdisjoint(holes) and
               len(used) + len(holes) == answer["size_bytes"] * 8, kind, f"holes of case {case['name']}")
    if is_niche:
        niche = answer["niche"]
        null_case = next(name for name, _, payload in total.cases if payload is None)
        expect((niche["offset_bits"], niche["size_bits"], niche["value"], niche["case"]) ==
               (0, word_bits, 0, null_case), kind, f"the niche: {niche}")
    else:
        expect(answer["discriminant"]["type"] == total.tag, kind, f"a tag of {total.tag}")


def of(types, answers, word_bits):
    """[(type, path, what, number)]"""
    facts = []
    answers = {answer["name"]: answer for answer in answers}
    for kind in types:
        if isinstance(kind, Resource):
            continue
        answer = answers[kind.name]
        facts.append((kind.name, "", "size", answer["size_bytes"]))
        facts.append((kind.name, "", "align", answer["align_bytes"]))
        walk(kind, kind, answer.get("fields"), "", 0, kind.name, DEPTH_LIMIT, facts)
        total = sum_of(kind)
        if total is not None:
            check_cases(kind, total, answers, word_bits)
    return facts
