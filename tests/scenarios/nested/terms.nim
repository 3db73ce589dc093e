## The types of nested.abi.yaml as Nim has them, and what adapters call to make and drop them.
import options
type
  Pair* = object
    key*: string
    value*: int64
  Point* = object
    x*, y*: float64
  ShapeKind* = enum nothing, circle, polygon, named
  Shape* = object
    case kind*: ShapeKind
    of nothing: discard
    of circle: radius*: float64
    of polygon: points*: seq[Point]
    of named: name*: string
  FaultKind* = enum number, text, near
  Fault* = object
    case kind*: FaultKind
    of number: number*: int32
    of text: text*: string
    of near: shape*: Shape
  Parsed* = object
    case o*: bool
    of false: e*: Fault
    of true: v*: Shape
  Step* = proc (x: int64): int64 {.closure.}
  Stage* = object
    name*: string
    run*: Step
    weight*: Option[int64]
  PairsTable* = object
    size*, flags*: uint32
    id*: uint64
    drop*, retain*: proc (data: pointer) {.cdecl.}
    query*: proc (data: pointer, id: uint64): pointer {.cdecl.}
    next*: proc (self: pointer): Option[Pair] {.nimcall.}
    left*: proc (self: pointer): uint64 {.nimcall.}
  Pairs* = object
    data*: pointer
    table*: ptr PairsTable
  Stages* = object ## an optional slice: nil is none
    list*: ptr UncheckedArray[Stage]
    count*: int

{.pragma: hook, exportc, cdecl.}
proc nested_set_string(s: var string, data: pointer, len: int) {.hook.} =
  s = newString(len)
  if len > 0: copyMem(addr s[0], data, len)
proc nested_drop_string(s: var string) {.hook.} = reset s
proc nested_new_pairs(s: var seq[Pair], len: int) {.hook.} = s = newSeq[Pair](len)
proc nested_drop_pairs(s: var seq[Pair]) {.hook.} = reset s
proc nested_new_points(s: var seq[Point], len: int) {.hook.} = s = newSeq[Point](len)
proc nested_drop_points(s: var seq[Point]) {.hook.} = reset s

type Env = object of RootObj
  code, env: pointer
  drop: proc (env: pointer) {.cdecl, raises: [], gcsafe.}
proc finish(e: ref Env) = (if e.drop != nil: e.drop(e.env))
proc nested_new_env(env: var ref Env) {.hook.} = new(env, finish)
proc nested_keep_env(env: RootRef) {.hook.} = GC_ref env
proc nested_drop_env(env: RootRef) {.hook.} = GC_unref env

# An iterator over a seq that the program has.
var dropped*: int
type Source = ref object
  list: seq[Pair]
  at: int
proc next(self: pointer): Option[Pair] =
  let s = cast[Source](self)
  if s.at < s.list.len:
    result = some(s.list[s.at])
    inc s.at
proc left(self: pointer): uint64 =
  let s = cast[Source](self)
  uint64(s.list.len - s.at)
proc drop(data: pointer) {.cdecl.} =
  inc dropped
  GC_unref(cast[Source](data))
proc query(data: pointer, id: uint64): pointer {.cdecl.} = nil
var table = PairsTable(size: uint32 sizeof(PairsTable), drop: drop, query: query, next: next, left: left)
proc newPairs*(letter: string, first, last: int64): Pairs =
  let source = Source()
  for v in first .. last: source.list.add Pair(key: letter & $v, value: v)
  GC_ref source
  Pairs(data: cast[pointer](source), table: addr table)
