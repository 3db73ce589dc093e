# A Nim program of one release (-d:release1, -d:release2) with a library of another (-d:library2).
const newer = defined(release2)
const libraryIsNewer = defined(library2)
type
  Options = object
    level: uint32
    scale: float64
    name: string
    when newer:
      extra: uint8
      tag: string
      limit: Limit
  Limit = object # Option[uint32] of the library `options`
    val: uint32
    has: bool
  Counters = object
    calls: uint32
    bytes: uint8
    when newer:
      lost: uint8
      spare: uint32
  Report = object
    code: uint64
    text: string
    when newer:
      detail: string

proc nim_set_string(text: var string, data: pointer, len: int) {.exportc, cdecl.} =
  text = newString(len)
  if len > 0: copyMem(addr text[0], data, len)
proc nim_drop_string(text: var string) {.exportc, cdecl.} = reset text

proc open(o: Options): int64 {.importc: "nim_open".}
proc read(n: uint32, c: var Counters) {.importc: "nim_read".}
proc change(c: var Counters, by: uint32) {.importc: "nim_change".}
proc make(n: uint32): Report {.importc: "nim_make".}
proc send(r: sink Report): int64 {.importc: "nim_send".}
proc each(n: uint32, visit: proc (o: Options): int64 {.closure.}): int64 {.importc: "nim_each".}

var o = Options(level: 2, scale: 1.5, name: "name")
when newer and libraryIsNewer:
  o.extra = 3
  o.tag = "tag"
  o.limit = Limit(val: 5, has: true)
doAssert open(o) == 2 + 15 + 400 + (if newer and libraryIsNewer: 533000 else: 0)

var c: Counters
read(4, c)
doAssert c.calls == 4 and c.bytes == 7
when newer:
  doAssert c.lost == (if libraryIsNewer: 8 else: 0) and c.spare == (if libraryIsNewer: 9 else: 0)
change(c, 10)
doAssert c.calls == 14 and c.bytes == 8
when newer:
  doAssert c.lost == (if libraryIsNewer: 9 else: 0) and c.spare == (if libraryIsNewer: 19 else: 0)

let r = make(6)
doAssert r.code == 6 and r.text == "a text of its own"
when newer:
  doAssert r.detail == (if libraryIsNewer: "what the second release adds" else: "")
doAssert send(r) == 6 + 17 + (if newer and libraryIsNewer: 28000 else: 0)

var calls = 0
proc visit(o: Options): int64 =
  inc calls
  doAssert o.name == "each"
  when newer:
    doAssert o.extra == 0 and o.tag == "" and not o.limit.has
  int64(o.level) + int64(10 * o.scale)
doAssert each(4, proc (o: Options): int64 = visit(o)) == 26 and calls == 4
