# A Nim library for C or Rust hosts. `c_*` names are {.exportc, dynlib.}, which
# implies cdecl; `n_*` names say nimcall and keep Nim's own convention. Neither has
# the C signature that its Nim text suggests. ({.exportc.} alone would be hidden in a
# shared object.)
{.pragma: napi, exportc, dynlib, nimcall.}
{.pragma: capi, exportc, dynlib.}
type
  Stats* = object                 # 40 bytes
    count*: int64
    sum*, mean*, lo*, hi*: float64
  Point* = object                 # 16 bytes
    x*, y*: float64
  Shape* = object                 # 40 bytes, nested
    id*: int32
    tag*: array[4, char]
    a*, b*: Point
  Counter* = proc (step: int): int {.closure.}
  ShapeMap* = proc (s: Shape): Shape {.closure.}
  Visit* = proc (user: pointer, s: Shape): bool {.cdecl.}

proc stats(xs: openArray[float64], scale: float64): Stats =
  if xs.len == 0: return
  result.lo = xs[0] * scale
  result.hi = result.lo
  for x in xs:
    let v = x * scale
    inc result.count
    result.sum += v
    result.lo = min(result.lo, v)
    result.hi = max(result.hi, v)
  result.mean = result.sum / float64(result.count)

proc grow(s: Shape, k: float64): Shape =
  result = s
  result.id += 1
  result.b = Point(x: s.b.x * k, y: s.b.y * k)

proc n_stats*(xs: openArray[float64], scale: float64): Stats {.napi.} = stats(xs, scale)
proc c_stats*(xs: openArray[float64], scale: float64): Stats {.capi.} = stats(xs, scale)
proc n_grow*(s: Shape, k: float64): Shape {.napi.} = grow(s, k)
proc c_grow*(s: Shape, k: float64): Shape {.capi.} = grow(s, k)
proc n_mid*(a, b: Point): Point {.napi.} = Point(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2)

proc n_counter*(start: int): Counter {.napi.} =
  var at = start
  result = proc (step: int): int =
    at += step
    at
proc n_shifter*(dx: float64): ShapeMap {.napi.} =
  result = proc (s: Shape): Shape =
    result = s
    result.a.x += dx
proc n_apply*(f: ShapeMap, s: Shape, times: int): Shape {.napi.} =
  result = s
  for _ in 0 ..< times: result = f(result)
proc n_plain_counter*(): Counter {.napi.} =
  # a closure without an environment: the pointer is called *without* the env argument
  result = proc (step: int): int = step * 2

proc n_each*(xs: openArray[Shape], visit: Visit, user: pointer): int {.napi.} =
  for s in xs:
    if not visit(user, s): break
    inc result

proc n_label*(s: Shape): string {.napi.} =
  result = "shape " & $s.id & " at " & $s.a.x
proc n_label_len*(s: Shape): int {.napi.} = n_label(s).len

proc n_add*(a, b: int): int {.napi.} =
  result = a + b
proc n_churn*(n: int): int {.napi.} =
  # allocates: on a thread Nim does not know this is where refc falls over
  var s: seq[string]
  for i in 0 ..< n: s.add $i & "-" & $(i * 7)
  for x in s: result += x.len

# Thread duties. refc scans the stack between "here" and a recorded bottom, so the
# bottom must lie in a frame *above* every Nim call the thread will make: the address
# recorded by setupForeignThreadGc itself (a local of that proc) is too deep for a host
# that calls several Nim procs one after the other.
proc n_thread_enter*(bottom: pointer) {.capi.} =
  when defined(gcArc) or defined(gcOrc):
    setupForeignThreadGc()            # exists, does nothing
  elif compileOption("threads"):
    setupForeignThreadGc()
    if bottom != nil: nimGC_setStackBottom(bottom)
  elif true:
    if bottom != nil: nimGC_setStackBottom(bottom)
proc n_thread_leave*() {.capi.} =
  when compileOption("threads") and not (defined(gcArc) or defined(gcOrc)):
    tearDownForeignThreadGc()
