## A program in Nim's own types.
import options, hooks
type
  Obj = object
  Err = object
  Domain = enum io = 3, parse = 7
  Kind = enum nothing, flag, number, ratio, text, strings
  Property = object
    case kind: Kind
    of nothing: discard
    of flag: flag: bool
    of number: number: int64
    of ratio: ratio: float
    of text: text: string
    of strings: strings: seq[string]
  Info = object
    name: string
    size: uint64
    etag: Option[string]
  Put = object
    case o: bool
    of false: e: ptr Err
    of true: v: ptr Obj
  Query = object
    case o: bool
    of false: e: ptr Err
    of true: v: Info
lists(string, nim_new_strings, nim_drop_strings)
lists(byte, nim_new_bytes, nim_drop_bytes)

{.pragma: api, importc: "use_$1".}
proc make(name: string): ptr Obj {.importc: "use_new".}
proc again(o: ptr Obj): ptr Obj {.importc: "use_ref".}
proc same(a: ptr Obj, b: Option[ptr Obj]): bool {.api.}
proc name(o: ptr Obj): string {.api.}
proc set(o: ptr Obj, name: string, p: Property, error: var Option[ptr Err]): bool {.api.}
proc get(o: ptr Obj, name: string): Property {.api.}
proc put(o: ptr Obj, name: string, p: sink Property): Put {.api.}
proc connect(o: ptr Obj, signal: string, run: proc (o: ptr Obj, detail: Property): bool): uint64 {.api.}
proc disconnect(o: ptr Obj, id: uint64): bool {.api.}
proc emit(o: ptr Obj, signal: string, detail: Property): uint32 {.api.}
proc load(o: ptr Obj, path: string, content: var seq[byte], error: var Option[ptr Err]): bool {.api.}
proc query(o: ptr Obj, path: string): Query {.api.}
proc names(o: ptr Obj): seq[string] {.api.}
proc load_later(o: ptr Obj, path: string, done: proc (o: ptr Obj, outcome: Property, failed: Option[ptr Err])) {.api.}
proc iterate(): bool {.api.}
proc error_domain(e: ptr Err): Domain {.api.}
proc error_code(e: ptr Err): int32 {.api.}
proc error_text(e: ptr Err): string {.api.}
proc alive(): int32 {.api.}
proc ob_unref(o: ptr Obj) {.importc, cdecl.}
proc ob_error_free(e: ptr Err) {.importc, cdecl.}

proc fails(e: ptr Err, domain: Domain, code: int32, text: string) =
  expect error_domain(e) == domain and error_code(e) == code and error_text(e) == text
  ob_error_free e

proc properties(o: ptr Obj) =
  var error: Option[ptr Err]
  expect set(o, "text", Property(kind: text, text: "käse"), error) and error.isNone
  expect set(o, "flag", Property(kind: flag, flag: true), error)
  expect set(o, "list", Property(kind: strings, strings: @["a", "", "ö"]), error)
  expect set(o, "ratio", Property(kind: ratio, ratio: 0.5), error)
  expect not set(o, "", Property(kind: text, text: "lost"), error)
  fails(error.get, parse, -2, "no näme")
  expect get(o, "text").text == "käse" and get(o, "flag").flag and get(o, "ratio").ratio == 0.5
  expect get(o, "list").strings == @["a", "", "ö"] and get(o, "missing").kind == nothing
  expect names(o) == @["text", "flag", "list", "ratio"]

proc references(o: ptr Obj) =
  let other = again(o)
  expect same(o, some(other)) and not same(o, none(ptr Obj))
  let put1 = put(other, "list", Property(kind: strings, strings: @["new"]))
  expect put1.o and same(o, some(put1.v)) and get(o, "list").strings == @["new"]
  let put2 = put(put1.v, "", Property(kind: text, text: "lost"))
  expect not put2.o
  fails(put2.e, parse, -2, "no näme")

type Counter = ref object
  calls: int
var ended: int
proc finish(c: Counter) = inc ended
proc counter(): Counter = new(result, finish)

proc handler(c: Counter, answer: bool): proc (o: ptr Obj, detail: Property): bool =
  result = proc (o: ptr Obj, detail: Property): bool =
    inc c.calls
    expect name(o) == "nämed" and detail.text == "what"
    answer

proc signals(o: ptr Obj) =
  var ids: seq[uint64]
  for i in 0 .. 3: ids.add connect(o, "changed", handler(counter(), i mod 2 == 0))
  expect ids == @[1'u64, 2, 3, 4] and connect(o, "changed", handler(counter(), true)) == 0
  expect emit(o, "changed", Property(kind: text, text: "what")) == 2 and emit(o, "other", Property(kind: nothing)) == 0
  expect disconnect(o, 3) and not disconnect(o, 3)
  expect emit(o, "changed", Property(kind: text, text: "what")) == 1

proc files(o: ptr Obj) =
  var
    content: seq[byte]
    error: Option[ptr Err]
  expect load(o, "/etc", content, error) and error.isNone and content == @[byte '/', byte 'e', byte 't', byte 'c']
  expect not load(o, "etc", content, error) and content.len == 0
  fails(error.get, io, 2, "not there")
  let found = query(o, "/etc")
  expect found.o and found.v.name == "etc" and found.v.size == 4 and found.v.etag == some("tag")
  expect query(o, "/usr").v.etag.isNone
  fails(query(o, "usr").e, io, 2, "not there")

proc later(o: ptr Obj) =
  var seen: seq[string]
  let done = proc (o: ptr Obj, outcome: Property, failed: Option[ptr Err]) =
    if failed.isSome:
      seen.add error_text(failed.get)
      ob_error_free failed.get
    else: seen.add name(o) & outcome.text
  load_later(o, "/a", done)
  load_later(o, "/never", done)
  expect iterate() and not iterate()
  load_later(o, "b", done)
  expect iterate() and seen == @["nämed/a", "not there"]

proc all() =
  let o = make("nämed")
  expect name(o) == "nämed"
  properties(o)
  references(o)
  signals(o)
  files(o)
  later(o)
  ob_unref(o)

consumer:
  ended = 0
  all()
  collect()
  expect alive() == 0 and ended == 5
