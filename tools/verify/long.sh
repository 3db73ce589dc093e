#!/bin/sh
# long.sh ABIDE [COUNT [SEED]]: every module and every compiler of it that is installed, at -O0 and -O2. Fails if something
# does not agree.
set -u
abide=$1
count=${2:-10000}
seed=${3:-$(date +%s)}
failed=0
for module in $("$abide" abi list --json | python3 -c '
import json, sys
for module in json.load(sys.stdin)["modules"]:
    if module["level"] == "machine" and module["targets"]:
        print(module["name"])'); do
    for opt in 0 2; do
        "$abide" verify "$module" --opt $opt --count "$count" --seed "$seed" || failed=1
        seed=$((seed + 1))
    done
done
exit $failed
