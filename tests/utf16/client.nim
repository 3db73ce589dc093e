## Calls the library of nim.abi.yaml, which has UTF-16, with Nim's strings.
import options, strutils

type
  Entry = object
    id: uint32
    name: string

proc wide_set_string(text: var string, data: pointer, len: int) {.exportc, cdecl.} =
  text = newString(len)
  if len > 0: copyMem(addr text[0], data, len)
proc wide_drop_string(text: var string) {.exportc, cdecl.} = reset text
proc wide_set_units(units: var seq[uint16], data: pointer, len: int) {.exportc, cdecl.} =
  units = newSeq[uint16](len)
  if len > 0: copyMem(addr units[0], data, 2 * len)
proc wide_drop_units(units: var seq[uint16]) {.exportc, cdecl.} = reset units
proc wide_new_entries(entries: var seq[Entry], len: int) {.exportc, cdecl.} = entries = newSeq[Entry](len)
proc wide_drop_entries(entries: var seq[Entry]) {.exportc, cdecl.} = reset entries

{.pragma: api, importc: "nim_$1".}
proc measure(text: string): uint32 {.api.}
proc upper(text: string): string {.api.}
proc entries(count: uint32): seq[Entry] {.api.}
proc find(key: string): Option[string] {.api.}
proc each(list: openArray[string], visit: proc (text: string): bool {.closure.}): uint32 {.api.}
proc swap(text: var string) {.api.}
proc greet(name: string): string {.api.}
proc torn(n: uint32): seq[uint16] {.api.}
proc count(units: seq[uint16]): uint32 {.api.}
proc text_bytes(seed: uint32, to: pointer): csize_t {.importc.}

proc textOf(seed: uint32): string =
  result = newString(400)
  result.setLen text_bytes(seed, addr result[0]).int

proc main() =
  doAssert measure("") == 0 and measure("gr\u00FC\u00DF \u{1F600}") == 7
  doAssert upper("gr\u00FC\u00DF \u{1F600}") == "GR\u00FC\u00DF \u{1F600}"
  doAssert upper("") == ""
  let made = entries(200)
  doAssert made.len == 200
  for i, entry in made: doAssert entry.id == uint32(i) and entry.name == textOf(uint32(i)), $i
  doAssert find("\u20ACx") == some("\u20ACX") and find("").isNone
  var texts: seq[string]
  for i in 0'u32 ..< 50: texts.add textOf(i)
  var seen: seq[string]
  doAssert each(texts, proc (text: string): bool =
    seen.add text
    seen.len <= 40) == 40
  doAssert seen == texts[0 .. 40]
  for i in 0 .. 100:
    var text = "\u00E9\u20AC" & $i
    swap(text)
    doAssert text == ($i)[^1] & (if i > 9: $(($i)[^2]) else: "") & (if i > 99: "1" else: "") & "\u20AC\u00E9", text
  doAssert greet("Nim \u{10FFFF}") == "\u20AC Nim \u{10FFFF}" and greet("") == "\u20AC "
  doAssert torn(5) == @[uint16('a'), 0xD805'u16, uint16('b')]
  doAssert count(@[1'u16, 0xDFFF, 0xD800]) == 1 + 0xDFFF + 0xD800 and count(@[]) == 0
  GC_fullCollect()
  echo "as expected"

main()
