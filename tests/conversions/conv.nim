# conv.h in Nim.
include rt

type CvRes {.incompleteStruct.} = object
proc cv_lend(bytes: csize_t): pointer {.importc, cdecl.}
proc cv_mark(): csize_t {.importc, cdecl.}
proc cv_back(mark: csize_t) {.importc, cdecl.}
proc cv_res_new(seed: uint64): ptr CvRes {.importc, cdecl.}
proc cv_res_lend(seed: uint64): ptr CvRes {.importc, cdecl.}
proc cv_res_is(res: ptr CvRes, seed: uint64): bool {.importc, cdecl.}
proc cv_res_drop(res: ptr CvRes) {.importc, cdecl.}
proc cv_length(seed: uint64, most: csize_t): csize_t {.importc, cdecl.}
proc cv_short_length(seed: uint64): csize_t {.importc, cdecl.}
proc cv_text(seed: uint64, nul: bool, text: pointer): csize_t {.importc, cdecl.}
proc cv_check_text(text: pointer, length: csize_t, seed: uint64, nul: bool, what: cstring) {.importc, cdecl.}
proc cv_seed(a, b: uint64): uint32 {.importc, cdecl.}
proc cv_begin(function: int64, name: cstring, round: uint64): uint32 {.importc, cdecl.}
proc cv_end(callbacks: int64) {.importc, cdecl.}
proc cv_enter(function: int64) {.importc, cdecl.}
proc cv_invoked() {.importc, cdecl.}
proc cv_got() {.importc, cdecl.}

proc fill_char(x: var uint32, seed: uint64) =
  let value = uint32(rt_value(seed) mod 0x10f800)
  x = if value < 0xd800: value else: value + 0x800
proc check_char(x: uint32, seed: uint64, what: cstring) =
  var want: uint32
  fill_char(want, seed)
  if x != want: rt_mismatch(what, "char")

proc cvText(seed: uint64, nul: bool): string =
  var text: array[400, char]
  let length = int(cv_text(seed, nul, addr text))
  result = newString(length)
  if length > 0: copyMem(addr result[0], addr text, length)
proc cvCheckText(x: string, seed: uint64, nul: bool, what: cstring) =
  cv_check_text(if x.len > 0: unsafeAddr x[0] else: nil, csize_t(x.len), seed, nul, what)
proc cv_text16(seed: uint64, nul, lone: bool, text: pointer): csize_t {.importc, cdecl.}
proc cv_check_text16(text: pointer, length: csize_t, seed: uint64, nul, lone: bool, what: cstring) {.importc, cdecl.}
proc cvUnits(seed: uint64): seq[uint16] =
  var text: array[400, uint16]
  result = newSeq[uint16](int(cv_text16(seed, true, true, addr text)))
  for i in 0 ..< result.len: result[i] = text[i]
proc cvCheckUnits(x: seq[uint16], seed: uint64, what: cstring) =
  cv_check_text16(if x.len > 0: unsafeAddr x[0] else: nil, csize_t(x.len), seed, true, true, what)
proc cvLendText(seed: uint64): cstring =
  var text: array[400, char]
  let length = int(cv_text(seed, false, addr text))
  result = cast[cstring](cv_lend(csize_t(length + 1)))
  if length > 0: copyMem(result, addr text, length)
proc cvCheckText(x: cstring, seed: uint64, what: cstring) =
  if x.isNil: rt_mismatch(what, "null text")
  else: cv_check_text(x, csize_t(x.len), seed, false, what)

# What a thunk made must be seen by the collector while it is in use.
var collections: int
proc cvCollect() =
  inc collections
  if collections mod 3 == 0: GC_fullCollect()

proc n_set_string(x: var string, data: pointer, length: int) {.exportc, cdecl.} =
  x = newString(length)
  if length > 0: copyMem(addr x[0], data, length)
proc n_drop_string(x: var string) {.exportc, cdecl.} = reset(x)
proc n_set_string16(x: var seq[uint16], data: pointer, length: int) {.exportc, cdecl.} =
  x = newSeq[uint16](length)
  if length > 0: copyMem(addr x[0], data, 2 * length)
proc n_drop_string16(x: var seq[uint16]) {.exportc, cdecl.} = reset(x)

# What closures hold, and what they are called with that come from elsewhere (README.md of abi-specs).
proc cv_env_is_null(seed: uint64): bool {.importc, cdecl.}
proc cv_env_seed(seed: uint64): uint32 {.importc, cdecl.}
proc cv_env_check(made: uint64, seed: uint32) {.importc, cdecl.}
proc cv_env_count(more: int64) {.importc, cdecl.}
proc cv_turn(): uint32 {.importc, cdecl.}
proc cv_called(seed: uint32) {.importc, cdecl.}
var userCookie: int
proc cv_was_called(seed: uint32) {.importc, cdecl.}

type
  CookieObject = object
    s: uint64
    counted: bool
  Cookie = ref CookieObject
when defined(gcOrc):
  proc `=destroy`(x: var CookieObject) =
    if x.counted: cv_env_count(-1)
proc newCookie(s: uint64): Cookie =
  result = Cookie(s: s, counted: true)
  when defined(gcOrc): cv_env_count(1)

type ForeignEnv = object of RootObj
  code, env: pointer
  drop: proc (env: pointer) {.cdecl, raises: [], gcsafe.}
proc finish(e: ref ForeignEnv) = (if e.drop != nil: e.drop(e.env))
proc n_new_env(env: var ref ForeignEnv) {.exportc, cdecl.} = new(env, finish)
proc n_keep_env(env: RootRef) {.exportc, cdecl.} = GC_ref(env)
proc n_drop_env(env: RootRef) {.exportc, cdecl.} = GC_unref(env)
