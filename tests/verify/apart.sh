#!/bin/sh
# apart.sh ABIDE: `abide verify --all` outlives what happens to one of its processes: here a compiler ends the one that
# asks it about fastcall. The others are asked, and the report has all of them.
abide=$1
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cat >"$folder/cc" <<'EOF'
#!/bin/sh
for word; do
    case $word in
    *-batch.c) grep -q 'CONVENTION __attribute__((fastcall))' "$word" && kill -KILL $PPID ;;
    esac
done
exec gcc-12 -m32 -msse2 -mfpmath=sse "$@"
EOF
chmod +x "$folder/cc"
"$abide" verify --all --target i386-linux-gnu --cc "$folder/cc" --stages layout,arguments,results --count 20 --seed 1 \
    --jobs 2 --report "$folder/report.json" >"$folder/out" 2>"$folder/err"
status=$?
cat "$folder/out" "$folder/err"
failed=0
expect() {
    grep -q "$1" "$2" || { echo "FAILED: no '$1' in $2"; failed=1; }
}
[ $status -eq 3 ] || { echo "FAILED: status $status"; failed=1; }
expect 'broken: c-sysv-i386-fastcall .*: the process that asks it was ended by signal 9' "$folder/out"
expect '5 of 5 compilers, seed 1, signatures 0 to 19' "$folder/out"
expect '"signatures": 80' "$folder/report.json"
expect '"broken": 1' "$folder/report.json"
exit $failed
