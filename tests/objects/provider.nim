# The library of library.c in Nim: it calls objects that it gets, whatever their language, and gives objects of its own.
include store_table
type
  Own = object
    n: uint32

proc nim_set_string(text: var string, data: pointer, len: int) {.exportc, cdecl.} =
  text = newString(len)
  if len > 0: copyMem(addr text[0], data, len)
proc nim_drop_string(text: var string) {.exportc, cdecl.} = reset text

var alive: cint

proc load(self: pointer, key: string): uint32 = cast[ptr Own](self).n + uint32(key.len) + uint32(key[0])
proc save(self: pointer, key: string, value: uint32): bool =
  cast[ptr Own](self).n = value
  key[^1] == 'z'
proc name(self: pointer): string = "sys" & "tem"
proc wipe(self: pointer): uint32 =
  cast[ptr Own](self).n = 0
  1
proc drop(data: pointer) {.cdecl.} =
  dec alive
  dealloc data
proc query(data: pointer, id: uint64): pointer {.cdecl.} = nil
var
  table = StoreTable(size: uint32 sizeof(StoreTable), id: 1, drop: drop, query: query, load: load, save: save,
                     name: name, wipe: wipe)
  older = StoreTable(size: uint32 offsetof(StoreTable, wipe), id: 1, drop: drop, query: query, load: load,
                     save: save, name: name)

proc hasWipe(s: Store): bool = s.table.size > uint32 offsetof(StoreTable, wipe)

proc use(backend: Store, key: string): uint32 {.exportc.} =
  doAssert backend.table.retain == nil
  doAssert backend.table.save(backend.data, "abc", 7)
  doAssert backend.table.name(backend.data) == "mine"
  result = backend.table.load(backend.data, key)
  if backend.hasWipe: result += 100 + backend.table.wipe(backend.data)

proc take(backend: Store): uint32 {.exportc.} =
  result = backend.table.load(backend.data, "xy")
  doAssert backend.table.query(backend.data, 5) == nil
  backend.table.drop(backend.data)

proc make(n: uint32): Store {.exportc.} =
  let own = create(Own)
  own.n = n
  inc alive
  Store(data: own, table: if n > 10: addr older else: addr table)

proc pass(backend: Store): Store {.exportc.} = backend
proc live(): cint {.exportc.} = alive
