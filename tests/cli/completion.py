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
# What only some shells write differently.
PLACES_OF_BASH = {"abide layout --color = a": ["always", "auto"], "abide layout --color =": ["always", "auto", "never"]}
PLACES_OF_OTHERS = {"abide layout --color=a": ["--color=always", "--color=auto"]}

BASH = r"""
. "$1"
while IFS= read -r line; do
    read -r -a COMP_WORDS <<<"$line"
    case $line in *' ') COMP_WORDS+=('') ;; esac
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _abide
    printf '%s\n' "${COMPREPLY[@]}" END
done
"""
FISH = r"""
source $argv[1]
while read -l line
    complete -C "$line" | string replace -r '\t.*' ''
    echo END
end
"""
# The completion widget writes what it would offer into a file; nothing is shown.
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
capture() { _main_complete; print END >>$CAPTURE }
zle -C capture complete-word capture
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
    """[what was offered] for each line: the shells write END behind each."""
    return [sorted(set(filter(None, part.split("\n")))) for part in text.split("END\n")[:-1]]


def ask_by_pipe(command, lines, directory):
    done = subprocess.run(command, input="\n".join(lines) + "\n", cwd=directory, env=environment(HOME=directory),
                          capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=True)
    if done.stderr:
        raise SystemExit(f"{command[0]}: {done.stderr}")
    return answers(done.stdout)


def ask_bash(lines, directory):
    return ask_by_pipe(["bash", "-c", BASH, "bash", os.path.join(BUILD, "abide.bash")], lines, directory)


def ask_fish(lines, directory):
    return ask_by_pipe(["fish", "--no-config", "-c", FISH, os.path.join(BUILD, "abide.fish")], lines, directory)


def read_all(descriptor):
    try:
        while os.read(descriptor, 65536):
            pass
    except OSError: # the other end is closed
        pass


def ask_zsh(lines, directory):
    """zsh completes on a terminal only: each line is typed into it, with the tabulator."""
    home = os.path.join(directory, ".zsh")
    os.makedirs(os.path.join(home, "functions"))
    os.symlink(os.path.join(BUILD, "abide.zsh"), os.path.join(home, "functions", "_abide"))
    with open(os.path.join(home, ".zshrc"), "w", encoding="utf-8") as file:
        file.write(ZSH)
    captured = os.path.join(home, "captured")
    terminal, end = pty.openpty()
    with subprocess.Popen(["zsh", "-d", "-i"], cwd=directory, stdin=end, stdout=end, stderr=end, start_new_session=True,
                          env=environment(HOME=directory, ZDOTDIR=home, CAPTURE=captured, COLUMNS="200",
                                          COMPLETIONS=os.path.join(home, "functions"))) as zsh:
        os.close(end)
        threading.Thread(target=read_all, args=(terminal,), daemon=True).start()
        deadline = time.monotonic() + TIMEOUT_SECONDS
        for count, line in enumerate([None, *lines]):
            if line is not None:
                os.write(terminal, f"\x15{line}\t".encode())
            while not os.path.exists(captured) or open(captured, encoding="utf-8").read().count("END\n") <= count:
                if zsh.poll() is not None or time.monotonic() > deadline:
                    zsh.kill()
                    raise SystemExit(f"zsh does not answer: {line}")
                time.sleep(0.005)
        zsh.kill()
    with open(captured, encoding="utf-8") as file:
        return answers(file.read())[1:]


def helped(*words):
    return subprocess.run([ABIDE, *words, "--help"], check=True, capture_output=True, text=True).stdout


def options_of(verb):
    names = set()
    for line in helped(verb).split("\n"):
        match = re.match(r"  (-\S.*?)(?:  |$)", line)
        if match:
            names |= {name.split(" ")[0] for name in match[1].split(", ")}
    return names


def main():
    verbs = re.findall(r"^  (\w+)  +\S", helped().split("Verbs:")[1], re.M)
    options = {verb: options_of(verb) for verb in verbs}
    if min(map(len, options.values())) < 5:
        raise SystemExit("the help has hardly any options")
    problems = 0
    for shell, ask, more in (("bash", ask_bash, PLACES_OF_BASH), ("zsh", ask_zsh, PLACES_OF_OTHERS),
                             ("fish", ask_fish, PLACES_OF_OTHERS)):
        places = {**PLACES, **more}
        with tempfile.TemporaryDirectory() as directory:
            for name in ("a.abi.yaml", "other.txt"):
                open(os.path.join(directory, name), "w", encoding="utf-8").close()
            os.mkdir(os.path.join(directory, "abis"))
            offered = ask([*places, *(f"abide {verb} -" for verb in verbs), "abide "], directory)
        for (line, expected), got in zip(places.items(), offered):
            got = sorted({name.rstrip("/ ") for name in got})
            if got != expected:
                problems += 1
                print(f"{shell}: {line}: offers {got}, not {expected}")
        for verb, got in zip(verbs, offered[len(places):]):
            missing = options[verb] - {name.rstrip("=") for name in got}
            if missing:
                problems += 1
                print(f"{shell}: abide {verb}: does not offer {sorted(missing)}, but {got}")
        if not set(verbs) <= set(offered[-1]):
            problems += 1
            print(f"{shell}: verbs: {sorted(set(verbs) - set(offered[-1]))}")
    print(f"{len(verbs)} verbs, {sum(map(len, options.values()))} options, three shells: {problems} problems")
    sys.exit(1 if problems else 0)


main()
