#!/usr/bin/env python3
"""completion.py: what bash, zsh and fish offer in the middle of a command line, each asked as itself.

Every option of every verb's help is offered by each of them, and so are its values.
"""
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading
import time

ABIDE = os.environ["ABIDE"]
BUILD = os.path.join(os.environ["ABIDE_BUILD_DIR"], "tools")
TIMEOUT_SECONDS = 60

# {command line: what is offered for its last word}
JOINED = {"abide layout --color=a": ["--color=always", "--color=auto"], "abide call a.abi.yaml --variadic=po": ["--variadic=point", "--variadic=polygon"]}
PLACES = {
    "abide l": ["layout", "lint"],
    "abide layout --fo": ["--format"],
    "abide thunk --emit a": ["archive", "asm"],
    "abide layout --color a": ["always", "auto"],
    "abide call --abi nim": ["nim-cgen"],
    "abide call --abi qqq": [],
    "abide thunk --caller nim": ["nim-cgen"],
    "abide layout -t aarch64-fr": ["aarch64-freebsd"],
    "abide call --abi a.": ["a.abi.yaml"],
    "abide call -I ab": ["abis"],
    "abide layout a.": ["a.abi.yaml"],
    "abide inspect ot": ["other.txt"],
    "abide bind r": ["rust"],
    "abide bind rust a.": ["a.abi.yaml"],
    "abide abi s": ["show"],
    "abide abi show nim": ["nim-cgen"],
    "abide explain cannot-ad": ["cannot-adapt"],
    "abide completion z": ["zsh"],
    "abide schema mo": ["module"],
    "abide layout -t aarch64-linux-gnu --color n": ["never"],
    "abide nonsense --x": [],
}
# Names of the file on the line. FILE is a.abi.yaml, and each other way to say the same file in FILES_*.
NAMES = {
    "abide layout FILE ": ["circle", "drawable", "limit", "point", "polygon"],
    "abide layout FILE po": ["point", "polygon"],
    "abide layout FILE circle po": ["point", "polygon"],
    "abide layout --format json -t aarch64-linux-gnu FILE po": ["point", "polygon"],
    "abide layout FILE --color=never --abi c po": ["point", "polygon"],
    "abide layout --nonsense FILE li": ["limit"],
    "abide call FILE ": ["area", "drawable.draw", "scale", "warn"],
    "abide call FILE dr": ["drawable.draw"],
    "abide call FILE qqq": [],
    "abide call FILE --variadic po": ["point", "polygon"],
    "abide plan FILE --caller c sc": ["scale"],
    "abide plan FILE scale --data ": ["by", "p"],
    "abide plan FILE --data b": ["by"],
    "abide thunk --caller c --callee nim-cgen FILE ": ["area", "scale", "warn"],
    "abide fingerprint FILE a": ["area"],
    "abide run FILE a": ["area"],
    "abide run FILE area a": [],
    "abide run -l ./lib.so FILE a": ["area"],
}
# Each of these is a file of which no name can be offered; the first ones must not be waited for either.
SILENT = ["/dev/zero", "-", "pipe", "broken.abi.yaml", "empty.abi.yaml", "hostile.abi.yaml", "missing.abi.yaml", "abis", "'$(touch pwned)'",
          "'`touch pwned`'", "';touch pwned;'"]
FILES = ["a.abi.yaml", "./a.abi.yaml", "~/a.abi.yaml", r"two\ words.abi.yaml", "'two words.abi.yaml'", '"two words.abi.yaml"', "x=y:z.abi.yaml",
         r"\$\(touch\ pwned\).abi.yaml", "'$(touch pwned).abi.yaml'", "'`touch pwned`.abi.yaml'"]
# What a shell would have to run to know the file: not even then.
UNKNOWN = {"bash": ["$(touch pwned)", '"$(touch pwned)"', "`touch pwned`", "<(touch pwned)"], "zsh": ["$(touch pwned)", "`touch pwned`"],
           "fish": ["(touch pwned)", '"$(touch pwned)"']}
# What a line becomes; fish does not say.
INSERTED = {
    "abide layout two": r"abide layout two\ words.abi.yaml",
    r"abide layout two\ w": r"abide layout two\ words.abi.yaml",
    r"abide layout \$": r"abide layout \$\(touch\ pwned\).abi.yaml",
    "abide layout 'two words.abi.yaml' cir": "abide layout 'two words.abi.yaml' circle",
    "abide call a.abi.yaml --variadic=ci": "abide call a.abi.yaml --variadic=circle",
}
INTERFACE = """abide: 1
package: shapes
types:
  point: {struct: {x: f64, y: f64}}
  polygon: {struct: {corners: array<point; 4>}}
  circle: {struct: {center: point, radius: f64}}
constants:
  limit: {type: u32, value: 7}
interfaces:
  drawable: {draw: (self; at point)}
functions:
  area: (c circle) -> f64
  scale: (p point, by f64) -> point
  warn: (format cstring, ...)
"""
HOSTILE = """abide: 1
types:
  point: {struct: {x: f64}}
  "$(touch pwned)": u32
  "`touch pwned`": u32
  "two words": u32
  "two\\nlines": u32
functions:
  "area$(touch pwned)": (p point)
"""

# On a terminal, each shell writes what it would offer into a file, and then, at ^O, the line as it has become.
BASH = r"""
. "$COMPLETIONS"
capture() { _abide "$@"; printf '%s\n' "${COMPREPLY[@]}" >>"$CAPTURE"; }
show() { printf '%s\n' "LINE $READLINE_LINE" END >>"$CAPTURE"; }
eval "$(complete -p abide | sed 's/_abide /capture /')"
bind 'set bell-style none' 'set completion-query-items 0' 'set page-completions off'
bind -x '"\C-o": show'
PS1=
echo END >>"$CAPTURE"
"""
FISH = r"""
source $argv[1]
while read -l line
    complete -C "$line" | string replace -r '\t.*' ''
    echo END
end
"""
ZSH = r"""
fpath=($COMPLETIONS $fpath)
autoload -Uz compinit && compinit -u -d $ZDOTDIR/dump
compadd() {
    local option
    for option in "${@[1,(i)(-|--)]}"; do
        if [[ $option == -[OAD] ]]; then builtin compadd "$@"; return; fi
    done
    local -a hits
    builtin compadd -A hits "$@"
    local -i prefix=${@[(I)-P]}
    (( ${#hits} )) && print -rl -- "${hits[@]/#/$IPREFIX}" >>$CAPTURE
    builtin compadd "$@"
}
capture() { _main_complete }
show() { print -rl -- "LINE $BUFFER" END >>$CAPTURE }
zle -C capture complete-word capture
zle -N show
bindkey '^O' show
bindkey '^I' capture
bindkey '^U' kill-whole-line
unsetopt beep auto_list
PS1=
print END >>$CAPTURE
"""


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ABIDE_")}
    kept.update(PATH=os.path.dirname(ABIDE) + ":" + kept["PATH"], ABIDE_PATH="", LC_ALL="C.UTF-8", TERM="dumb", **more)
    return kept


def answers(text):
    """[(what was offered, the line as it became; "" if the shell does not say)]: END stands behind each."""
    answered = []
    for part in text.split("END\n")[:-1]:
        words, _, line = part.rpartition("LINE ") if "LINE " in part else (part, "", "")
        answered.append((sorted(set(filter(None, words.split("\n")))), line.removesuffix("\n")))
    return answered


def ask_fish(lines, directory):
    done = subprocess.run(["fish", "--no-config", "-c", FISH, os.path.join(BUILD, "abide.fish")], input="\n".join(lines) + "\n",
                          cwd=directory, env=environment(HOME=directory), capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=True)
    if done.stderr:
        raise SystemExit(f"fish: {done.stderr}")
    return answers(done.stdout)


def read_all(descriptor):
    try:
        while os.read(descriptor, 65536):
            pass
    except OSError: # the other end is closed
        pass


def ask_terminal(command, lines, directory, captured, **variables):
    """Types each line, and the tabulator behind it."""
    terminal, end = pty.openpty()
    shell_environment = environment(HOME=directory, CAPTURE=captured, COLUMNS="200", **variables)
    with subprocess.Popen(command, cwd=directory, stdin=end, stdout=end, stderr=end, start_new_session=True, env=shell_environment) as shell:
        os.close(end)
        threading.Thread(target=read_all, args=(terminal,), daemon=True).start()
        deadline = time.monotonic() + TIMEOUT_SECONDS
        for count, line in enumerate([None, *lines]):
            if line is not None:
                os.write(terminal, f"\x15{line}\t\x0f".encode())
            while not os.path.exists(captured) or open(captured, encoding="utf-8").read().count("END\n") <= count:
                if shell.poll() is not None or time.monotonic() > deadline:
                    shell.kill()
                    raise SystemExit(f"{command[0]} does not answer: {line!r}")
                time.sleep(0.005)
        shell.kill()
    with open(captured, encoding="utf-8") as file:
        return answers(file.read())[1:]


def ask_bash(lines, directory):
    home = os.path.join(directory, ".bash")
    os.makedirs(home)
    start = os.path.join(home, "rc")
    with open(start, "w", encoding="utf-8") as file:
        file.write(BASH)
    return ask_terminal(["bash", "--noprofile", "--rcfile", start, "-i"], lines, directory, os.path.join(home, "captured"),
                        COMPLETIONS=os.path.join(BUILD, "abide.bash"))


def ask_zsh(lines, directory):
    home = os.path.join(directory, ".zsh")
    os.makedirs(os.path.join(home, "functions"))
    os.symlink(os.path.join(BUILD, "abide.zsh"), os.path.join(home, "functions", "_abide"))
    with open(os.path.join(home, ".zshrc"), "w", encoding="utf-8") as file:
        file.write(ZSH)
    return ask_terminal(["zsh", "-d", "-i"], lines, directory, os.path.join(home, "captured"), ZDOTDIR=home,
                        COMPLETIONS=os.path.join(home, "functions"))


def helped(*words):
    return subprocess.run([ABIDE, *words, "--help"], check=True, capture_output=True, text=True).stdout


def options_of(verb):
    names = set()
    for line in helped(verb).split("\n"):
        match = re.match(r"  (-\S.*?)(?:  |$)", line)
        if match:
            names |= {name.split(" ")[0] for name in match[1].split(", ")}
    return names


def write_files(directory):
    texts = {"other.txt": "", "empty.abi.yaml": "", "hostile.abi.yaml": HOSTILE, "broken.abi.yaml": INTERFACE + "  x: (p nothing)\n"}
    for name in ("a", "two words", "x=y:z", "$(touch pwned)", "`touch pwned`"):
        texts[name + ".abi.yaml"] = INTERFACE
    for name, text in texts.items():
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write(text)
    os.mkdir(os.path.join(directory, "abis"))
    os.mkfifo(os.path.join(directory, "pipe"))


def places_of(shell):
    """{line: what is to be offered}: of a shell."""
    places = dict(PLACES)
    places.update({"abide layout --color=a": ["always", "auto"], "abide layout --color=": ["always", "auto", "never"],
                   "abide call a.abi.yaml --variadic=po": ["point", "polygon"]} if shell == "bash" else JOINED)
    places.update({line.replace("FILE", "a.abi.yaml"): names for line, names in NAMES.items()})
    for file in FILES:
        places[f"abide layout -t x86_64-linux-gnu {file} po"] = ["point", "polygon"]
    for file in SILENT + UNKNOWN[shell]:
        places[f"abide layout {file} po"] = []
        places[f"abide call {file} sc"] = []
    return places


def check(shell, ask, directory, verbs, options):
    """The number of problems."""
    write_files(directory)
    subprocess.run([ABIDE, "lint", "--quiet", "a.abi.yaml"], cwd=directory, check=True, stdout=sys.stderr)
    places = places_of(shell)
    offered = ask([*places, *(f"abide {verb} -" for verb in verbs), "abide ", *INSERTED], directory)
    problems = 0
    for (line, expected), (got, _) in zip(places.items(), offered):
        got = sorted({name.rstrip("/ ") for name in got})
        if got != expected:
            problems += 1
            print(f"{shell}: {line}: offers {got}, not {expected}")
    for line, (_, got) in zip(INSERTED, offered[len(places) + len(verbs) + 1:]):
        if got.rstrip() != INSERTED[line] and got:
            problems += 1
            print(f"{shell}: {line}: becomes {got}, not {INSERTED[line]}")
    for verb, (got, _) in zip(verbs, offered[len(places):]):
        missing = options[verb] - {name.rstrip("=") for name in got}
        if missing:
            problems += 1
            print(f"{shell}: abide {verb}: does not offer {sorted(missing)}, but {got}")
    missing = set(verbs) - set(offered[len(places) + len(verbs)][0])
    if missing:
        problems += 1
        print(f"{shell}: verbs: {sorted(missing)}")
    if os.path.exists(os.path.join(directory, "pwned")):
        problems += 1
        print(f"{shell}: runs what a word says")
    return problems


def main():
    verbs = re.findall(r"^  (\w+)  +\S", helped().split("Verbs:")[1], re.M)
    options = {verb: options_of(verb) for verb in verbs}
    if min(map(len, options.values())) < 5:
        raise SystemExit("the help has hardly any options")
    problems = 0
    for shell, ask in (("bash", ask_bash), ("zsh", ask_zsh), ("fish", ask_fish)):
        with tempfile.TemporaryDirectory() as directory:
            problems += check(shell, ask, directory, verbs, options)
    print(f"{len(verbs)} verbs, {sum(map(len, options.values()))} options, three shells: {problems} problems")
    sys.exit(1 if problems else 0)


main()
