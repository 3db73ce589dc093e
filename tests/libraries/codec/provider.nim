## The library in Nim.
import options, strutils, hooks
type
  Depth {.size: 1.} = enum one = 1, eight = 8, sixteen = 16
  Feature = enum lossless, alpha, animation, metadata
  Colour = object
    r, g, b, a: uint8
  Limit = object
    wanted, most: uint64
  FaultKind = enum truncated, badMagic, unsupported, limit, cancelled
  Fault = object
    case kind: FaultKind
    of truncated: at: uint64
    of badMagic: magic: array[4, uint8]
    of unsupported: what: string
    of limit: limit: Limit
    of cancelled: discard
  Note = object
    key: string
    value: Option[string]
  PixelKind = enum gray, colours, deep
  Pixels = object
    case kind: PixelKind
    of gray: gray: seq[uint8]
    of colours: colours: seq[Colour]
    of deep: deep: seq[uint16]
  Image = object
    width, height: uint32
    depth: Depth
    pixels: Pixels
    notes: seq[Note]
  Info = object
    width, height: uint32
    features: set[Feature]
    colours: Option[uint16]
  Progress = proc (done: float32): bool
  Options = object
    quality: float32
    wanted: set[Feature]
    background: Option[Colour]
    progress: Option[Progress]
    most: uint64
  Result[T] = object
    case o: bool
    of false: e: Fault
    of true: v: T
lists(uint8, nim_new_bytes, nim_drop_bytes)
lists(uint16, nim_new_deep, nim_drop_deep)
lists(Colour, nim_new_colours, nim_drop_colours)
lists(Note, nim_new_notes, nim_drop_notes)

{.pragma: library, exportc: "px_$1".}
proc supported(): set[Feature] {.library.} = {lossless, metadata}
proc magic(): array[4, uint8] {.library.} = [uint8 'P', uint8 'X', uint8 '1', uint8 '0']

proc probe(data: openArray[uint8]): Option[Info] {.library.} =
  if data.len < 7 or data[0 .. 3] != magic(): return none(Info)
  let known = if data[6] == 8: {lossless, alpha} else: {lossless}
  let count = if data[6] == 1: some(2'u16) else: none(uint16)
  some(Info(width: data[4], height: data[5], features: known, colours: count))

proc fails[T](fault: Fault): Result[T] = Result[T](o: false, e: fault)
proc bytesOf(depth: Depth): int = (case depth
  of one: 1
  of eight: 4
  of sixteen: 2)

proc check(data: openArray[uint8], most: uint64): Option[Fault] =
  if data.len < 7: return some(Fault(kind: truncated, at: uint64 data.len))
  if data[0 .. 3] != magic(): return some(Fault(kind: badMagic, magic: [data[0], data[1], data[2], data[3]]))
  if data[6] notin [1'u8, 8, 16]: return some(Fault(kind: unsupported, what: "depth " & $data[6]))
  let count = uint64(data[4]) * data[5]
  if most > 0 and count > most: return some(Fault(kind: limit, limit: Limit(wanted: count, most: most)))
  if uint64(data.len - 7) < count * uint64(bytesOf(Depth data[6])): return some(Fault(kind: truncated, at: uint64 data.len))

proc colourAt(data: openArray[uint8], at: int): Colour =
  Colour(r: data[7 + 4 * at], g: data[8 + 4 * at], b: data[9 + 4 * at], a: data[10 + 4 * at])

proc pixelsOf(data: openArray[uint8], count: int, background: Option[Colour]): Pixels =
  case Depth(data[6])
  of one: result = Pixels(kind: gray, gray: data[7 ..< 7 + count])
  of eight:
    result = Pixels(kind: colours)
    for i in 0 ..< count:
      let c = colourAt(data, i)
      result.colours.add if c.a == 0 and background.isSome: background.get else: c
  of sixteen:
    result = Pixels(kind: deep)
    for i in 0 ..< count: result.deep.add uint16(data[7 + 2 * i]) or uint16(data[8 + 2 * i]) shl 8

proc decode(data: openArray[uint8], opts: Options): Result[Image] {.library.} =
  let fault = check(data, opts.most)
  if fault.isSome: return fails[Image](fault.get)
  for y in 1 .. int(data[5]):
    if opts.progress.isSome and not opts.progress.get()(float32(y) / float32(data[5])):
      return fails[Image](Fault(kind: cancelled))
  var made = Image(width: data[4], height: data[5], depth: Depth data[6])
  made.pixels = pixelsOf(data, int(data[4]) * int(data[5]), opts.background)
  made.notes.add Note(key: "quality", value: some($int(opts.quality * 100) & " %"))
  if metadata in opts.wanted: made.notes.add Note(key: "wänted")
  Result[Image](o: true, v: made)

proc encode(i: Image, opts: Options): Result[seq[uint8]] {.library.} =
  if animation in opts.wanted: return fails[seq[uint8]](Fault(kind: unsupported, what: "animätion"))
  var data = @(magic())
  data.add [uint8 i.width, uint8 i.height, uint8 i.depth]
  case i.pixels.kind
  of gray: data.add i.pixels.gray
  of colours:
    for c in i.pixels.colours: data.add [c.r, c.g, c.b, c.a]
  of deep:
    for d in i.pixels.deep: data.add [uint8(d and 255), uint8(d shr 8)]
  Result[seq[uint8]](o: true, v: data)

proc checkColours(data: openArray[uint8]): Option[Fault] =
  result = check(data, 0)
  if result.isNone and data[6] != 8: result = some(Fault(kind: unsupported, what: "depth " & $data[6]))

proc decode_into(data: openArray[uint8], into: var openArray[Colour], rows: var uint32): Result[uint] {.library.} =
  let fault = checkColours(data)
  rows = 0
  if fault.isSome: return fails[uint](fault.get)
  let count = int(data[4]) * int(data[5])
  if into.len < count: return fails[uint](Fault(kind: limit, limit: Limit(wanted: uint64 count, most: uint64 into.len)))
  for i in 0 ..< count: into[i] = colourAt(data, i)
  rows = data[5]
  Result[uint](o: true, v: uint count)

proc rows(data: openArray[uint8], each: proc (y: uint32, row: openArray[Colour]): bool): Result[uint32] {.library.} =
  let fault = checkColours(data)
  if fault.isSome: return fails[uint32](fault.get)
  for y in 0 ..< int(data[5]):
    var row: seq[Colour]
    for x in 0 ..< int(data[4]): row.add colourAt(data, y * int(data[4]) + x)
    if not each(uint32 y, row): return fails[uint32](Fault(kind: cancelled))
  Result[uint32](o: true, v: data[5])

proc convert(i: sink Image, to: Depth): Image {.library.} =
  result = i
  if result.pixels.kind != gray or to != eight: return
  var all: seq[Colour]
  for g in result.pixels.gray: all.add Colour(r: g, g: g, b: g, a: 255)
  result.pixels = Pixels(kind: colours, colours: all)
  result.depth = to

proc histogram(p: Pixels): array[4, uint32] {.library.} =
  case p.kind
  of gray:
    for g in p.gray: inc result[int(g) div 64]
  of colours:
    for c in p.colours: inc result[int(c.r) div 64]
  of deep:
    for d in p.deep: inc result[int(d) div 16384]

proc palette(list: openArray[Colour]): tuple[brightest: Colour, mean: float] {.library.} =
  for c in list:
    if int(c.r) + int(c.g) + int(c.b) > int(result.brightest.r) + int(result.brightest.g) + int(result.brightest.b):
      result.brightest = c
    result.mean += float(c.r) / float(list.len)
