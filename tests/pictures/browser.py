#!/usr/bin/env python3
"""browser.py: what a browser makes of pictures and pages: its own fonts fit, its pixels have the colours of the palette in both schemes,
narrow pages do not overflow, and nothing is complained about."""
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import zlib

import picture

KINDS = os.path.join(picture.HERE, "kinds.abi.yaml")
TARGET = ("--target", "x86_64-linux-gnu")
# What leaves its box, the picture, or the page, found by the page itself.
MEASURE = """<script>
const problems = [];
for (const text of document.querySelectorAll('svg text')) {
  const box = text.getBBox(), root = text.ownerSVGElement.viewBox.baseVal;
  const rects = [...text.parentNode.children].filter(e => e.tagName == 'rect');
  const inside = r => box.x >= r.x - 1 && box.x + box.width <= r.x + r.width + 1;
  if (!inside({x: 0, width: root.width})) problems.push('picture: ' + text.textContent);
  for (const rect of rects.map(e => e.getBBox()))
    if (rect.y <= box.y + 2 && box.y + box.height - 4 <= rect.y + rect.height &&
        rect.x <= box.x + 1 && box.x < rect.x + rect.width && !inside(rect))
      problems.push('box: ' + text.textContent);
}
const root = document.documentElement;
if (root.scrollWidth > innerWidth) problems.push('page: ' + root.scrollWidth + ' of ' + innerWidth);
if (document.fonts.size) problems.push('fonts are loaded');
root.dataset.measured = document.querySelectorAll('svg text').length;
root.dataset.problems = JSON.stringify(problems);
</script>"""


def browse(path, *options):
    """Standard output of the browser; it must have nothing to complain about."""
    profile = os.path.abspath("profile")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
               "--force-device-scale-factor=1", "--enable-logging=stderr", "--disable-extensions",
               "--disable-background-networking", "--disable-component-update", "--no-first-run",
               f"--user-data-dir={profile}", *options, "file://" + os.path.abspath(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    shutil.rmtree(profile, ignore_errors=True)
    assert done.returncode == 0, done.stderr
    assert "CONSOLE" not in done.stderr, done.stderr
    return done.stdout


def pixels_of(path):
    """Width, height, and rows of (red, green, blue) of a PNG file with 8 bits a channel."""
    data = open(path, "rb").read()
    at, chunks = 8, {}
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        chunks[kind] = chunks.get(kind, b"") + data[at + 8:at + 8 + size]
        at += size + 12
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert depth == 8 and colour in (2, 6), (depth, colour)
    step = 3 if colour == 2 else 4
    raw, rows, above = zlib.decompress(chunks[b"IDAT"]), [], bytes(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        above = unfilter(raw[start], bytearray(raw[start + 1:start + 1 + width * step]), above, step)
        rows.append(above)
    return width, height, lambda x, y: tuple(rows[y][x * step:x * step + 3])


def unfilter(kind, line, above, step):
    """PNG, second edition, 9.2."""
    if kind == 2:
        return bytes((a + b) & 255 for a, b in zip(line, above))
    for i in range(len(line)) if kind else ():
        left = line[i - step] if i >= step else 0
        if kind == 1:
            line[i] = (line[i] + left) & 255
            continue
        corner = above[i - step] if i >= step else 0
        paeth = min((left, above[i], corner), key=lambda n: abs(left + above[i] - corner - n))
        line[i] = (line[i] + (0, left, above[i], (left + above[i]) // 2, paeth)[kind]) & 255
    return line


def check_measures(name, page, width):
    """The page in a copy that may run a script."""
    page = re.sub(r"<meta http-equiv[^>]*>", "", page).replace("</body>", MEASURE + "</body>")
    with open(name, "w", encoding="utf-8") as file:
        file.write(page)
    dom = browse(name, f"--window-size={width},800", "--dump-dom")
    measured = re.search(r'data-measured="(\d+)"', dom)
    assert measured and int(measured[1]) > 50, f"{name}: {measured}"
    problems = re.search(r'data-problems="([^"]*)"', dom)[1].replace("&quot;", '"')
    assert json.loads(problems) == [], f"{name}: {problems}"


def check_colours(drawn, path, css, dark):
    """A corner of each box has the colour that the palette gives it."""
    rules = picture.rules_of(css)[dark]
    scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    browse(path, f"--window-size={drawn.width:.0f},{drawn.height:.0f}", "--screenshot=seen.png",
           *scheme)
    width, height, pixel = pixels_of("seen.png")
    assert (width, height) == (drawn.width, drawn.height), (width, height)
    boxes = [box for box in drawn.boxes() if "h" not in box.classes and box.width > 8]
    assert len(boxes) > 20
    for box in boxes:
        want = picture.colour(rules, box.classes, "fill")
        seen = "#%02x%02x%02x" % pixel(int(box.x) + 3, int(box.bottom) - 3)
        assert seen == want, f"{box}: {seen}, not {want}"
    assert "#%02x%02x%02x" % pixel(3, height // 2) == rules[".bg"]["fill"]


def long_names():
    """The name of an interface whose names and texts have nowhere to break."""
    name = "very_long_" * 16
    with open("names.abi.yaml", "w", encoding="utf-8") as file:
        file.write(f"""abide: 1
package: {name}
doc: "https://example.org/{name} is where it is from"
types:
  s{name}: {{struct: {{a: u8, {name}: {{type: u64, doc: {name}}}}}}}
  e{name}: {{enum: {{a{name}: 1, b{name}: 2}}}}
  bare: {{struct: {{{", ".join(f"f{i}: u32" for i in range(20))}}}}}
functions:
  f{name}: (p{name} s{name}, q e{name}, r ptr<bare>) -> s{name}
""")
    return "names.abi.yaml"


def main():
    if not shutil.which("chromium"):
        sys.exit("chromium is missing: tools/packages.sh names the packages of the tests")
    layouts = ("layout", KINDS, "--abi", "system", *TARGET)
    adapters = ("plan", KINDS, "--caller", "nim-cgen", "--callee", "system", *TARGET)
    check_measures("layouts.html", picture.abide(*layouts, "--format", "html"), 1200)
    check_measures("adapters.html", picture.abide(*adapters, "--format", "html"), 500)
    check_measures("doc.html", picture.abide("doc", *adapters[1:]), 500)
    check_measures("names.html", picture.abide("doc", long_names(), *adapters[2:]), 500)
    with open("page.html", "w", encoding="utf-8") as file:
        file.write(picture.abide("doc", KINDS, "--abi", "system", *TARGET))
    browse("page.html", "--dump-dom")
    some = ("layout", KINDS, "bits", "shape", "either", "value", "--abi", "system", *TARGET)
    drawing = picture.abide(*some, "--format", "svg")
    with open("layouts.svg", "w", encoding="utf-8") as file:
        file.write(drawing)
    css = re.search(r"<style>(.*)</style>", drawing, re.S)[1]
    for dark in (False, True):
        check_colours(picture.check(drawing), "layouts.svg", css, dark)


main()
