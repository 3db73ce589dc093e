## The library in Nim. A handle is the address of an object that is counted once more as long as it is open.
import options, hooks
type
  Trouble = object
    kind: uint16
    other: int32
  Mode = enum default, once, nowait
  Result[T] = object
    case o: bool
    of false: e: Trouble
    of true: v: T
  Status = object
    case o: bool
    of false: e: Trouble
    of true: discard
  Bytes = object
    data: ptr UncheckedArray[byte]
    len: int
  OnTick = proc (t: Timer, count: uint64): bool
  OnWork = proc (): int64
  OnDone = proc (outcome: Result[int64])
  OnData = proc (chunk: Result[Bytes])
  TimerObj = object
    owner: LoopRef
    data: pointer
    tick: OnTick
    at, every, count: uint64
  TimerRef = ref TimerObj
  Timer = ptr TimerObj
  LoopObj = object
    name: string
    now, events: uint64
    timers: seq[TimerRef]
    jobs: seq[(OnWork, OnDone)]
    chunks: seq[seq[byte]]
    reader: OnData
    isRunning: bool
  LoopRef = ref LoopObj
  Loop = ptr LoopObj
  Stats = object
    events: uint64
    idle: float
    name: string
lists(byte, nim_new_bytes, nim_drop_bytes)

var live: uint32
const
  einval = Trouble(kind: 22)
  ebusy = Trouble(kind: 16)
  eof = Trouble(kind: 4095)

proc failed(e: Trouble): Status = Status(o: false, e: e)
proc done(): Status = Status(o: true)

{.pragma: library, exportc: "ev_$1".}
proc alive(): uint32 {.library.} =
  collect()
  live

proc open(name: string): Option[Loop] {.library.} =
  if name.len == 0: return none(Loop)
  let l = LoopRef(name: name)
  GC_ref l
  inc live
  some(cast[Loop](l))

proc now(l: Loop): uint64 {.library.} = l.now

proc new_timer(l: Loop): Timer {.library.} =
  let t = TimerRef(owner: cast[LoopRef](l))
  GC_ref t
  l.timers.insert(t, 0)
  inc live
  cast[Timer](t)

proc start(t: Timer, after, every: uint64, tick: OnTick): Status {.library.} =
  if t.tick != nil: return failed(ebusy)
  t.tick = tick
  t.at = t.owner.now + after
  t.every = every
  t.count = 0
  inc live
  done()

proc stop(t: Timer): Status {.library.} =
  if t.tick == nil: return failed(einval)
  t.tick = nil
  dec live
  done()

proc ev_timer_close(t: Timer) {.exportc, cdecl.} =
  discard stop(t)
  let timer = cast[TimerRef](t)
  timer.owner.timers.delete(timer.owner.timers.find(timer))
  timer.owner = nil
  GC_unref timer
  dec live

proc set_data(t: Timer, data: pointer) {.library.} = t.data = data
proc data(t: Timer): pointer {.library.} = t.data

proc queue(l: Loop, work: sink OnWork, done: sink OnDone): Status {.library.} =
  if l.jobs.len == 2: return failed(Trouble(kind: 4096, other: 12))
  l.jobs.add (work, done)
  inc live
  Status(o: true)

proc send(l: Loop, data: seq[byte]): Result[uint] {.library.} =
  if data.len == 0 or l.chunks.len == 4: return Result[uint](o: false, e: einval)
  l.chunks.add data
  Result[uint](o: true, v: uint data.len)

proc read(l: Loop, each: OnData): Status {.library.} =
  if l.reader != nil: return failed(ebusy)
  l.reader = each
  inc live
  done()

proc walk(l: Loop, see: proc (t: Timer, active: bool)) {.library.} =
  for t in l.timers: see(cast[Timer](t), t.tick != nil)

proc outcomeOf(r: int64): Result[int64] =
  if r > 0: Result[int64](o: true, v: r)
  elif r == 0: Result[int64](o: false, e: ebusy)
  else: Result[int64](o: false, e: Trouble(kind: 4096, other: int32 -r))

proc tick(l: Loop, t: Timer) =
  l.now = t.at
  inc l.events
  t.at += t.every
  inc t.count
  if not t.tick(t, t.count) or t.every == 0: discard stop(t)

proc nextTimer(l: Loop): Timer =
  for t in l.timers:
    if t.tick != nil and (result == nil or t.at <= result.at): result = cast[Timer](t)

proc endReader(l: Loop) =
  if l.reader == nil: return
  l.reader(Result[Bytes](o: false, e: eof))
  l.reader = nil
  dec live

proc run(l: Loop, how: Mode): Result[uint32] {.library.} =
  if l.isRunning: return Result[uint32](o: false, e: ebusy)
  l.isRunning = true
  for (work, done) in l.jobs:
    done(outcomeOf(work()))
    inc l.events
    dec live
  l.jobs.setLen 0
  for chunk in l.chunks:
    if l.reader != nil:
      l.reader(Result[Bytes](o: true, v: Bytes(data: cast[ptr UncheckedArray[byte]](unsafeAddr chunk[0]), len: chunk.len)))
    inc l.events
  l.chunks.setLen 0
  while how != nowait:
    let t = nextTimer(l)
    if t == nil: break
    tick(l, t)
    if how == once: break
  if how == default: endReader(l)
  var active = 0'u32
  for t in l.timers: active += uint32(t.tick != nil)
  l.isRunning = false
  Result[uint32](o: true, v: active)

proc ev_loop_close(l: Loop) {.exportc, cdecl.} =
  live -= uint32 l.jobs.len
  l.jobs.setLen 0
  endReader(l)
  GC_unref cast[LoopRef](l)
  dec live

proc measure(l: Loop, into: var Stats) {.library.} = into = Stats(events: l.events, idle: float(l.now) / 2, name: l.name)

proc text(code: Trouble): string {.library.} =
  case code.kind
  of 22: "invalid"
  of 16: "busy"
  of 4095: "ended"
  else: "other " & $code.other
