# rt.h in Nim: the same values from the same seeds.
var rt_seed* {.importc.}: uint64
var rt_callback_seed* {.importc.}: uint64
proc rt_value*(seed: uint64): uint64 {.importc, cdecl.}
proc rt_mix*(seed, index: uint64): uint64 {.importc, cdecl.}
proc rt_string*(seed: uint64): cstring {.importc, cdecl.}
proc rt_enter*(function: int64) {.importc, cdecl.}
proc rt_invoke*() {.importc, cdecl.}
proc rt_hold*(callback_seed: uint64) {.importc, cdecl.}
proc rt_release*(what: cstring) {.importc, cdecl.}
proc rt_begin*(function: int64, round: uint64) {.importc, cdecl.}
proc rt_end*(invocations: int64, what: cstring) {.importc, cdecl.}
proc rt_mismatch*(what, kind: cstring) {.importc, cdecl.}
proc rt_expect*(fine: bool, what: cstring) {.importc, cdecl.}
proc rt_dirty*() {.importc, cdecl.}


template scalar(id, T, value: untyped) =
  proc `fill id`(x: var T, seed {.inject.}: uint64) = x = value
  proc `check id`(x: T, seed {.inject.}: uint64, what: cstring) =
    if x != value: rt_mismatch(what, astToStr(id))
template integer(id, T: untyped) = scalar(id, T, cast[T](rt_value(seed)))

proc f32Value(seed: uint64): float32 =
  float32(cast[int32](rt_value(seed) shr 40) - 8388608) * 0.25'f32
proc f64Value(seed: uint64): float64 =
  float64(cast[int64](rt_value(seed) shr 11) - 4503599627370496)

scalar(bool, bool, (rt_value(seed) and 1) == 1)
integer(i8, int8)
integer(i16, int16)
integer(i32, int32)
integer(i64, int64)
integer(u8, uint8)
integer(u16, uint16)
integer(u32, uint32)
integer(u64, uint64)
integer(ssize, int)
integer(uptr, uint)
integer(size, csize_t)
integer(c_char, char)
integer(c_schar, cschar)
integer(c_uchar, cuchar)
integer(c_short, cshort)
integer(c_ushort, cushort)
integer(c_int, cint)
integer(c_uint, cuint)
integer(c_long, clong)
integer(c_ulong, culong)
integer(c_longlong, clonglong)
integer(c_ulonglong, culonglong)
integer(pointer, pointer)
scalar(f32, float32, f32Value(seed))
scalar(f64, float64, f64Value(seed))
scalar(c_float, cfloat, cfloat(f32Value(seed)))
scalar(c_double, cdouble, cdouble(f64Value(seed)))
scalar(c_longdouble, clongdouble, clongdouble(f64Value(seed)))
scalar(cstring, cstring, rt_string(seed))

proc stringValue(seed: uint64): string =
  for i in 0 ..< int(rt_value(seed) mod 20): result.add char(rt_value(rt_mix(seed, uint64(i))) and 0xff)
scalar(string, string, stringValue(seed))
