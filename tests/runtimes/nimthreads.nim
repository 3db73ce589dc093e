# A closure that allocates on a thread which Nim did not start. Under refc that thread must be told to the runtime first.
proc callElsewhere(f: proc (n: int32): int32 {.closure.}, count: int32): int32 {.importc: "nim_call_elsewhere".}
proc nimGC_setStackBottom(bottom: pointer) {.importc, compilerproc, used.}

var attached {.threadvar.}: bool
var attaches: int
proc enter(bottom: pointer) {.exportc: "n_thread_enter", cdecl.} =
  when not (defined(gcArc) or defined(gcOrc)):
    setupForeignThreadGc()
    nimGC_setStackBottom(bottom)
  if not attached:
    attached = true
    atomicInc(attaches)

proc main() =
  var total = 0
  let base = "x"
  let sum = callElsewhere(proc (n: int32): int32 =
    var kept: seq[string]
    for i in 0 .. 200: kept.add base & $i & $n
    {.cast(gcsafe).}: total += kept[^1].len
    int32(kept.len), 200)
  echo sum, " ", total, " ", attaches

main()
