## The library as Nim has it.
import hooks, options, counting
export hooks

{.pragma: library, exportc: "keeper_$1", dynlib, nimcall.}

type
  Event = object
    id, at, first, last: uint64
    note: uint32
  OnEvent = proc (e: Event, weight: float): uint64
  OnDone = proc (total: uint64)
  Step = proc (n: int32): int32
  Watch = object
    tag: uint32
    cb: OnEvent

var
  slots: array[4, OnEvent]
  waiting: seq[OnDone]

proc each(count: uint32, cb: OnEvent): uint64 {.library.} =
  for i in 0'u64 ..< count:
    result += cb(Event(id: i, at: 10 * i, first: 100, last: 200, note: 7), 0.5 * float(i))

proc keep(slot: uint32, cb: OnEvent): uint32 {.library.} =
  slots[slot] = cb
  collect()
  slot

proc watch(w: Watch): uint32 {.library.} = keep(w.tag, w.cb)

proc fire(slot: uint32, e: Event, weight: float): uint64 {.library.} =
  if slots[slot] != nil: slots[slot](e, weight) else: 0

proc forget(slot: uint32): uint32 {.library.} =
  result = uint32(slots[slot] != nil)
  slots[slot] = nil
  collect()

proc later(done: OnDone): uint32 {.library.} =
  waiting.add done
  uint32(waiting.len)

proc finish(total: uint64): uint32 {.library.} =
  for done in waiting: done(total)
  result = uint32(waiting.len)
  waiting.setLen 0
  collect()

proc cancel(): uint32 {.library.} =
  result = uint32(waiting.len)
  waiting.setLen 0
  collect()

proc adder(by: int32): Step {.library.} =
  let counter = newCounter(uint64(by))
  result = proc (n: int32): int32 = n + int32(counter.start)

proc chain(first, second: Step): Step {.library.} =
  let counter = newCounter(0)
  result = proc (n: int32): int32 =
    inc counter.calls
    second(first(n))

proc maybe(n: int32, f: Option[Step]): int32 {.library.} =
  result = if f.isSome: f.get()(n) else: -n
  collect()

proc live(): int64 {.library.} =
  collect()
  counting.live
