"""Pictures as parsed: boxes, texts and parts of an SVG document, and what has to be true of every one of them."""
import os
import re
import subprocess
import unicodedata
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
SVG = "{http://www.w3.org/2000/svg}"
# The widest of the common monospaced fonts.
EM_PER_COLUMN = 0.602


def abide(*words, status=0, text=None):
    """What the command prints."""
    done = subprocess.run([os.environ["ABIDE"], *words], capture_output=True, input=text,
                          encoding="utf-8", check=False)
    assert done.returncode == status, f"{words}: status {done.returncode}\n{done.stderr}"
    return done.stdout


def columns(text):
    """Columns of a terminal: none for what combines, two for what is wide."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


class Box:
    def __init__(self, x, y, width, height, classes=(), text=None, part=None, hatched=False):
        self.x, self.y, self.width, self.height = x, y, width, height
        self.classes, self.text, self.part, self.hatched = classes, text, part, hatched

    right = property(lambda self: self.x + self.width)
    bottom = property(lambda self: self.y + self.height)

    def holds(self, other, slack=0.5):
        return (self.x <= other.x + slack and other.right <= self.right + slack
                and self.y <= other.y + slack and other.bottom <= self.bottom + slack)

    def meets(self, other):
        return (self.x < other.right and other.x < self.right
                and self.y < other.bottom and other.y < self.bottom)

    def __repr__(self):
        return (f"{self.text or ' '.join(self.classes)} at {self.x:g},{self.y:g} "
                f"{self.width:g}x{self.height:g}")


def text_box(element, part):
    classes = element.get("class").split()
    size = 16 if "n" in classes else 11 if "s" in classes else 12
    width = columns(element.text or "") * size * EM_PER_COLUMN
    x, y = float(element.get("x")), float(element.get("y"))
    x -= width / 2 if "c" in classes else width if "e" in classes else 0
    return Box(x, y - 0.76 * size, width, size, classes, element.text, part)


class Picture:
    """`things` are boxes and texts in the order in which they are drawn; `curves` the classes of curves."""

    def __init__(self, root):
        self.width, self.height = float(root.get("width")), float(root.get("height"))
        self.things, self.parts, self.curves = [], [], []
        self.title = root.findtext(SVG + "title") or root.findtext("title")
        self.words = root.findtext(SVG + "desc") or root.findtext("desc")
        self.read(root, None)

    def read(self, element, part):
        for child in element:
            tag = child.tag.replace(SVG, "")
            if tag == "g":
                self.parts.append(child)
                self.read(child, child)
            elif tag == "rect":
                self.things.append(Box(*(float(child.get(name, "0")) for name in
                                         ("x", "y", "width", "height")),
                                       child.get("class", "").split(), None, part,
                                       "fill" in child.attrib))
            elif tag == "text":
                self.things.append(text_box(child, part))
            elif tag == "path":
                self.curves.append(child.get("class").split())

    def boxes(self):
        """What nothing else may overlap: no hatching, no background, no labels of curves."""
        return [box for box in self.things if box.text is None and not box.hatched
                and not {"bg", "pill"} & set(box.classes)]

    def texts(self):
        return [box for box in self.things if box.text is not None]


def rules_of(css):
    """{selector: {property: value}} in light and in dark."""
    block = r"@media \(prefers-color-scheme:dark\)\{\n(.*?)\n\}\n"
    dark = "\n".join(re.findall(block, css, re.S))
    light = re.sub(r"@media print\{.*\}\n", "", re.sub(block, "", css, flags=re.S))
    found = []
    for sheet in (light, dark):
        rules = {}
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
            for selector in selectors.split(","):
                for name, value in re.findall(r"([\w-]+):([^;]+)", body):
                    rules.setdefault(selector.strip(), {})[name] = value.strip()
        found.append(rules)
    return found


def contrast(a, b):
    """WCAG 2.1, relative luminance and contrast ratio."""
    def luminance(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4
                            for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    bright, dim = sorted((luminance(a), luminance(b)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def colour(rules, classes, name):
    for selector in ("." + ".".join(classes), *("." + c for c in classes)):
        if name in rules.get(selector, {}):
            return rules[selector][name]
    raise AssertionError(f"no {name} for {classes}")


def check_overlaps(picture):
    """Boxes in order of their top; only those that are still open below it can meet."""
    for kind in (picture.boxes(), picture.texts(),
                 [b for b in picture.things if "pill" in b.classes]):
        still = []
        for box in sorted(kind, key=lambda box: box.y):
            still = [other for other in still if other.bottom > box.y]
            for other in still:
                assert not box.meets(other), f"{box} overlaps {other}"
            still.append(box)


def check_texts(picture):
    """Text lies inside the box that it begins in, and all of it on the picture."""
    whole = Box(0, 0, picture.width, picture.height)
    for box in picture.things:
        assert whole.holds(box), f"{box} leaves the picture"
    for text in picture.texts():
        for box in picture.things:
            if box.text is None and not box.hatched and "bg" not in box.classes and \
                    box.part is text.part and box.meets(text) and "c" not in text.classes:
                assert box.holds(text), f"{text} leaves {box}"


def check_contrast(picture, css):
    """Every text on what is drawn last below it; every curve on the page."""
    for rules in rules_of(css):
        page = rules[".bg"]["fill"]
        for i, text in enumerate(picture.things):
            if text.text is None:
                continue
            below = [box for box in picture.things[:i] if box.text is None and box.meets(text)]
            grounds = [page]
            if below and below[-1].hatched:
                grounds = [rules[".h"]["fill"], rules[".hatch"]["stroke"]]
            elif below:
                grounds = [colour(rules, below[-1].classes, "fill")]
            for ground in grounds:
                ratio = contrast(colour(rules, text.classes[:1], "fill"), ground)
                assert ratio >= 4.5, f"{text}: {ratio:.2f} on {ground}"
        for classes in picture.curves:
            if "w" in classes or "head" in classes:
                kind = [c for c in classes if c not in ("w", "head")]
                ratio = contrast(colour(rules, kind, "stroke"), page)
                assert ratio >= 3, f"{kind}: {ratio:.2f}"


def check(text):
    """Parses a file of its own, checks what is true of all, and returns the picture."""
    root = ElementTree.fromstring(text)
    picture = Picture(root)
    assert picture.title and picture.words, "no description"
    assert "<script" not in text and not re.search(r"(?:href|src)=|url\((?!#hatch\))", text)
    check_overlaps(picture)
    check_texts(picture)
    check_contrast(picture, root.findtext(SVG + "style"))
    return picture


def check_page(text):
    """Parses a page, resolves its links, and checks each picture. Returns the pictures."""
    root = ElementTree.fromstring(text.replace("<!DOCTYPE html>\n", "", 1))
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    for element in root.iter():
        for target in (element.get("aria-labelledby") or "").split():
            assert target in ids, target
        if element.get("href"):
            assert element.get("href")[0] == "#" and element.get("href")[1:] in ids, element.attrib
        assert not {"src", "onclick", "onload"} & set(element.attrib)
    assert root.find(".//script") is None and "@import" not in text
    css = root.findtext(".//style")
    pictures = [Picture(svg) for svg in root.iter("svg") if svg.get("role") == "img"]
    for picture in pictures:
        picture.things.insert(0, Box(0, 0, picture.width, picture.height, ["bg"]))
        assert picture.title and picture.words
        check_overlaps(picture)
        check_texts(picture)
        check_contrast(picture, css)
    check_page_colours(css)
    return pictures


def check_page_colours(css):
    for rules in rules_of(css):
        page = rules["html"]["background"]
        for ground in (page, rules["pre"]["background"]):
            for text in (rules["html"]["color"], rules["a"]["color"], rules["th"]["color"]):
                assert contrast(text, ground) >= 4.5, (text, ground)
