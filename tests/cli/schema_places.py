"""Which parts of a JSON schema a valid tree is made of."""
import re


def visit(validator, schema, node, label=("",), path=()):
    """
    What makes a valid tree valid, each with the keys that lead to the place: definitions (NAME,), properties (NAME of the definition,
    KEY), and sets of words ("a word of", ...).
    """
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        yield (name,), path
        yield from visit(validator, validator.schema["$defs"][name], node, (name,), path)
    for way in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if set(way) != {"required"} and validator.evolve(schema=way).is_valid(node):
            yield from visit(validator, way, node, label, path)
    for part in schema.get("allOf", ()):
        if "if" not in part or validator.evolve(schema=part["if"]).is_valid(node):
            yield from visit(validator, part.get("then", part), node, label, path)
    if "const" in schema or "enum" in schema:
        yield ("a word of", *label), path
    if isinstance(node, dict):
        for key, value in node.items():
            patterns = [inner for pattern, inner in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
            known = schema.get("properties", {}).get(key)
            inner = known or (patterns or [schema.get("additionalProperties")])[0]
            if known:
                yield (label[0], key), path
            if isinstance(inner, dict):
                yield from visit(validator, inner, value, (label[0], key) if known else label, (*path, key))
    elif isinstance(node, list) and "items" in schema:
        for index, value in enumerate(node):
            yield from visit(validator, schema["items"], value, label, (*path, index))


def properties(schema, label=""):
    """All properties of a schema, as `visit` names them."""
    if isinstance(schema, dict):
        for key, value in schema.get("properties", {}).items():
            yield label, key
            yield from properties(value, label)
        for name, value in schema.get("$defs", {}).items():
            yield from properties(value, name)
        for key in ("items", "additionalProperties"):
            yield from properties(schema.get(key), label)
        for way in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
            yield from properties(way, label)
