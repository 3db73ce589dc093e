# The object of `store`, as Nim has it: included by the program and by the library.
type
  StoreTable = object
    size, flags: uint32
    id: uint64
    drop, retain: proc (data: pointer) {.cdecl.}
    query: proc (data: pointer, id: uint64): pointer {.cdecl.}
    load: proc (self: pointer, key: string): uint32 {.nimcall.}
    save: proc (self: pointer, key: string, value: uint32): bool {.nimcall.}
    name: proc (self: pointer): string {.nimcall.}
    wipe: proc (self: pointer): uint32 {.nimcall.}
  Store = object
    data: pointer
    table: ptr StoreTable
