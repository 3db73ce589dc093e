## A program that uses SQLite itself, in Nim's own types.
import options, hooks
type
  Database = object
  Statement = object
  Context = object
  Value = object
  Code = distinct cint
  OpenFlag = enum flag0, readWrite, create, flag3, flag4, flag5, flag6, memory
  Kind {.size: 4.} = enum integer = 1, float = 2, text = 3, blob = 4, null = 5
  Texts = ptr UncheckedArray[cstring]
  Row = proc (user: pointer, count: cint, values, names: Texts): cint {.nimcall.}
  Function = proc (c: ptr Context, count: cint, values: ptr UncheckedArray[ptr Value]) {.nimcall.}
const transient = -1
proc `==`(a, b: Code): bool {.borrow.}
const (ok, constraint, rangeCode, row, done, error) = (Code 0, Code 19, Code 25, Code 100, Code 101, Code 1)

{.pragma: api, importc: "use_$1".}
proc open(path: string, d: var Option[ptr Database], how: set[OpenFlag], vfs: Option[string]): Code {.api.}
proc prepare(d: ptr Database, sql: string, bytes: cint, s: var Option[ptr Statement], rest: pointer): Code {.api.}
proc exec(d: ptr Database, sql: string, each: Option[Row], user: pointer, message: var Option[string]): Code {.api.}
proc bind_int64(s: ptr Statement, at: cint, n: int64): Code {.api.}
proc bind_double(s: ptr Statement, at: cint, n: float64): Code {.api.}
proc bind_text(s: ptr Statement, at: cint, text: string, bytes: cint, how: int): Code {.api.}
proc bind_blob(s: ptr Statement, at: cint, data: openArray[byte], how: int): Code {.api.}
proc step(s: ptr Statement): Code {.api.}
proc reset(s: ptr Statement): Code {.api.}
proc column_count(s: ptr Statement): cint {.api.}
proc column_type(s: ptr Statement, column: cint): Kind {.api.}
proc column_int64(s: ptr Statement, column: cint): int64 {.api.}
proc column_double(s: ptr Statement, column: cint): float64 {.api.}
proc column_text(s: ptr Statement, column: cint): Option[string] {.api.}
proc column_name(s: ptr Statement, column: cint): string {.api.}
proc column_blob(s: ptr Statement, column: cint): ptr UncheckedArray[byte] {.api.}
proc column_bytes(s: ptr Statement, column: cint): cint {.api.}
proc errmsg(d: ptr Database): string {.api.}
proc errstr(c: Code): cstring {.api.}
proc changes(d: ptr Database): cint {.api.}
proc create_function(d: ptr Database, name: string, count, text: cint, user: pointer, call: Function, step, final: pointer,
                     ended: proc (data: pointer) {.nimcall.}): Code {.api.}
proc user_data(c: ptr Context): pointer {.api.}
proc value_int64(v: ptr Value): int64 {.api.}
proc value_text(v: ptr Value): Option[string] {.api.}
proc result_text(c: ptr Context, text: string, bytes: cint, how: int) {.api.}
proc sqlite3_close(d: ptr Database): cint {.importc, cdecl.}
proc sqlite3_finalize(s: ptr Statement): cint {.importc, cdecl.}
proc sqlite3_memory_used(): int64 {.importc, cdecl.}

proc prepared(d: ptr Database, sql: string): ptr Statement =
  var s: Option[ptr Statement]
  expect prepare(d, sql, -1, s, nil) == ok and s.isSome
  s.get

proc fill(d: ptr Database) =
  var message: Option[string]
  expect exec(d, "create table t(id integer primary key, name text, weight real, data blob)", none(Row), nil, message) == ok
  expect message.isNone
  let s = prepared(d, "insert into t values(?, ?, ?, ?)")
  let bytes = [1'u8, 0, 255]
  for i, name in ["käse", "", "brot"]:
    expect bind_int64(s, 1, 10 * i) == ok and bind_text(s, 2, name, -1, transient) == ok
    expect bind_double(s, 3, i / 2) == ok and bind_blob(s, 4, bytes[0 .. i], transient) == ok
    expect bind_int64(s, 5, 0) == rangeCode
    expect step(s) == done and reset(s) == ok and changes(d) == 1
  expect bind_int64(s, 1, 0) == ok and step(s) == constraint
  expect errmsg(d) == "UNIQUE constraint failed: t.id" and errstr(constraint) == "constraint failed"
  discard sqlite3_finalize(s)

proc read(d: ptr Database) =
  let s = prepared(d, "select id, name, weight, data, null from t order by id")
  expect column_count(s) == 5 and column_name(s, 2) == "weight"
  for i, name in ["käse", "", "brot"]:
    expect step(s) == row and column_int64(s, 0) == 10 * i and column_text(s, 1) == some(name)
    expect column_double(s, 2) == i / 2 and column_type(s, 3) == blob and column_bytes(s, 3) == cint i + 1
    expect column_blob(s, 3)[i] == [1'u8, 0, 255][i] and column_text(s, 4).isNone and column_type(s, 4) == null
  expect step(s) == done
  discard sqlite3_finalize(s)

type Seen = object
  rows: int
  words: string
proc see(user: pointer, count: cint, values, names: Texts): cint =
  let seen = cast[ptr Seen](user)
  inc seen.rows
  for i in 0 ..< count: seen.words.add $names[i] & "=" & (if values[i] == nil: "?" else: $values[i]) & " "
  cint(seen.rows == 2)

proc execute(d: ptr Database) =
  var
    seen: Seen
    message = some("what was there")
  let code = exec(d, "select id, nullif(name, '') as n from t order by id", some(Row see), addr seen, message)
  expect code == Code(4) and seen.words == "id=0 n=käse id=10 n=? "     # 4: the callback wanted no more
  expect message == some("query aborted")
  expect exec(d, "selec", none(Row), nil, message) == error and message == some("near \"selec\": syntax error")
  expect exec(d, "select 1", none(Row), nil, message) == ok and message.isNone

var ended: int
proc repeat(c: ptr Context, count: cint, values: ptr UncheckedArray[ptr Value]) =
  let glue = cast[ptr string](user_data(c))[]
  var all = ""
  for i in 1 .. value_int64(values[1]): all.add value_text(values[0]).get("none") & glue
  result_text(c, all, -1, transient)

proc functions(d: ptr Database) =
  var glue = "+"
  expect create_function(d, "repeat", 2, 1, addr glue, repeat, nil, nil, proc (data: pointer) {.nimcall.} = inc ended) == ok
  let s = prepared(d, "select repeat('ä', 3), repeat(null, 1)")
  expect step(s) == row and column_text(s, 0) == some("ä+ä+ä+") and column_text(s, 1) == some("none+")
  discard sqlite3_finalize(s)

consumer:
  var d: Option[ptr Database]
  ended = 0
  expect open("/nowhere/at/all", d, {readWrite}, none(string)) == Code(14)
  discard sqlite3_close(d.get)
  expect open(":memory:", d, {readWrite, create, memory}, none(string)) == ok
  fill(d.get)
  read(d.get)
  execute(d.get)
  functions(d.get)
  expect sqlite3_close(d.get) == 0 and ended == 1
  expect sqlite3_memory_used() == 0
