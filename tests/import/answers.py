"""What `abide layout --json` and `abide call --json` say of a type and of a function, to be compared."""
import json


def facts(fields, base=0):
    """Where fields with names are. Records in place that have one are types of their own when they are imported."""
    found = {}
    for field in fields:
        offset = base + field["offset_bits"]
        if field.get("name"):
            found[field["name"]] = (offset, field["size_bits"])
        else:
            found.update(facts(field.get("fields", []), offset))
    return found


def layout(said):
    return said["size_bytes"], facts(said.get("fields", []))


def call(said):
    """Where everything is; not what it is called, nor how a place is filled up, which depends on names for integers."""
    values = [{**value, "name": "", "type": ""} for value in [*said["params"], said.get("result") or {}]]
    return json.dumps([said["stack"], said["variadic"], values], sort_keys=True)
