"""Interface files for types of model.py; and the command ABIDE."""
import os
import subprocess
import sys


class Interface:
    """Types as an interface file has them: those with several parts are defined by name. `own` stands where it can, unless `lent`."""

    def __init__(self, origin="library"):
        self.lines, self.count, self.lent = [f"  thing: {{resource: thing_drop, origin: {origin}}}"], 0, False

    def name(self, text):
        self.count += 1
        self.lines.append(f"  t{self.count}: {text}")
        return f"t{self.count}"

    def word(self, t):
        own = "" if self.lent else "own "
        if isinstance(t, str):
            return {"handle": own + "thing", "string": own + "string"}.get(t, t)
        if t[0] == "list":
            return f"{own}slice<{self.word(t[1])}>"
        if t[0] == "array":
            return f"array<{self.word(t[1])}; {t[2]}>"
        if t[0] == "tuple":
            return f"tuple<{'; '.join(self.word(f) for f in t[1])}>"
        if t[0] == "option":
            return f"option<{self.word(t[1])}>"
        if t[0] == "result":
            return f"result<{self.word(t[1]) if t[1] else 'unit'}; {self.word(t[2]) if t[2] else 'unit'}>"
        if t[0] == "record":
            return self.name("{struct: {" + ", ".join(f"f{i}: {self.word(f)}" for i, f in enumerate(t[1])) + "}}")
        if t[0] == "variant":
            return self.name("{variant: {" + ", ".join(f"c{i}: {self.word(c) if c else ''}" for i, c in enumerate(t[1])) + "}}")
        return self.name("{" + t[0] + ": [" + ", ".join(f"e{i}" for i in range(t[1])) + "]}")


def abide(*arguments):
    done = subprocess.run([os.environ["ABIDE"], *arguments], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"abide {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return done.stdout
