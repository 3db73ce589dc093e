"""absent.py: without abide-import-c the command says which package is missing, and ends with 4."""
import os
import shutil
import subprocess
import sys

build = os.environ["ABIDE_BUILD_DIR"]
os.makedirs("bin", exist_ok=True)
shutil.copy(os.environ["ABIDE"], "bin/abide")
environment = {**os.environ, "PATH": "/nowhere", "LD_LIBRARY_PATH": os.path.join(build, "lib")}
done = subprocess.run([os.path.abspath("bin/abide"), "import", "c", "x.h"], env=environment, capture_output=True, text=True,
                      check=False)
if done.returncode != 4 or "libclang-19-dev" not in done.stderr or done.stdout:
    sys.exit(f"status {done.returncode}: {done.stdout}{done.stderr}")
