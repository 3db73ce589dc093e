## Calls all of the library through adapters, in Nim's own types.
import options, strutils
import terms

{.pragma: api, importc: "nim_$1".}
proc merge(a, b: openArray[Pair]): seq[Pair] {.api.}
proc apply(stages: Option[Stages], x: int64): int64 {.api.}
proc parse(text: string): Parsed {.api.}
proc split(text: string, at: uint32, head, tail: var string, places: var Option[uint64]): bool {.api.}
proc sum(pairs: Pairs, most: uint32): int64 {.api.}
proc range(first, last: int64): Pairs {.api.}
proc take(pairs: Pairs): seq[Pair] {.api.}

proc show(what: string, list: seq[Pair]) =
  var words: seq[string]
  for p in list: words.add p.key & "=" & $p.value
  echo what, ": ", words.join(" ")

var calls: int
proc counted(does: proc (x: int64): int64): Step =
  result = proc (x: int64): int64 =
    inc calls
    does(x)

proc showApply() =
  var list = @[Stage(name: "add", run: counted(proc (x: int64): int64 = x + 1)),
               Stage(name: "ten", run: counted(proc (x: int64): int64 = 10 * x), weight: some(3'i64)),
               Stage(name: "bonus", run: counted(proc (x: int64): int64 = x - 2))]
  let stages = Stages(list: cast[ptr UncheckedArray[Stage]](addr list[0]), count: 3)
  let all = apply(some(stages), 4)
  let nothing = apply(none(Stages), 4)
  let empty = apply(some(Stages(list: stages.list, count: 0)), 4)
  echo "apply: ", all, " ", nothing, " ", empty, ", calls ", calls

proc `$`(n: float): string = formatFloat(n, ffDefault, -1).strip(leading = false, chars = {'0'}).strip(leading = false, chars = {'.'})

proc words(s: Shape): string =
  case s.kind
  of nothing: "nothing"
  of circle: "circle " & $s.radius
  of polygon:
    var points: seq[string]
    for p in s.points: points.add $int(p.x) & "," & $int(p.y)
    "polygon " & points.join(" ")
  of named: "named " & s.name

proc showParse(text: string) =
  let made = parse(text)
  if made.o:
    echo "parse: ", made.v.words
    return
  case made.e.kind
  of number: echo "fault: number ", made.e.number
  of FaultKind.text: echo "fault: text ", made.e.text
  of near: echo "fault: near ", made.e.shape.words

proc showSplit(text: string, at: uint32) =
  var
    head, tail: string
    places: Option[uint64]
  let found = split(text, at, head, tail, places)
  echo "split: ", found, " ", head, "|", tail, "|", if places.isSome: $places.get else: "nowhere"

proc showIterators() =
  let mine = newPairs("k", 10, 14)
  echo "sum: ", sum(mine, 3)
  mine.table.drop(mine.data)
  let theirs = range(3, 6)
  var words: seq[string]
  while true:
    let one = theirs.table.next(theirs.data)
    if one.isNone: break
    words.add one.get.key & "=" & $one.get.value & "," & $theirs.table.left(theirs.data)
  theirs.table.drop(theirs.data)
  echo "range: ", words.join(" ")
  show("take", take(newPairs("m", 1, 3)))
  echo "dropped: ", dropped

show("merge", merge([Pair(key: "a", value: 1), Pair(key: "b", value: 2)], [Pair(key: "b", value: 3), Pair(key: "ä", value: 4)]))
showApply()
for text in ["", "circle 1.5", "polygon 3", "named käse", "number -7", "near named x", "what is it"]: showParse(text)
showSplit("key=välue", uint32('='))
showSplit("none", 0xe4)
showIterators()
