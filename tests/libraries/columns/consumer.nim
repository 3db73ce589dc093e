## A program in Nim, with the structs as they are in memory; functions in them are C's.
import options, hooks
type
  SchemaFlag = distinct int64
  Schema = object
    format, name: cstring
    metadata: pointer
    flags: SchemaFlag
    nChildren: int64
    children: ptr UncheckedArray[ptr Schema]
    dictionary: ptr Schema
    release: proc (s: ptr Schema) {.cdecl.}
    privateData: pointer
  Column = object
    length, nullCount, offset, nBuffers, nChildren: int64
    buffers: ptr UncheckedArray[ptr UncheckedArray[int64]]
    children: ptr UncheckedArray[ptr Column]
    dictionary: ptr Column
    release: proc (a: ptr Column) {.cdecl.}
    privateData: pointer
  Stream = object
    getSchema: proc (s: ptr Stream, into: ptr Schema): cint {.cdecl.}
    getNext: proc (s: ptr Stream, into: ptr Column): cint {.cdecl.}
    getLastError: proc (s: ptr Stream): cstring {.cdecl.}
    release: proc (s: ptr Stream) {.cdecl.}
    privateData: pointer
  Version = object
    major, minor: uint32
  Device = object
    kind, id: int32
  DataType = object
    code, bits: uint8
    lanes: uint16
  Tensor = object
    data: pointer
    device: Device
    ndim: int32
    dtype: DataType
    shape, strides: ptr UncheckedArray[int64]
    byteOffset: uint64
  Managed = object
    version: Version
    managerCtx: pointer
    deleter: proc (t: ptr Managed) {.cdecl.}
    flags: uint64
    tensor: Tensor
  Floats = object
    data: ptr UncheckedArray[float32]
    len: int
  Drained = object
    case o: bool
    of false: e: cint
    of true: v: int64

{.pragma: api, importc: "use_$1".}
proc squares(count: int64, into: var Column, schema: var Schema): cint {.api.}
proc stream(batches: int64, into: var Stream) {.api.}
proc sum(column: var Column): int64 {.api.}
proc drain(s: var Stream, batches: var int64): Drained {.api.}
proc describe(s: ptr Schema): string {.api.}
proc new_tensor(shape: openArray[int64], fill: proc (at: openArray[int64]): float32): ptr Managed {.api.}
proc trace(t: ptr Managed): float {.api.}
proc device_of(t: ptr Tensor): Device {.api.}
proc kind(d: DataType): string {.api.}
proc view(t: ptr Tensor): Option[Floats] {.api.}
proc take(arrays: ptr Column, count: uint): int64 {.importc: "use_import".}
proc alive(): int64 {.api.}

proc columns() =
  var
    column: Column
    schema: Schema
  expect squares(-1, column, schema) == 22 and column.release == nil and schema.release == nil
  expect squares(5, column, schema) == 0 and column.length == 5 and column.buffers[1][4] == 16
  expect schema.name == "squäres" and describe(addr schema) == "squäres: l, may be null"
  schema.name = nil
  schema.flags = SchemaFlag 1
  expect describe(addr schema) == "?: l" and alive() == 2
  schema.release(addr schema)
  column.offset = 1
  column.length = 3
  expect sum(column) == 1 + 4 + 9 and column.release == nil and alive() == 0

proc streams() =
  var
    s: Stream
    one: Column
    schema: Schema
    batches: int64
  stream(3, s)
  expect s.getSchema(addr s, addr schema) == 0 and $schema.name == "batch"
  schema.release(addr schema)
  expect s.getNext(addr s, addr one) == 0 and one.buffers[1][1] == 4 and s.getLastError(addr s) == nil
  one.release(addr one)
  let rest = drain(s, batches)
  expect rest.o and rest.v == 4 + 9 + 9 + 16 and batches == 2 and s.release == nil and alive() == 0
  stream(-1, s)
  expect s.getLastError(addr s) == "nothing left"
  expect drain(s, batches).e == 5 and batches == 0 and alive() == 0

## A tensor of the program's own, whose deleter the library calls.
var deleted: int
proc deleteMine(t: ptr Managed) {.cdecl.} = inc deleted

proc tensors() =
  var calls = 0
  let t = new_tensor([2'i64, 3], proc (at: openArray[int64]): float32 =
    inc calls
    float32(10 * at[0] + at[1]) / 2)
  expect calls == 6 and t.version.major == 1 and t.flags == 2 and t.tensor.shape[1] == 3
  expect device_of(addr t.tensor).id == 3 and device_of(addr t.tensor).kind == 1
  expect kind(t.tensor.dtype) == "f32x1" and kind(DataType(code: 200, bits: 4, lanes: 2)) == "?4x2"
  let values = view(addr t.tensor)
  expect values.isSome and values.get.len == 6 and values.get.data[5] == 6.0
  expect trace(t) == 5.5 and alive() == 0
  expect new_tensor([1'i64], proc (at: openArray[int64]): float32 = 0) == nil
  var
    numbers = [1'f32, 2, 3, 4]
    shape = [2'i64, 2]
    mine = Managed(deleter: deleteMine, tensor: Tensor(data: addr numbers, shape: cast[ptr UncheckedArray[int64]](addr shape), dtype: DataType(code: 2)))
  expect view(addr mine.tensor).get.data == cast[ptr UncheckedArray[float32]](addr numbers)
  expect trace(addr mine) == 5
  mine.tensor.dtype.code = 0
  expect view(addr mine.tensor).isNone
  mine.deleter = nil
  expect trace(addr mine) == 5

consumer:
  columns()
  streams()
  deleted = 0
  tensors()
  expect deleted == 1
  var
    several: array[3, Column]
    schema: Schema
  for i in [0, 2]:
    expect squares(int64 i + 2, several[i], schema) == 0
    schema.release(addr schema)
  expect take(addr several[0], 3) == 1 + 14 and alive() == 0
