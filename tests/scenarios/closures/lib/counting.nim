## What closures hold, so that it can be seen when they are gone.
type
  CounterObj = object
    calls*, start*: uint64
  Counter* = ref CounterObj

var live*: int64

proc finish(counter: Counter) = dec live

proc newCounter*(start: uint64): Counter =
  new(result, finish)
  result.start = start
  inc live

proc scrub() {.noinline.} =
  ## Overwrites what calls have left on the stack: refc looks for references there.
  var room {.volatile.}: array[2000, int]
  for word in room.mitems: word = 0

proc collect*() {.noinline.} =
  scrub()
  GC_fullCollect()
