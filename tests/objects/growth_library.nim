# A library of one release or the other (-d:release2), behind adapters: uses objects of programs, and makes its own.
const newer = defined(release2)
include growth_table
type
  Shelf = array[4, int64]
when newer:
  type
    ErrorKind = enum io, lost, busy
    Error = object
      case kind: ErrorKind
      of io: number: int32
      of lost: discard
      of busy: after: uint64
else:
  type
    ErrorKind = enum io, lost
    Error = object
      case kind: ErrorKind
      of io: number: int32
      of lost: discard
type
  Checked = object
    case o: bool
    of false: e: Error
    of true: v: uint32

proc fill(into: Store, count: uint32): int64 {.exportc: "impl_growth_fill".} =
  when newer:
    if into.table.size > uint32 offsetof(StoreTable, wipe): result += 1000 * into.table.wipe(into.data)
  for i in 0'u32 ..< count: result += int64(into.table.save(into.data, i, 10 * int64(i)))
  result += into.table.load(into.data, count - 1)

proc load(self: pointer, key: uint32): int64 = cast[ptr Shelf](self)[key mod 4]
proc save(self: pointer, key: uint32, value: int64): bool =
  cast[ptr Shelf](self)[key mod 4] = value
  key < 4
proc drop(data: pointer) {.cdecl.} = dealloc data
proc query(data: pointer, id: uint64): pointer {.cdecl.} = nil
var table = StoreTable(size: uint32 sizeof(StoreTable), drop: drop, query: query, load: load, save: save)
when newer:
  proc wipe(self: pointer): int64 =
    reset cast[ptr Shelf](self)[]
    4
  table.wipe = wipe

proc make(): Store {.exportc: "impl_growth_make".} = Store(data: create(Shelf), table: addr table)

proc check(what: uint32): Checked {.exportc: "impl_growth_check".} =
  case what
  of 0: Checked(o: true, v: 5)
  of 1: Checked(o: false, e: Error(kind: io, number: -3))
  else: Checked(o: false, e: when newer: Error(kind: busy, after: 77) else: Error(kind: lost))
