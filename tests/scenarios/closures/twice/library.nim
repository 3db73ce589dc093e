## Keeps a closure that may be called once, and calls it as often as it is told to.
import ../lib/hooks
export hooks

var waiting: proc (total: uint64)

proc wait(done: proc (total: uint64)) {.exportc, dynlib, nimcall.} = waiting = done

proc finish(times: uint32) {.exportc, dynlib, nimcall.} =
  for i in 1 .. times: waiting(i)
  waiting = nil
  GC_fullCollect()
