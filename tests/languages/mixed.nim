# Nim's side of mixed.py: n_* is called from C through thunks, nim_c_* are thunks that call C.
type
  ENeg = enum low = -3, high = 300
  EUp = enum zero, last = 200
  Big = object
    a, b, c, d: int64
  Small = object
    x, y: float32
    n: int8
  ByRef {.byref.} = object
    v: int16
  ClosBig = proc (x: Big): Big {.closure.}
  ClosInt = proc (x: int32): int32 {.closure.}
  Twelve = range[0 .. 11]
  Each = proc (user: pointer, x: Big, k: int8): Big {.nimcall.}
  Inner = tuple[p: float32, q: int64]
  Pair = tuple[a: int8, b: Inner]
  Four = tuple[a, b, c, d: int64]

{.pragma: exported, exportc, nimcall.}

proc n_scalars(a: int8, b: uint16, c: bool, d: float32, e: ENeg, f: EUp, g: uint64, h: char, i: int16): ENeg {.exported.} =
  if a == -5 and b == 65535 and c and d == 1.5 and e == low and f == last and g == 0xfedcba9876543210'u64 and
      h == 'q' and i == -300: high else: low
proc n_up(e: EUp): EUp {.exported.} = (if e == last: zero else: last)
proc n_arrays(a: array[4, int16], s: set[char], t: set[Twelve], tail: int8): array[5, int32] {.exported.} =
  for i in 0 .. 3: result[i] = a[i] * 2
  result[4] = int32(card(s)) * 1000 + int32(card(t)) * 100 + tail
proc n_sets(t: set[Twelve], u: set[char]): set[char] {.exported.} =
  result = {'\0' .. '\255'} - u
  for x in t: result.incl char(x)
proc n_small_set(t: set[0..39]): set[0..39] {.exported.} =
  for x in 0 .. 39:
    if x notin t: result.incl x
proc n_open(xs: openArray[int32], ys: openArray[Big], k: int8): Big {.exported.} =
  for x in xs: result.a += x
  for y in ys: result.b += y.d
  result.c = xs.len * 100 + ys.len
  result.d = k
proc n_tuple(t: Pair, k: int8): Four {.exported.} = (int64(t.a), int64(t.b.p), t.b.q, int64(k))
proc n_var(x: var Big, y: var int8, z: var array[4, int16]) {.exported.} =
  x.c = x.a + x.b
  y = -y
  swap(z[0], z[3])
proc n_byref(x: ByRef, y: int8): int32 {.exported.} = int32(x.v) * y
proc n_lent(x: var Big): var int64 {.exported.} = x.d
proc n_many(a: int8, b: Big, c: float64, d: Small, e: int16, f: openArray[byte], g: Big, h: float32, i: int32, j: int64,
            k: Small): Small {.exported.} =
  result.x = float32(b.a + g.d) + d.x + k.y
  result.y = float32(c) + h
  result.n = int8(a + int8(e) + int8(f.len) + int8(i) + int8(j) + d.n + k.n)
proc n_call_closure(f: ClosBig, x: Big, times: int32): Big {.exported.} =
  result = x
  for _ in 1 .. times: result = f(result)
proc n_call_small(f: ClosInt, x: int32): int32 {.exported.} = f(f(x))
proc n_each(xs: openArray[Big], each: Each, user: pointer): Big {.exported.} =
  for i in 0 ..< xs.len:
    let y = each(user, xs[i], int8(i))
    result.a += y.a
    result.d += y.d
proc n_cdecl(x: Big, e: EUp): Big {.exportc, cdecl.} =
  result = x
  result.b = ord(e)

{.pragma: thunk, importc, nimcall.}
proc nim_c_scalars(a: int8, b: uint16, c: bool, d: float32, e: ENeg, f: EUp, g: uint64, h: char, i: int16): ENeg {.thunk.}
proc nim_c_arrays(a: array[4, int16], s: set[char], t: set[Twelve], tail: int8): array[5, int32] {.thunk.}
proc nim_c_open(xs: openArray[int32], ys: openArray[Big], k: int8): Big {.thunk.}
proc nim_c_tuple(t: Pair, k: int8): Four {.thunk.}
proc nim_c_var(x: var Big, y: var int8, z: var array[4, int16]) {.thunk.}
proc nim_c_many(a: int8, b: Big, c: float64, d: Small, e: int16, f: openArray[byte], g: Big, h: float32, i: int32,
                j: int64, k: Small): Small {.thunk.}
proc nim_c_alias(x: Big, y: int8): Big {.thunk.}

var global: Big

proc n_calls(x: int32): int32 {.exported.} =
  ## The bits of the calls that went wrong.
  template check(bit: int, good: bool) =
    if not good: result = result or int32(1 shl bit)
  let bytes = [1'u8, 2, 3, 4, 5]
  let big = Big(a: 1, b: 2, c: 3, d: 4)
  let small = Small(x: 1, y: 2, n: 3)
  check 0, nim_c_scalars(-5, 65535, true, 1.5, low, last, 0xfedcba9876543210'u64, 'q', -300) == high
  check 1, nim_c_scalars(-5, 65535, false, 1.5, low, last, 0xfedcba9876543210'u64, 'q', -300) == low
  check 2, nim_c_arrays([1'i16, -2, 3, -4], {'a', 'b', '\255'}, {Twelve(0), Twelve(11)}, -7) == [2'i32, -4, 6, -8, 3193]
  check 3, nim_c_open([x, 2, 3], [big, big], -4) == Big(a: x + 5, b: 8, c: 302, d: -4)
  check 4, nim_c_open(newSeq[int32](), newSeq[Big](), 9) == Big(d: 9)
  check 5, nim_c_tuple((-3'i8, (2.0'f32, 1'i64 shl 40)), 5) == (-3'i64, 2'i64, 1'i64 shl 40, 5'i64)
  var v = big
  var y = 5'i8
  var z = [1'i16, 2, 3, 4]
  nim_c_var(v, y, z)
  check 6, v == Big(a: 1, b: 2, c: 3, d: 3) and y == -5 and z == [4'i16, 2, 3, 1]
  check 7, nim_c_many(1, big, 0.5, small, 2, bytes, big, 0.25, 3, 4, small) == Small(x: 8, y: 0.75, n: 21)
  v = nim_c_alias(v, 7)
  check 8, v == Big(a: 3, b: 3, c: 2, d: 8)
  global = big
  global = nim_c_alias(global, 1)
  check 9, global == Big(a: 4, b: 3, c: 2, d: 2)
