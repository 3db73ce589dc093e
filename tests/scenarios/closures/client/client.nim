## Calls every function of the library, and prints how many environments of its own are alive after each.
import options, ../lib/hooks, ../lib/counting

{.pragma: library, importc: "nim_keeper_$1", nimcall.}

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

proc each(count: uint32, cb: OnEvent): uint64 {.library.}
proc keep(slot: uint32, cb: OnEvent): uint32 {.library.}
proc watch(w: Watch): uint32 {.library.}
proc fire(slot: uint32, e: Event, weight: float): uint64 {.library.}
proc forget(slot: uint32): uint32 {.library.}
proc later(done: OnDone): uint32 {.library.}
proc finish(total: uint64): uint32 {.library.}
proc cancel(): uint32 {.library.}
proc adder(by: int32): Step {.library.}
proc chain(first, second: Step): Step {.library.}
proc maybe(n: int32, f: Option[Step]): int32 {.library.}
proc libraryLive(): int64 {.importc: "nim_keeper_live", nimcall.}

proc eventClosure(start: uint64): OnEvent =
  let counter = newCounter(start)
  result = proc (e: Event, weight: float): uint64 =
    inc counter.calls
    counter.start + counter.calls + e.id + e.at + e.first + e.last + e.note + uint64(4 * weight)

proc stepClosure(start: uint64): Step =
  let counter = newCounter(start)
  result = proc (n: int32): int32 =
    inc counter.calls
    int32(counter.start + counter.calls) * n

proc doneClosure(start: uint64): OnDone =
  let counter = newCounter(start)
  result = proc (total: uint64) = echo "done: ", counter.start + total

proc ownLive(): int64 =
  collect()
  live

proc fire(slot: uint32, id: uint64) =
  echo "fire ", slot, ": ", fire(slot, Event(id: id, at: 1, first: 2, last: 3, note: 4), 2.5)

# Each part is a call of its own, so that nothing stays behind on the stack.
proc lend() {.noinline.} =
  echo "each: ", each(3, eventClosure(1000))

proc give(slot: uint32, start: uint64) {.noinline.} = discard keep(slot, eventClosure(start))
proc giveInStruct() {.noinline.} = discard watch(Watch(tag: 2, cb: eventClosure(40)))
proc giveOnce(start: uint64): uint32 {.noinline.} = later(doneClosure(start))

proc use(name: string, step: Step, n: int32) =
  let first = step(n)
  echo name, ": ", first, " ", step(n)

proc add() {.noinline.} = use("adder", adder(5), 10)
proc join() {.noinline.} = use("chain", chain(stepClosure(2), stepClosure(3)), 10)
proc perhaps(): string {.noinline.} =
  result = $maybe(4, none(Step))
  result.add " " & $maybe(4, some(stepClosure(8)))

proc main() =
  lend()
  give(0, 10)
  give(1, 20)
  echo "keep: ", ownLive()
  fire(0, 5)
  fire(1, 6)
  fire(0, 5)
  give(0, 30)
  echo "replace: ", ownLive()
  fire(0, 5)
  giveInStruct()
  fire(2, 7)
  echo "watch: ", ownLive()
  for slot in 0'u32 .. 3: echo "forget: ", forget(slot)
  fire(0, 5)
  echo "forgotten: ", ownLive()
  let first = giveOnce(100)
  let second = giveOnce(200)
  echo "later: ", first, " ", second, " ", ownLive()
  let finished = finish(7)
  echo "finish: ", finished, " ", ownLive()
  discard giveOnce(300)
  let cancelled = cancel()
  echo "cancel: ", cancelled, " ", ownLive()
  add()
  join()
  echo "maybe: ", perhaps()
  collect()
  let others = libraryLive()
  echo "live: ", ownLive(), " ", others

main()
