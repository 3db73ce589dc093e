# Objects of a Nim program that a library gets, and the library's, which the program calls.
include store_table
type
  Mine = object
    value: uint32
    drops: int

proc nim_set_string(text: var string, data: pointer, len: int) {.exportc, cdecl.} =
  text = newString(len)
  if len > 0: copyMem(addr text[0], data, len)
proc nim_drop_string(text: var string) {.exportc, cdecl.} = reset text

proc use(backend: Store, key: string): uint32 {.importc: "nim_use".}
proc take(backend: Store): uint32 {.importc: "nim_take".}
proc make(n: uint32): Store {.importc: "nim_make".}
proc live(): cint {.importc: "nim_live".}

proc load(self: pointer, key: string): uint32 = cast[ptr Mine](self).value * 10 + uint32(key.len)
proc save(self: pointer, key: string, value: uint32): bool =
  doAssert key == "abc"
  cast[ptr Mine](self).value = value
  true
proc name(self: pointer): string = "mine"
proc wipe(self: pointer): uint32 =
  cast[ptr Mine](self).value = 0
  5
proc drop(data: pointer) {.cdecl.} = inc cast[ptr Mine](data).drops
proc query(data: pointer, id: uint64): pointer {.cdecl.} = nil
var table = StoreTable(size: uint32 sizeof(StoreTable), id: 1, drop: drop, retain: nil, query: query,
                       load: load, save: save, name: name, wipe: wipe)
var mine = Mine(value: 1)
doAssert use(Store(data: addr mine, table: addr table), "key") == 73 + 105
doAssert mine.drops == 0
mine.value = 4
doAssert take(Store(data: addr mine, table: addr table)) == 42
doAssert mine.drops == 1
table.size = uint32 offsetof(StoreTable, wipe)
mine.value = 1
doAssert use(Store(data: addr mine, table: addr table), "key") == 73
let o = make(3)
doAssert live() == 1
doAssert o.table.load(o.data, "Ab") == 3 + 2 + uint32('A')
doAssert o.table.name(o.data) == "system"
doAssert o.table.save(o.data, "z", 9) and not o.table.save(o.data, "y", 9)
doAssert o.table.size == uint32 sizeof(StoreTable)
o.table.drop(o.data)
doAssert live() == 0
let older = make(30)
doAssert older.table.size == uint32 offsetof(StoreTable, wipe)
older.table.drop(older.data)
doAssert live() == 0
