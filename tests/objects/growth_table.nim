# The object of `growth`, as Nim has it; `newer` is the release. Included by the program and by the library.
type
  StoreTable = object
    size, flags: uint32
    id: uint64
    drop, retain: proc (data: pointer) {.cdecl.}
    query: proc (data: pointer, id: uint64): pointer {.cdecl.}
    load: proc (self: pointer, key: uint32): int64 {.nimcall.}
    save: proc (self: pointer, key: uint32, value: int64): bool {.nimcall.}
    when newer:
      wipe: proc (self: pointer): int64 {.nimcall.}
  Store = object
    data: pointer
    table: ptr StoreTable
