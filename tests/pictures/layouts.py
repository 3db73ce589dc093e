#!/usr/bin/env python3
"""layouts.py [SEED]: pictures of layouts hold what `abide layout` says, where it says, for types of all kinds and random ones."""
import os
import random
import re
import sys
import tempfile

import picture

KINDS = os.path.join(picture.HERE, "kinds.abi.yaml")
BIT_WIDTH = 10


def bits(text, is_size=False):
    """"3:5" is byte 3, bit 5; as a size ":5" is five bits, "5" five bytes."""
    whole, _, rest = text.partition(":")
    return int(rest or 0) if is_size and rest else 8 * int(whole) + int(rest or 0)


def rows_of(text):
    """{(path or None, offset, size)} of a table, without headings, tags and what has no bytes."""
    rows = set()
    for line in text.split("\n"):
        match = re.match(r" +(\d+(?::\d+)?) +(:?\d+)  (\S+|\(unnamed\)) +\S", line)
        if match and bits(match[2], True):
            rows.add((None if match[3] == "..." else match[3], bits(match[1]),
                      bits(match[2], True)))
    return rows


def part_rows(drawn):
    """The same of a picture; and the parts, with their rectangles."""
    rows, parts = set(), []
    for part in drawn.parts:
        title = part.findtext(picture.SVG + "title")
        if part.get("data-size-bits") is None:
            continue
        rects = [box for box in drawn.boxes() if box.part is part]
        offset, size = int(part.get("data-offset-bits")), int(part.get("data-size-bits"))
        kind = rects[0].classes[0] if rects else "f"
        parts.append((offset, size, rects, part))
        if kind[0] == "f":
            rows.add((title.split(":")[0], offset, size))
        elif kind == "h":
            rows.add((None, offset, size))
    return rows, parts


def check_places(drawn, parts, grid):
    """A rectangle begins and ends at its bits, in the row whose offset stands at its left."""
    labels = {text.y: int(text.text) for text in drawn.texts()
              if "e" in text.classes and text.text.isdigit()}
    for offset, size, rects, part in parts:
        if not rects:
            continue
        name = part.findtext(picture.SVG + "title")
        first, last, end = rects[0], rects[-1], offset + size
        assert first.x == grid + offset % 64 * BIT_WIDTH, name
        assert last.right == grid + ((end - 1) % 64 + 1) * BIT_WIDTH, name
        for rect, row in ((first, offset // 64 * 8), (last, None)):
            near = [label for y, label in labels.items() if rect.y <= y < rect.y + 38]
            assert row is None or near == [row], f"{name}: {near}, not {row}"


def check_type(path, name, *options):
    drawn = picture.check(picture.abide("layout", path, name, "--format", "svg", *options))
    table = rows_of(picture.abide("layout", path, name, *options))
    rows, parts = part_rows(drawn)
    grid = min((rect.x - offset % 64 * BIT_WIDTH for offset, _, rects, _ in parts
                for rect in rects[:1]), default=0)
    check_places(drawn, parts, grid)
    has_unions = re.search(r"^(\S+ )?as \S+:", drawn.words, re.M)
    fields = {row for row in rows if row[0]}
    wanted = {row for row in table if row[0] and row[0] not in ("tag", "payload")}
    if not table:  # a type without fields is one box
        assert {row[1:] for row in rows} <= {(0, sum(row[2] for row in rows))}, name
        return
    assert fields == wanted, f"{name}: {sorted(fields ^ wanted)}"
    if not has_unions:
        assert rows == {row for row in table if row[0] not in ("tag", "payload")}, name


def random_type(rng, depth):
    scalars = ["u8", "u16", "u32", "u64", "f32", "f64", "bool", "ptr<u8>"]
    pick = rng.random()
    if depth and pick < 0.3:
        return random_record(rng, depth - 1)
    if pick < 0.45:
        return f"array<{rng.choice(scalars)}; {rng.choice((0, 1, 3, 9, 70, 1000))}>"
    if pick < 0.6:
        kind = rng.choice(("u8", "u16", "u32", "u64"))
        return f"{{type: {kind}, bits: {rng.randint(1, int(kind[1:]))}}}"
    return rng.choice(scalars)


def random_record(rng, depth):
    words = ["a", "bc", "item", "a_rather_long_name", "x1"]
    kind = "union" if rng.random() < 0.3 else "struct"
    fields = ", ".join(f"{rng.choice(words)}{i}: {random_type(rng, depth)}"
                       for i in range(rng.randint(1, 6)))
    return f"{{{kind}: {{{fields}}}}}"


def check_random(seed, count):
    rng = random.Random(seed)
    targets = ["x86_64-linux-gnu", "i386-linux-gnu", "powerpc64-linux-gnu", "s390x-linux-gnu"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "random.abi.yaml")
        for i in range(count):
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"abide: 1\ntypes:\n  t: {random_record(rng, 3)}\n")
            check_type(path, "t", "--target", rng.choice(targets))


def check_large():
    """Thousands of fields: the middle is left out, and the picture stays as large as it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "large.abi.yaml")
        for count in (2000, 8000):
            with open(path, "w", encoding="utf-8") as file:
                fields = "".join(f"      f{i}: u{(8, 16, 32)[i % 3]}\n" for i in range(count))
                file.write(f"abide: 1\ntypes:\n  t:\n    struct:\n{fields}")
            text = picture.abide("layout", path, "--format", "svg")
            assert len(text) < 500_000, len(text)
            drawn = picture.check(text)
            assert any("are not drawn" in text.text for text in drawn.texts())


def check_hostile_titles():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "<script>&\"'\a\u202e\u2028\ufffe.abi.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("abide: 1\ntypes: {t: u8}\n")
        drawn = picture.check(picture.abide("layout", path, "--format", "svg"))
        assert drawn.title == "Layouts of <script>&\"'" + 4 * "\ufffd" + ".abi.yaml", drawn.title
        picture.check_page(picture.abide("layout", path, "--format", "html"))


def check_nothing():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "nothing.abi.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("abide: 1\n")
        for verb in ("layout", "call"):
            drawn = picture.check(picture.abide(verb, path, "--format", "svg"))
            assert [text.text for text in drawn.texts()] == ["There is nothing to draw."]
            assert not picture.check_page(picture.abide(verb, path, "--format", "html"))
        assert not picture.check_page(picture.abide("doc", path))


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print("seed", seed)
    names = re.findall(r"^  (\w+): ?(?:\{|\n)", open(KINDS, encoding="utf-8").read(), re.M)
    assert len(names) >= 12, names
    for name in names:
        check_type(KINDS, name, "--abi", "system", "--target", "x86_64-linux-gnu")
    check_type(KINDS, "bits", "--target", "s390x-linux-gnu")
    page = picture.abide("layout", KINDS, "--abi", "system", "--abi", "nim-cgen", "--format", "html")
    assert len(names) < len(picture.check_page(page)) < 2 * len(names)  # what is alike stands once
    captions = "".join(re.findall(r"<figcaption.*?</figcaption>", page))
    assert captions.count("(system@") == captions.count("(nim-cgen@") == len(names)
    assert page == picture.abide("layout", KINDS, "--abi", "system", "--abi", "nim-cgen",
                                 "--format", "html"), "not the same twice"
    check_random(seed, int(sys.argv[2]) if len(sys.argv) > 2 else 12)
    check_large()
    check_hostile_titles()
    check_nothing()


main()
