## A program in Nim's own types.
import options, hooks
type
  Database = object
  Statement = object
  Fault {.size: 4.} = enum failed = 1, busy = 5, noMemory = 7, misuse = 21, range = 25
  Step {.size: 4.} = enum row = 100, done = 101
  Mode = enum readonly, unused1, create, unused3, unused4, unused5, unused6, memory
  Bytes = object
    data: ptr UncheckedArray[byte]
    len: int
  ValueKind = enum nothing, integer, real, text, blob
  Value = object
    case kind: ValueKind
    of nothing: discard
    of integer: integer: int64
    of real: real: float
    of text: text: string
    of blob: blob: Bytes
  GiftKind = enum giftNothing, giftInteger, giftText
  Gift = object
    case kind: GiftKind
    of giftNothing: discard
    of giftInteger: integer: int64
    of giftText: text: string
  Result[T] = object
    case o: bool
    of false: e: Fault
    of true: v: T
  Status = object
    case o: bool
    of false: e: Fault
    of true: discard

lists(string, nim_new_strings, nim_drop_strings)
lists(Value, nim_new_values, nim_drop_values)
lists(byte, nim_new_bytes, nim_drop_bytes)

{.pragma: api, importc: "use_$1".}
proc open(path: string, how: set[Mode]): Result[ptr Database] {.api.}
proc prepare(d: ptr Database, sql: string): Result[ptr Statement] {.api.}
proc `bind`(s: ptr Statement, at: uint32, v: Value): Status {.importc: "use_bind".}
proc bind_static(s: ptr Statement, at: uint32, data: openArray[byte], done: proc (bytes: uint)): Status {.api.}
proc advance(s: ptr Statement): Result[Step] {.api.}
proc cell(s: ptr Statement, column: uint32): Option[Value] {.api.}
proc text(s: ptr Statement, column: uint32): Option[string] {.api.}
proc blob(s: ptr Statement, column: uint32): Bytes {.api.}
proc message(d: ptr Database): string {.api.}
proc define(d: ptr Database, name: string, does: proc (args: openArray[Value]): Gift): Status {.api.}
proc each(d: ptr Database, sql: string, row: proc (cells: openArray[Value], names: openArray[string]): bool): Result[uint64] {.api.}
proc names(d: ptr Database): seq[string] {.api.}
proc alive(): uint32 {.api.}
proc db_close(d: ptr Database) {.importc, cdecl.}
proc db_finalize(s: ptr Statement) {.importc, cdecl.}

type Counter = ref object
  calls: int

proc bytes(b: Bytes): seq[byte] = (for i in 0 ..< b.len: result.add b.data[i])

proc cells(d: ptr Database) =
  let s = prepare(d, "7,2.5,'käse',null,?1,?2;-9").v
  expect s.bind(1, Value(kind: text, text: "bound")).o
  expect s.bind(9, Value(kind: integer, integer: 1)).e == range
  let ended = Counter()
  var data = [1'u8, 2, 0, 255]
  expect s.bind_static(2, data, proc (bytes: uint) = ended.calls += int(bytes)).o
  expect s.bind_static(77, data, proc (bytes: uint) = ended.calls += 1000).e == range
  expect s.advance.v == row
  expect s.cell(0).get.integer == 7
  expect s.cell(1).get.real == 2.5
  expect s.text(2).get == "käse" and s.text(0).isNone
  expect s.cell(3).get.kind == nothing and s.cell(6).isNone
  expect s.cell(4).get.text == "bound"
  data[0] = 77 # it is looked at, not copied
  expect s.blob(5).bytes == @[77'u8, 2, 0, 255] and s.blob(1).len == 0
  expect s.advance.v == row and s.cell(0).get.integer == -9
  expect s.advance.v == done and ended.calls == 0
  db_finalize(s)
  expect ended.calls == 4

proc functions(d: ptr Database) =
  let counter = Counter()
  let concat = proc (args: openArray[Value]): Gift =
    inc counter.calls
    var all = ""
    for a in args: all.add (if a.kind == text: a.text else: $a.integer)
    Gift(kind: giftText, text: all & "!")
  expect d.define("concat", concat).o
  expect d.define("count", proc (args: openArray[Value]): Gift = Gift(kind: giftInteger, integer: args.len + counter.calls)).o
  expect d.define("late", concat).e == busy
  expect d.names == @["concat", "count"]
  let s = prepare(d, "concat(),count();count()").v
  expect s.bind(2, Value(kind: text, text: "x")).o and s.bind(1, Value(kind: integer, integer: 40)).o
  expect s.advance.v == row and s.text(0).get == "40x!" and s.cell(1).get.integer == 3
  expect s.advance.v == row and s.cell(0).get.integer == 3
  db_finalize(s)
  expect counter.calls == 1

proc rows(d: ptr Database) =
  var sum = 0
  var seen: seq[string]
  let see = proc (cells: openArray[Value], names: openArray[string]): bool =
    sum += int(cells[0].integer)
    seen = @names
    if cells.len > 1: seen.add cells[1].text
    cells[0].integer < 2
  let all = d.each("1,'a';2,'bc';3", see)
  expect all.v == 2 and sum == 3 and seen == @["first", "zwöl", "bc"]
  expect d.each("", see).e == failed and d.message == "nöthing to do"

consumer:
  expect open("nowhere", {create}).e == misuse
  let d = open(":memory:", {create, memory})
  expect d.o and d.v.message == ""
  cells(d.v)
  functions(d.v)
  rows(d.v)
  db_close(d.v)
  collect()
  expect alive() == 0
