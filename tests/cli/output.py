#!/usr/bin/env python3
"""output.py: where answers go. A file is replaced as a whole or left alone, and a failure is status 3."""
import os
import resource
import stat
import subprocess
import sys
import tempfile
import time

COMMAND = [os.environ["ABIDE"], "explain", "missing-file"]
failures = []


def run(*words):
    return subprocess.run([*COMMAND, *words], capture_output=True, check=False)


def in_shell(redirections, *words):
    return subprocess.run(["sh", "-c", f'exec "$@" {redirections}', "sh", *COMMAND, *words],
                          capture_output=True, check=False)


def expect(what, condition):
    print(f"{'ok  ' if condition else 'FAIL'} {what}")
    if not condition:
        failures.append(what)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def refused(what, done):
    expect(f"{what}: status 3 and a message",
           done.returncode == 3 and b"unwritable-output" in done.stderr)


def check_replacing(answer):
    done = run("-o", "new")
    expect("a new file has the answer", done.returncode == 0 and read("new") == answer)
    expect("and standard output has nothing", done.stdout == b"")
    mask = os.umask(0)
    os.umask(mask)
    expect("and the usual permissions", stat.S_IMODE(os.stat("new").st_mode) == 0o666 & ~mask)

    past = time.time_ns() - 10**12
    os.utime("new", ns=(past, past))
    before = os.stat("new")
    run("-o", "new")
    after = os.stat("new")
    expect("the same bytes are not written again",
           (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino))

    write("old", b"old")
    os.chmod("old", 0o640)
    run("-o", "old")
    expect("an old file is replaced", read("old") == answer)
    expect("and keeps its permissions", stat.S_IMODE(os.stat("old").st_mode) == 0o640)

    write("target", b"old")
    os.symlink("target", "link")
    run("-o", "link")
    expect("a symbolic link stays one, its target is replaced",
           os.path.islink("link") and read("target") == answer)
    os.symlink("nowhere", "dangling")
    refused("a symbolic link to nothing", run("-o", "dangling"))
    expect("and it stays one", os.path.islink("dangling"))
    expect("no temporary file is left", not [n for n in os.listdir() if n.startswith(".abide")])


def check_streams(answer):
    expect("- is standard output", run("-o", "-").stdout == answer)
    os.mkfifo("pipe")
    with subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE) as reader:
        run("-o", "pipe")
        expect("a pipe is written into", reader.communicate()[0] == answer)
    expect("and stays one", stat.S_ISFIFO(os.stat("pipe").st_mode))


def check_refusals():
    refused("/dev/full", run("-o", "/dev/full"))
    os.mkdir("folder")
    refused("a folder", run("-o", "folder"))
    refused("a folder that does not exist", run("-o", "no/such/folder/file"))
    refused("an empty name", run("-o", ""))
    refused("a name that is too long", run("-o", "x" * 5000))
    refused("standard output on a full disk", in_shell(">/dev/full"))
    refused("closed standard output", in_shell(">&-"))
    write("kept", b"kept")
    refused("more than a limit allows",
            subprocess.run([*COMMAND, "-o", "kept"], capture_output=True, check=False,
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))))
    expect("and the file is as it was", read("kept") == b"kept")
    expect("and nothing is left beside it", not [n for n in os.listdir() if n.startswith(".abide")])
    done = in_shell("2>&- <&-", "--nope", "-o", "kept")
    expect("with standard error closed nothing lands in a file",
           done.returncode == 2 and read("kept") == b"kept")
    expect("a wrong command line leaves the file alone",
           run("-o", "kept", "--nope").returncode == 2 and read("kept") == b"kept")
    if os.geteuid() != 0:
        os.mkdir("locked", 0o555)
        refused("a folder that cannot be written", run("-o", "locked/file"))
        write("locked-file", b"x")
        os.chmod("locked-file", 0o444)
        refused("a file that cannot be written", run("-o", "locked-file"))


def is_colored(option, terminal=False, **variables):
    environment = {"PATH": os.environ["PATH"], **variables}
    words = [*COMMAND, *([f"--color={option}"] if option else [])]
    if not terminal:
        done = subprocess.run(words, capture_output=True, env=environment, check=False)
        return b"\033[" in done.stdout
    main_end, program_end = os.openpty()
    with subprocess.Popen(words, stdout=program_end, env=environment) as process:
        process.wait()
    os.close(program_end)
    out = os.read(main_end, 65536)
    os.close(main_end)
    return b"\033[" in out


def check_colors():
    expect("no colours into a pipe", not is_colored(None))
    expect("colours on a terminal", is_colored(None, True, TERM="xterm"))
    expect("none on a dumb one", not is_colored(None, True, TERM="dumb"))
    expect("NO_COLOR", not is_colored(None, True, TERM="xterm", NO_COLOR="1"))
    expect("an empty NO_COLOR says nothing", is_colored(None, True, TERM="xterm", NO_COLOR=""))
    expect("CLICOLOR=0", not is_colored(None, True, TERM="xterm", CLICOLOR="0"))
    expect("CLICOLOR_FORCE", is_colored(None, CLICOLOR_FORCE="1"))
    expect("FORCE_COLOR=0 forces nothing", not is_colored(None, FORCE_COLOR="0"))
    expect("NO_COLOR beats CLICOLOR_FORCE", not is_colored(None, NO_COLOR="1", CLICOLOR_FORCE="1"))
    expect("--color=always beats NO_COLOR", is_colored("always", NO_COLOR="1"))
    expect("--color=never beats a terminal", not is_colored("never", True, TERM="xterm"))


def told(terminal, *options):
    """What a verb that takes long says beside its answer, to a terminal or to a pipe."""
    words = [os.environ["ABIDE"], "verify", "c", "--cc", "gcc", "--stages", "layout", "--count", "20", "--seed", "1", "--jobs", "1", *options]
    if not terminal:
        return subprocess.run(words, capture_output=True, check=False).stderr
    main_end, program_end = os.openpty()
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=program_end) as process:
        os.close(program_end)
        said = b""
        try:
            while part := os.read(main_end, 65536):
                said += part
        except OSError:
            pass  # Linux says so when the other end is closed
        process.wait()
    os.close(main_end)
    return said


def check_progress():
    expect("progress on a terminal", b"\r" in told(True) and b"20 of 20" in told(True))
    expect("and on nothing else", told(False) == b"")
    expect("nor with -q", told(True, "-q") == b"")


def main():
    answer = run().stdout
    if not answer:
        sys.exit("there is no answer to write")
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        check_replacing(answer)
        check_streams(answer)
        check_refusals()
        check_colors()
        check_progress()
        os.chdir("/")
    sys.exit(1 if failures else 0)


main()
