"""absent.py: without the programs that read, the command says which package is missing, and ends with 4."""
import os
import shutil
import subprocess
import sys

build = os.environ["ABIDE_BUILD_DIR"]
os.makedirs("bin", exist_ok=True)
shutil.copy(os.environ["ABIDE"], "bin/abide")
environment = {**os.environ, "PATH": "/nowhere", "LD_LIBRARY_PATH": os.path.join(build, "lib")}
for kind, package in ("c", "libclang-19-dev"), ("dwarf", "libdw-dev"):
    done = subprocess.run([os.path.abspath("bin/abide"), "import", kind, "x"], env=environment, capture_output=True, text=True,
                          check=False)
    if done.returncode != 4 or package not in done.stderr or done.stdout:
        sys.exit(f"status {done.returncode}: {done.stdout}{done.stderr}")
