## A program that uses GLib and GIO themselves, in Nim's own types.
import options, os, hooks
type
  Obj = object
  Main = object
  Err = object
    domain: uint32
    code: cint
    message: cstring
  Text = Option[string]

{.pragma: api, importc: "use_$1".}
proc file(path: string): ptr Obj {.api.}
proc path(f: ptr Obj): Text {.api.}
proc child(f: ptr Obj, name: string): ptr Obj {.api.}
proc same(a, b: ptr Obj): cint {.api.}
proc create(path: string, content: string, error: var Option[ptr Err]): cint {.api.}
proc load(f: ptr Obj, stop: Option[ptr Obj], content: var Text, length: var uint, etag: var Text, error: var Option[ptr Err]): cint {.api.}
proc load_later(f: ptr Obj, stop: Option[ptr Obj], done: proc (o: Option[ptr Obj], outcome: ptr Obj)) {.api.}
proc loaded(f: ptr Obj, outcome: ptr Obj, content: var Text, length: var uint, etag: var Text, error: var Option[ptr Err]): cint {.api.}
proc remove(f: ptr Obj, stop: Option[ptr Obj], error: var Option[ptr Err]): cint {.api.}
proc matches(e: ptr Err, domain: uint32, code: cint): cint {.api.}
proc io_domain(): uint32 {.api.}
proc stopper(): ptr Obj {.api.}
proc stop(o: ptr Obj) {.api.}
proc connect(o: ptr Obj, signal: string, run: proc (o: ptr Obj), flags: cint): culong {.api.}
proc disconnect(o: ptr Obj, id: culong) {.api.}
proc main(context: Option[ptr Obj], running: cint): ptr Main {.api.}
proc run(m: ptr Main) {.api.}
proc quit(m: ptr Main) {.api.}
proc timeout(priority: cint, milliseconds: cuint, again: proc (): cint): cuint {.api.}
proc g_object_unref(o: ptr Obj) {.importc, cdecl.}
proc g_main_loop_unref(m: ptr Main) {.importc, cdecl.}
proc g_error_free(e: ptr Err) {.importc, cdecl.}

proc free(e: var Option[ptr Err]) =
  g_error_free e.get
  e = none(ptr Err) # the next call must not find one

var made, ended: int
type Counter = ref object
  calls: int
proc finish(c: Counter) = inc ended
proc counter(): Counter =
  inc made
  new(result, finish)

let
  nobody = none(ptr Obj)
  folder = getCurrentDir()

proc files(f: ptr Obj) =
  var
    error: Option[ptr Err]
    content, etag: Text
    length: uint
  let own = file(folder)
  let other = child(own, "käse.txt")
  expect same(f, other) != 0 and same(f, own) == 0 and path(f) == some(folder & "/käse.txt")
  g_object_unref other
  g_object_unref own
  expect create(folder & "/käse.txt", "one\0two", error) == 1 and error.isNone
  for _ in 0 .. 2:
    expect load(f, nobody, content, length, etag, error) == 1 and length == 7 and content == some("one")
    expect etag.isSome and error.isNone
  expect create("/nowhere/at/all", "", error) == 0 and error.isSome
  free error
  let missing = file("/nowhere/at/all")
  expect load(missing, nobody, content, length, etag, error) == 0 and content.isNone
  expect matches(error.get, io_domain(), 1) == 1 and $error.get.message == "Error opening file /nowhere/at/all: No such file or directory"
  free error
  g_object_unref missing

proc signals(f: ptr Obj) =
  let (stopper, a, b) = (stopper(), counter(), counter())
  let first = connect(stopper, "cancelled", (proc (o: ptr Obj) =
    expect o == stopper
    inc a.calls), 0)
  discard connect(stopper, "cancelled", (proc (o: ptr Obj) = b.calls += 10), 0)
  disconnect(stopper, first)
  stop(stopper)
  expect a.calls == 0 and b.calls == 10
  var
    content, etag: Text
    length: uint
    error: Option[ptr Err]
  expect load(f, some(stopper), content, length, etag, error) == 0 and matches(error.get, io_domain(), 19) == 1
  free error
  g_object_unref stopper

proc later(f: ptr Obj) =
  let (loop, c, d) = (main(nobody, 0), counter(), counter())
  var seen: Text
  discard timeout(0, 1, proc (): cint =
    inc c.calls
    if c.calls < 3: return 1
    load_later(f, nobody, proc (o: Option[ptr Obj], outcome: ptr Obj) =
      var
        etag: Text
        length: uint
        error: Option[ptr Err]
      inc d.calls
      expect o == some(f) and loaded(f, outcome, seen, length, etag, error) == 1 and length == 7
      quit(loop))
    0)
  run(loop)
  expect c.calls == 3 and d.calls == 1 and seen == some("one")
  g_main_loop_unref loop

proc all() =
  var error: Option[ptr Err]
  let f = file(folder & "/käse.txt")
  files(f)
  signals(f)
  later(f)
  expect remove(f, nobody, error) == 1 and remove(f, nobody, error) == 0
  free error
  g_object_unref f

consumer:
  made = 0
  ended = 0
  all()
  collect()
  expect ended == made
