## shapes in Nim. Made by abide bind nim: change the interface file instead.
## Shapes and what can be done with them.

type
  ## A place.
  point* {.bycopy.} = object
    x*: float64
      ## across
    y*: float64
  color* = uint8
  mode* = uint32
  access* = uint32
  node* {.bycopy.} = object
    next*: ptr node
    at*: point
    kind*: color
    typeX*: uint8
    long*: clong
  link* = ptr node
  number* {.bycopy, union.} = object
    i*: int64
    f*: float64
    self*: array[3, uint8]
  ## Nim has no words for what is in it: use it behind pointers.
  bits* {.incompleteStruct.} = object
  hdr* {.bycopy, packed.} = object
    tag*: uint8
    len*: uint32
  ## Nim has no words for what is in it: use it behind pointers.
  al* {.incompleteStruct.} = object
  ctx* {.incompleteStruct.} = object
  id* = uint32
  visitor* = proc (user: pointer, n: ptr node): bool {.cdecl.}
  ## Nim has no words for what is in it: use it behind pointers.
  rec* {.incompleteStruct.} = object
  any_anon2* {.bycopy, union.} = object
    number*: int64
    text*: ptr cchar
  ## Nim has no words for what is in it: use it behind pointers.
  anyX* {.incompleteStruct.} = object
  thing* {.incompleteStruct.} = object
  ## Nim has no words for what is in it: use it behind pointers.
  empty* {.incompleteStruct.} = object
  ## Called like a function.
  stat_type* {.bycopy.} = object
    size*: uint64
    max_align_t*: uint64
  max_align_t* = uint64
  speed* = uint32
  ## Nim has no words for what is in it: use it behind pointers.
  table_anon2* {.incompleteStruct.} = object
  ## Nim has no words for what is in it: use it behind pointers.
  table* {.incompleteStruct.} = object
  each_f* {.bycopy.} = object
    code*: proc (n: uint32, env: pointer): bool {.cdecl.}
    env*: pointer
  keep_f* {.bycopy.} = object
    code*: proc (at: point, env: pointer) {.cdecl.}
    env*: pointer
    drop*: proc (a1: pointer) {.cdecl.}

const color_red* = cast[color](1'i64)
# As grass * / is.
const color_green* = cast[color](2'i64)
const color_blue* = cast[color](10'i64)

const mode_fast* = cast[mode](0'i64)
# As snails are.
const mode_slow* = cast[mode](1'i64)

# Look at it.
const access_read* = cast[access](4'i64)
const access_write* = cast[access](32'i64)

const speed_s_2_5* = cast[speed](0'i64)
const speed_s_25X2* = cast[speed](1'i64)

proc stat*(path: ptr cchar, at: ptr stat_type): int32 {.importc: "stat", cdecl.}
  ## stat(path cstring, at out stat) -> i32
  ## - at is written; it holds nothing before

proc STAT*(how: speed): ptr table {.importc: "STAT", cdecl.}
  ## STAT(how speed) -> ptr<table>

proc st_atX2*() {.importc: "st_at", cdecl.}
  ## st-at()

proc area*(p: point, by: float64): float64 {.importc: "area", cdecl.}
  ## Computes an area.
  ## area(p point, by f64) -> f64
  ## - by: factor of the result
  ## - the result: never negative

proc walk*(n: ptr node, each: visitor, user: pointer): cint {.importc: "walk", cdecl.}
  ## walk(n ptr<node>, each visitor, user mutptr<void>) -> c_int

proc log_it*(fmt: ptr cchar): cint {.importc: "log_it", cdecl, varargs.}
  ## log-it(fmt cstring, ...) -> c_int

proc get*(c: ptr ctx, which: color): number {.importc: "get", cdecl.}
  ## get(c ref<ctx>, which color) -> number

# take-bits(b bits) -> u16
# Nim has no words for how it is called.

proc fill*(at: ptr point, out_node: ptr node): bool {.importc: "fill", cdecl.}
  ## fill(at inout point, out-node out node) -> bool
  ## - at is written
  ## - out-node is written; it holds nothing before

proc make*(name: ptr cchar, name_len: csize_t, tags: ptr id, tags_len: csize_t): ptr thing {.importc: "make", cdecl.}
  ## make(name string, tags slice<id>) -> own thing
  ## - the result is given away: thing_free releases it

proc endX*(t: ptr thing) {.importc: "end", cdecl.}
  ## end(t own thing)
  ## - t is given away

proc each*(f: each_f): uint32 {.importc: "each", cdecl.}
  ## each(f closure(n u32) -> bool) -> u32

proc keep*(f: keep_f) {.importc: "keep", cdecl.}
  ## keep(f own closure(at point))
  ## - f is given away

# wide(x c_longdouble) -> c_longdouble
# Nim has no words for how it is called.

proc thing_free*(it: ptr thing) {.importc: "thing_free", cdecl.}
  ## thing_free(it own thing)
  ## - it is given away

# Trees are no deeper.
const max_depth* = cast[uint16](64'u64)
const version*: cstring = "1.2 \"beta\""
const title* = "Gr\xc3\xb6\xc3\x9fe"
const magic*: array[3, uint8] = [0x61'u8, 0x62'u8, 0x00'u8]
const usual* = cast[color](2'u64)
const half* = float32(0.5)
const least* = cast[int64](-9223372036854775808'i64)
const x* = cast[cint](-1'i64)
# Of memory.
when (defined(amd64) and defined(linux)):
  const page* = cast[clong](65536'u64)
elif (defined(i386) and defined(linux)):
  const page* = cast[clong](4096'u64)

when (defined(amd64) and defined(linux)):
  static:
    discard
    doAssert sizeof(point) == 16, "point: size"
    doAssert alignof(point) == 8, "point: alignment"
    doAssert offsetOf(point, x) == 0, "point: offset of x"
    doAssert offsetOf(point, y) == 8, "point: offset of y"
    doAssert sizeof(color) == 1, "color: size"
    doAssert alignof(color) == 1, "color: alignment"
    doAssert sizeof(mode) == 4, "mode: size"
    doAssert alignof(mode) == 4, "mode: alignment"
    doAssert sizeof(access) == 4, "access: size"
    doAssert alignof(access) == 4, "access: alignment"
    doAssert sizeof(node) == 40, "node: size"
    doAssert alignof(node) == 8, "node: alignment"
    doAssert offsetOf(node, next) == 0, "node: offset of next"
    doAssert offsetOf(node, at) == 8, "node: offset of at"
    doAssert offsetOf(node, kind) == 24, "node: offset of kind"
    doAssert offsetOf(node, typeX) == 25, "node: offset of type"
    doAssert offsetOf(node, long) == 32, "node: offset of long"
    doAssert sizeof(link) == 8, "link: size"
    doAssert alignof(link) == 8, "link: alignment"
    doAssert sizeof(number) == 8, "number: size"
    doAssert alignof(number) == 8, "number: alignment"
    doAssert offsetOf(number, i) == 0, "number: offset of i"
    doAssert offsetOf(number, f) == 0, "number: offset of f"
    doAssert offsetOf(number, self) == 0, "number: offset of self"
    doAssert sizeof(hdr) == 5, "hdr: size"
    doAssert alignof(hdr) == 1, "hdr: alignment"
    doAssert offsetOf(hdr, tag) == 0, "hdr: offset of tag"
    doAssert offsetOf(hdr, len) == 1, "hdr: offset of len"
    doAssert sizeof(id) == 4, "id: size"
    doAssert alignof(id) == 4, "id: alignment"
    doAssert sizeof(visitor) == 8, "visitor: size"
    doAssert alignof(visitor) == 8, "visitor: alignment"
    doAssert sizeof(any_anon2) == 8, "any_anon2: size"
    doAssert alignof(any_anon2) == 8, "any_anon2: alignment"
    doAssert offsetOf(any_anon2, number) == 0, "any_anon2: offset of number"
    doAssert offsetOf(any_anon2, text) == 0, "any_anon2: offset of text"
    doAssert sizeof(stat_type) == 16, "stat_type: size"
    doAssert alignof(stat_type) == 8, "stat_type: alignment"
    doAssert offsetOf(stat_type, size) == 0, "stat_type: offset of size"
    doAssert offsetOf(stat_type, max_align_t) == 8, "stat_type: offset of max_align_t"
    doAssert sizeof(max_align_t) == 8, "max_align_t: size"
    doAssert alignof(max_align_t) == 8, "max_align_t: alignment"
    doAssert sizeof(speed) == 4, "speed: size"
    doAssert alignof(speed) == 4, "speed: alignment"
    doAssert sizeof(each_f) == 16, "each_f: size"
    doAssert alignof(each_f) == 8, "each_f: alignment"
    doAssert offsetOf(each_f, code) == 0, "each_f: offset of code"
    doAssert offsetOf(each_f, env) == 8, "each_f: offset of env"
    doAssert sizeof(keep_f) == 24, "keep_f: size"
    doAssert alignof(keep_f) == 8, "keep_f: alignment"
    doAssert offsetOf(keep_f, code) == 0, "keep_f: offset of code"
    doAssert offsetOf(keep_f, env) == 8, "keep_f: offset of env"
    doAssert offsetOf(keep_f, drop) == 16, "keep_f: offset of drop"

when (defined(i386) and defined(linux)):
  static:
    discard
    doAssert sizeof(point) == 16, "point: size"
    doAssert alignof(point) == 4, "point: alignment"
    doAssert offsetOf(point, x) == 0, "point: offset of x"
    doAssert offsetOf(point, y) == 8, "point: offset of y"
    doAssert sizeof(color) == 1, "color: size"
    doAssert alignof(color) == 1, "color: alignment"
    doAssert sizeof(mode) == 4, "mode: size"
    doAssert alignof(mode) == 4, "mode: alignment"
    doAssert sizeof(access) == 4, "access: size"
    doAssert alignof(access) == 4, "access: alignment"
    doAssert sizeof(node) == 28, "node: size"
    doAssert alignof(node) == 4, "node: alignment"
    doAssert offsetOf(node, next) == 0, "node: offset of next"
    doAssert offsetOf(node, at) == 4, "node: offset of at"
    doAssert offsetOf(node, kind) == 20, "node: offset of kind"
    doAssert offsetOf(node, typeX) == 21, "node: offset of type"
    doAssert offsetOf(node, long) == 24, "node: offset of long"
    doAssert sizeof(link) == 4, "link: size"
    doAssert alignof(link) == 4, "link: alignment"
    doAssert sizeof(number) == 8, "number: size"
    doAssert alignof(number) == 4, "number: alignment"
    doAssert offsetOf(number, i) == 0, "number: offset of i"
    doAssert offsetOf(number, f) == 0, "number: offset of f"
    doAssert offsetOf(number, self) == 0, "number: offset of self"
    doAssert sizeof(hdr) == 5, "hdr: size"
    doAssert alignof(hdr) == 1, "hdr: alignment"
    doAssert offsetOf(hdr, tag) == 0, "hdr: offset of tag"
    doAssert offsetOf(hdr, len) == 1, "hdr: offset of len"
    doAssert sizeof(id) == 4, "id: size"
    doAssert alignof(id) == 4, "id: alignment"
    doAssert sizeof(visitor) == 4, "visitor: size"
    doAssert alignof(visitor) == 4, "visitor: alignment"
    doAssert sizeof(any_anon2) == 8, "any_anon2: size"
    doAssert alignof(any_anon2) == 4, "any_anon2: alignment"
    doAssert offsetOf(any_anon2, number) == 0, "any_anon2: offset of number"
    doAssert offsetOf(any_anon2, text) == 0, "any_anon2: offset of text"
    doAssert sizeof(stat_type) == 16, "stat_type: size"
    doAssert alignof(stat_type) == 4, "stat_type: alignment"
    doAssert offsetOf(stat_type, size) == 0, "stat_type: offset of size"
    doAssert offsetOf(stat_type, max_align_t) == 8, "stat_type: offset of max_align_t"
    doAssert sizeof(max_align_t) == 8, "max_align_t: size"
    doAssert alignof(max_align_t) == 4, "max_align_t: alignment"
    doAssert sizeof(speed) == 4, "speed: size"
    doAssert alignof(speed) == 4, "speed: alignment"
    doAssert sizeof(each_f) == 8, "each_f: size"
    doAssert alignof(each_f) == 4, "each_f: alignment"
    doAssert offsetOf(each_f, code) == 0, "each_f: offset of code"
    doAssert offsetOf(each_f, env) == 4, "each_f: offset of env"
    doAssert sizeof(keep_f) == 12, "keep_f: size"
    doAssert alignof(keep_f) == 4, "keep_f: alignment"
    doAssert offsetOf(keep_f, code) == 0, "keep_f: offset of code"
    doAssert offsetOf(keep_f, env) == 4, "keep_f: offset of env"
    doAssert offsetOf(keep_f, drop) == 8, "keep_f: offset of drop"
