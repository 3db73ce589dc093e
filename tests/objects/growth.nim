# A program of one release (-d:release2: of the newer), with a library of one or the other (-d:library2).
const
  newer = defined(release2)
  bothNew = newer and defined(library2)
include growth_table
type
  Own = object
    last: int64
    wiped: int64

proc fill(into: Store, count: uint32): int64 {.importc: "nim_fill".}
proc make(): Store {.importc: "nim_make".}

proc load(self: pointer, key: uint32): int64 = cast[ptr Own](self).last + int64(key)
proc save(self: pointer, key: uint32, value: int64): bool =
  cast[ptr Own](self).last = value
  key < 2
proc drop(data: pointer) {.cdecl.} = discard
proc query(data: pointer, id: uint64): pointer {.cdecl.} = nil
var table = StoreTable(size: uint32 sizeof(StoreTable), drop: drop, query: query, load: load, save: save)
when newer:
  proc wipe(self: pointer): int64 =
    inc cast[ptr Own](self).wiped
    cast[ptr Own](self).wiped
  table.wipe = wipe

var mine: Own
doAssert fill(Store(data: addr mine, table: addr table), 3) == 24 + (if bothNew: 1000 else: 0)
doAssert mine.wiped == int64(bothNew)

let made = make()
doAssert made.table.save(made.data, 1, 42) and made.table.load(made.data, 1) == 42
when newer:
  doAssert (made.table.size > uint32 offsetof(StoreTable, wipe)) == bothNew
  if bothNew: doAssert made.table.wipe(made.data) == 4 and made.table.load(made.data, 1) == 0
made.table.drop(made.data)
