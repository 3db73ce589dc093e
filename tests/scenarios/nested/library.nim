## The library in Nim. Adapters make the symbols of the system ABI, or of C, of these.
import options, strutils, tables, unicode
import terms

proc toSeq(map: OrderedTable[string, int64]): seq[Pair] =
  for key, value in map: result.add Pair(key: key, value: value)

proc merge(a, b: openArray[Pair]): seq[Pair] {.exportc: "impl_merge".} =
  var map: OrderedTable[string, int64]
  for p in a: map.mgetOrPut(p.key, 0) += p.value
  for p in b: map.mgetOrPut(p.key, 0) += p.value
  map.toSeq

proc apply(stages: Option[Stages], x: int64): int64 {.exportc: "impl_apply".} =
  if stages.isNone: return -1
  result = x
  for i in 0 ..< stages.get.count:
    let stage = stages.get.list[i]
    result = stage.run(result) * stage.weight.get(1)
    if stage.name == "bonus": result += 1000

proc shapeOf(words: seq[string]): Option[Shape] =
  let rest = if words.len > 1: words[1] else: ""
  case words[0]
  of "": some(Shape(kind: nothing))
  of "circle": some(Shape(kind: circle, radius: parseFloat(rest)))
  of "polygon":
    var made = Shape(kind: polygon)
    for i in 0 ..< parseInt(rest): made.points.add Point(x: float(i), y: float(i * i))
    some(made)
  of "named": some(Shape(kind: named, name: rest))
  else: none(Shape)

proc parse(text: string): Parsed {.exportc: "impl_parse".} =
  let words = text.split(' ', 1)
  let made = shapeOf(words)
  if made.isSome: return Parsed(o: true, v: made.get)
  case words[0]
  of "number": Parsed(o: false, e: Fault(kind: number, number: int32 parseInt(words[1])))
  of "near": Parsed(o: false, e: Fault(kind: near, shape: shapeOf(words[1].split(' ', 1)).get))
  else: Parsed(o: false, e: Fault(kind: FaultKind.text, text: "cannot read: " & text))

proc split(text: string, at: uint32, head, tail: var string, places: var Option[uint64]): bool {.exportc: "impl_split".} =
  let place = text.find($Rune(at))
  result = place >= 0
  head = if result: text[0 ..< place] else: text
  tail = if result: text[place + len($Rune(at)) .. ^1] else: ""
  places = if result: some(uint64 place) else: none(uint64)

proc sum(pairs: Pairs, most: uint32): int64 {.exportc: "impl_sum".} =
  for _ in 0'u32 ..< most:
    let one = pairs.table.next(pairs.data)
    if one.isNone: break
    result += one.get.value
  result += 1000 * int64(pairs.table.left(pairs.data))

proc range(first, last: int64): Pairs {.exportc: "impl_range".} = newPairs("n", first, last)

proc take(pairs: Pairs): seq[Pair] {.exportc: "impl_take".} =
  while true:
    let one = pairs.table.next(pairs.data)
    if one.isNone: break
    result.add one.get
  pairs.table.drop(pairs.data)
