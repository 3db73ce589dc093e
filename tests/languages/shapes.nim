# What nimshapes.py compiles: pn_ = parameter under nimcall, pc_ = under cdecl, rn_ = result under nimcall,
# rc_ = under cdecl; s_ openArray, v_ var, k_ sink, l_ lent, c_ d_ e_ other conventions, m_ the rest.
# shapes.abi.yaml describes the same by general means.
type
  B1 = object
    a: array[1, byte]
  B2 = object
    a: array[2, byte]
  B3 = object
    a: array[3, byte]
  B4 = object
    a: array[4, byte]
  B5 = object
    a: array[5, byte]
  B7 = object
    a: array[7, byte]
  B8 = object
    a: array[8, byte]
  B9 = object
    a: array[9, byte]
  B12 = object
    a: array[12, byte]
  B15 = object
    a: array[15, byte]
  B16 = object
    a: array[16, byte]
  B17 = object
    a: array[17, byte]
  B20 = object
    a: array[20, byte]
  B23 = object
    a: array[23, byte]
  B24 = object
    a: array[24, byte]
  B25 = object
    a: array[25, byte]
  B28 = object
    a: array[28, byte]
  B31 = object
    a: array[31, byte]
  B32 = object
    a: array[32, byte]
  B33 = object
    a: array[33, byte]
  B40 = object
    a: array[40, byte]
  B48 = object
    a: array[48, byte]
  B55 = object
    a: array[55, byte]
  B56 = object
    a: array[56, byte]
  I3 = object
    a: int64
    b: int64
    c: int64
  I3b = object
    a: int64
    b: int64
    c: int64
    d: byte
  Mix24 = object
    a: byte
    b: int64
    c: int16
    d: int32
  Mix32 = object
    a: byte
    b: int64
    c: byte
    d: int64
  F1 = object
    x: float32
  F3 = object
    x: float32
    y: float32
    z: float32
  D3 = object
    x: float64
    y: float64
    z: float64
  D4 = object
    x: float64
    y: float64
    z: float64
    w: float64
  F6 = object
    v: array[6, float32]
  F7 = object
    v: array[7, float32]
  DI2 = object
    x: float64
    n: int32
    c: char
  Nest24 = object
    p: DI2
    q: F1
    r: int16
  Nest32 = object
    p: DI2
    q: DI2
  ArrObj3 = object
    v: array[3, F1]
    n: int32
  ArrObj4 = object
    v: array[2, DI2]
  Mat = object
    m: array[2, array[3, int32]]
  MatBig = object
    m: array[3, array[3, float32]]
  Bools = object
    f: array[5, bool]
    c: array[3, char]
  Zero = object
    a: int8
    z: array[0, int32]
    b: int8
  Zero2 = object
    a: int64
    b: int64
    z: array[0, int64]
    c: int64
  Empty = object
  HasEmpty = object
    e: Empty
    x: int16
  HasEmpties = object
    e: array[5, Empty]
    x: int64
    y: int64
  EUp = enum up0, up1, up2
  EHole = enum ho0 = 2, ho1 = 9, ho2 = 255
  E256 = enum ea0, ea1 = 256
  E65535 = enum eb0, eb1 = 65535
  E65536 = enum ec0, ec1 = 65536
  ENeg = enum ed0 = -1, ed1
  ENegBig = enum ee0 = -40000, ee1 = 3
  EMax = enum ef0, ef1 = 2147483647
  ESz1 {.size: 1.} = enum eg0, eg1
  ESz2 {.size: 2.} = enum eh0, eh1
  ESz4 {.size: 4.} = enum ei0, ei1
  ESz8 {.size: 8.} = enum ej0, ej1
  Enums = object
    a: EUp
    b: E256
    c: ENeg
    d: EHole
    e: ESz8
  SetsSmall = object
    a: set[0..7]
    b: set[0..15]
    c: set[0..31]
    d: set[0..63]
  SetBig = object
    a: byte
    s: set[char]
  SetQuirk = object
    a: byte
    s: set[0..71]
    b: byte
  SetQuirk2 = object
    a: byte
    s: set[0..71]
    b: byte
    t: set[0..71]
  SetArr = object
    a: byte
    s: array[2, set[0..71]]
  SetEnum = object
    s: set[EUp]
    h: set[EHole]
  Base1 {.inheritable.} = object
    a: int32
  Kid1 = object of Base1
    b: int32
  Kid2 = object of Kid1
    c: int64
  PureB {.inheritable, pure.} = object
    a: int32
    p: int8
  PureK = object of PureB
    b: int8
  PureBig = object of PureB
    b: array[20, byte]
  RootKid = object of RootObj
    a: int32
  RootGrand = object of RootKid
    b: int8
    c: int64
  RootEmpty = object of RootObj
  HoldsBase = object
    i: Base1
  HoldsPure = object
    i: PureB
    x: byte
  Str = object
    s: string
  StrInt = object
    s: string
    n: int64
  Str2 = object
    s: string
    t: string
  Seq = object
    s: seq[int32]
  RefI3 = ref I3
  HasRef = object
    r: RefI3
    n: int32
  DeepRef = object
    h: HasRef
  RefArr = object
    r: array[2, RefI3]
  HasPtr = object
    p: ptr I3
    c: cstring
    u: pointer
  Clos = proc (x: int): int {.closure.}
  ClosBig = proc (x: B32, y: openArray[int8]): B40 {.closure.}
  ClosVoid = proc () {.closure.}
  FnC = proc (u: pointer, e: B32, k: int8): B40 {.cdecl.}
  FnN = proc (u: pointer, e: B32, k: int8): B40 {.nimcall.}
  FnSmall = proc (a: B8, s: set[char], xs: openArray[B3]): B24 {.nimcall.}
  FnArr = proc (a: array[4, int16]): array[3, int32] {.cdecl.}
  FnFn = proc (f: FnC, g: FnN): FnC {.cdecl.}
  FnStd = proc (x: B25): B25 {.stdcall.}
  HasClos = object
    f: Clos
    n: int8
  HasFn = object
    f: FnC
    g: FnN
    n: int8
  V1 = object
    case k: bool
    of true: a: int32
    of false: b: float64
  V2 = object
    id: int16
    case k: EUp
    of up0:
      a: int32
      b: int64
    of up1: c: array[5, byte]
    of up2: discard
    tail: int8
  V3 = object
    case k: EUp
    of up0:
      a: int8
      b: int8
    of up1, up2:
      c: B24
      d: int8
  V4 = object
    case k: bool
    of false: s: string
    of true: n: int
  V5 = object
    case k: range[0..3]
    of 0: x: float32
    of 1: y: float64
    else: z: array[16, byte]
  Un {.union.} = object
    a: int32
    b: float64
    c: array[11, byte]
  UnBig {.union.} = object
    a: int16
    c: array[26, byte]
  HasUn = object
    t: int8
    u: Un
  Pk {.packed.} = object
    a: byte
    b: int64
    c: int16
    d: int32
  PkBig {.packed.} = object
    a: byte
    b: array[3, int64]
  Al16 = object
    a: int8
    b {.align: 16.}: int8
  Bits = object
    a {.bitsize: 3.}: uint32
    b {.bitsize: 7.}: uint32
    c: int16
  BitsBig = object
    a {.bitsize: 3.}: uint32
    c: array[30, byte]
  HasBits = object
    b: Bits
    x: array[4, int64]
  LongD = object
    a: int32
    x: clongdouble
  CTypes = object
    a: cshort
    b: cint
    c: clong
    d: cchar
    e: cuchar
  ByC {.bycopy.} = object
    a: array[5, int64]
  ByCS {.bycopy.} = object
    a: int8
  ByR {.byref.} = object
    a: int16
  HasByC = object
    b: ByC
  GenB = object
    a: int8
    b: int8
  DB24 = distinct B24
  DB25 = distinct B25
  DF = distinct float32
  DArr = distinct array[3, int16]
  DSet = distinct set[char]
  DStr = distinct string
  T24 = tuple[a: int64, b: int64, c: int64]
  T25 = tuple[a: int64, b: int64, c: int64, d: int8]
  TS = tuple[a: int8, s: string]
  TN = (int8, (float32, int64), B3)
  TC = tuple[f: Clos]
  TArr = tuple[a: array[7, int32]]
  NodeP = object
    next: ptr NodeP
    v: int32
  NodeRObj = object
    next: NodeR
    v: int32
  NodeR = ref NodeRObj
  Tree = object
    kids: seq[Tree]
    v: int8
  PadIn = object
    a: int8
    b: int64
    c: int8
  PkNest {.packed.} = object
    a: byte
    n: PadIn
  PkVar {.packed.} = object
    case k: bool
    of true:
      a: int8
      b: int64
      c: int8
    of false: z: byte
  PkVar2 {.packed.} = object
    h: array[11, byte]
    case k: bool
    of true:
      a: int32
      b: int64
    of false: z: float64
  VNest = object
    case k: bool
    of true:
      a: int16
      case m: bool
      of true: x: int64
      of false: y: array[3, byte]
    of false: z: float32
  VRef = object
    case k: bool
    of true: r: RefI3
    of false: n: int32
  ClosArr = object
    f: array[2, Clos]
  SeqSeq = object
    s: seq[seq[string]]
  TupArr = object
    t: array[3, tuple[a: int8, b: int16]]
  ByEnum = object
    a: array[EUp, int32]
    s: set[bool]
  Al32 = object
    a: int8
    n: Al16
  AlBig = object
    n: Al16
    m: int8

template both(T: typedesc, nm: untyped) =
  proc `pn nm`(x: T, tail: int32) {.exportc: "pn_" & astToStr(nm), nimcall.} = discard
  proc `pc nm`(x: T, tail: int32) {.exportc: "pc_" & astToStr(nm), cdecl.} = discard
  proc `rn nm`(head: int32): T {.exportc: "rn_" & astToStr(nm), nimcall.} = discard
  proc `rc nm`(head: int32): T {.exportc: "rc_" & astToStr(nm), cdecl.} = discard

both(B1, B1)
both(B2, B2)
both(B3, B3)
both(B4, B4)
both(B5, B5)
both(B7, B7)
both(B8, B8)
both(B9, B9)
both(B12, B12)
both(B15, B15)
both(B16, B16)
both(B17, B17)
both(B20, B20)
both(B23, B23)
both(B24, B24)
both(B25, B25)
both(B28, B28)
both(B31, B31)
both(B32, B32)
both(B33, B33)
both(B40, B40)
both(B48, B48)
both(B55, B55)
both(B56, B56)
both(I3, I3)
both(I3b, I3b)
both(Mix24, Mix24)
both(Mix32, Mix32)
both(F1, F1)
both(F3, F3)
both(D3, D3)
both(D4, D4)
both(F6, F6)
both(F7, F7)
both(DI2, DI2)
both(Nest24, Nest24)
both(Nest32, Nest32)
both(ArrObj3, ArrObj3)
both(ArrObj4, ArrObj4)
both(Mat, Mat)
both(MatBig, MatBig)
both(Bools, Bools)
both(Zero, Zero)
both(Zero2, Zero2)
both(Empty, Empty)
both(HasEmpty, HasEmpty)
both(HasEmpties, HasEmpties)
both(EUp, EUp)
both(EHole, EHole)
both(E256, E256)
both(E65535, E65535)
both(E65536, E65536)
both(ENeg, ENeg)
both(ENegBig, ENegBig)
both(EMax, EMax)
both(ESz1, ESz1)
both(ESz2, ESz2)
both(ESz4, ESz4)
both(ESz8, ESz8)
both(Enums, Enums)
both(SetsSmall, SetsSmall)
both(SetBig, SetBig)
both(SetQuirk, SetQuirk)
both(SetQuirk2, SetQuirk2)
both(SetArr, SetArr)
both(SetEnum, SetEnum)
both(Base1, Base1)
both(Kid1, Kid1)
both(Kid2, Kid2)
both(PureB, PureB)
both(PureK, PureK)
both(PureBig, PureBig)
both(RootKid, RootKid)
both(RootGrand, RootGrand)
both(RootEmpty, RootEmpty)
both(HoldsBase, HoldsBase)
both(HoldsPure, HoldsPure)
both(Str, Str)
both(StrInt, StrInt)
both(Str2, Str2)
both(Seq, Seq)
both(RefI3, RefI3)
both(HasRef, HasRef)
both(DeepRef, DeepRef)
both(RefArr, RefArr)
both(HasPtr, HasPtr)
both(Clos, Clos)
both(ClosBig, ClosBig)
both(ClosVoid, ClosVoid)
both(FnC, FnC)
both(FnN, FnN)
both(FnSmall, FnSmall)
both(FnArr, FnArr)
both(FnFn, FnFn)
both(FnStd, FnStd)
both(HasClos, HasClos)
both(HasFn, HasFn)
both(V1, V1)
both(V2, V2)
both(V3, V3)
both(V4, V4)
both(V5, V5)
both(Un, Un)
both(UnBig, UnBig)
both(HasUn, HasUn)
both(Pk, Pk)
both(PkBig, PkBig)
both(Al16, Al16)
both(Bits, Bits)
both(BitsBig, BitsBig)
both(HasBits, HasBits)
both(LongD, LongD)
both(CTypes, CTypes)
both(ByC, ByC)
both(ByCS, ByCS)
both(ByR, ByR)
both(HasByC, HasByC)
both(GenB, GenB)
both(DB24, DB24)
both(DB25, DB25)
both(DF, DF)
both(DArr, DArr)
both(DSet, DSet)
both(DStr, DStr)
both(T24, T24)
both(T25, T25)
both(TS, TS)
both(TN, TN)
both(TC, TC)
both(TArr, TArr)
both(NodeP, NodeP)
both(NodeR, NodeR)
both(Tree, Tree)
both(PadIn, PadIn)
both(PkNest, PkNest)
both(PkVar, PkVar)
both(PkVar2, PkVar2)
both(VNest, VNest)
both(VRef, VRef)
both(ClosArr, ClosArr)
both(SeqSeq, SeqSeq)
both(TupArr, TupArr)
both(ByEnum, ByEnum)
both(Al32, Al32)
both(AlBig, AlBig)
both(array[1, int8], arr1)
both(array[3, B5], arr3o)
both(array[2, array[4, int16]], arr2d)
both(array[2, string], arrStr)
both(set[0..0], set1)
both(set[0..7], set8)
both(set[0..8], set9)
both(set[0..15], set16)
both(set[0..16], set17)
both(set[0..31], set32)
both(set[0..32], set33)
both(set[0..63], set64)
both(set[0..64], set65)
both(set[EUp], setE)
both(set[100..120], setOff)
both(set[char], setChar)
both(set[int8], setI16)
both(array[0, int32], arr0)
both(array[2, set[char]], arrSet)
both(array[2, Clos], arrClos)
both(array[EUp, B3], arrEnum)
both(set[bool], setBool)
both(ptr UncheckedArray[int16], ptrUn)
both(cstringArray, cstrArr)
both(ptr Clos, ptrClos)
both(seq[Clos], seqClos)
both(tuple[a: B24, b: int8], tupIn)
both(range[0'u8..9'u8], range)
both(Natural, natural)
both(ptr array[4, int16], ptrArr)
both(ptr ptr array[4, int16], ptrPtrArr)
both(ptr array[2, array[4, int16]], ptrArr2)
both(ptr set[char], ptrSet)
both(ptr string, ptrStr)
both(ptr B3, ptrTup)
both(int8, i8)
both(uint16, u16)
both(int64, i64)
both(int, int)
both(uint, uint)
both(float32, f32)
both(float, f64)
both(bool, bool)
both(char, char)
both(cstring, cstr)
both(string, str)
both(seq[B3], seqB3)
both(cint, cint)
both(culong, culong)
both(csize_t, csize)
proc s_oa(x: openArray[B40], y: openArray[int16], tail: int8): B40 {.exportc.} = discard
proc s_oac(x: openArray[B40], tail: int8): B40 {.exportc, cdecl.} = discard
proc s_oaa(x: openArray[array[3, int8]]) {.exportc.} = discard
proc s_oas(x: openArray[set[char]]) {.exportc.} = discard
proc s_oastr(x: openArray[string]): string {.exportc.} = discard
proc s_oaclos(x: openArray[Clos], y: openArray[FnC]) {.exportc.} = discard
proc s_oaoa(x: varargs[int32]): array[2, int8] {.exportc.} = discard
proc s_oavar(x: var openArray[B3]) {.exportc.} = discard
proc v_obj(x: var B40, y: var int8) {.exportc.} = discard
proc v_arr(x: var array[3, B5]) {.exportc.} = discard
proc v_set(x: var set[char], y: var set[0..7]) {.exportc.} = discard
proc v_str(x: var string, y: var seq[int8]) {.exportc.} = discard
proc v_clos(x: var Clos, y: var FnC) {.exportc.} = discard
proc v_ret(x: var B40): var B40 {.exportc.} = x
proc v_retarr(x: var B40): var array[40, byte] {.exportc.} = x.a
proc k_big(x: sink B40, y: sink B24) {.exportc.} = discard
proc k_tup(x: sink T25, y: sink Kid1) {.exportc.} = discard
proc k_str(x: sink string, y: sink seq[int8]) {.exportc.} = discard
proc l_obj(x: B8, y: B8): lent array[8, byte] {.exportc.} = x.a
proc l_byc(x: ByC): lent array[5, int64] {.exportc.} = x.a
proc l_str(x: Str, y: int): lent string {.exportc.} = x.s
proc l_I3(x: I3): lent int64 {.exportc.} = x.a
proc l_arr(x: array[3, B5]): lent B5 {.exportc.} = x[0]
proc l_seq(x: seq[B5]): lent B5 {.exportc.} = x[0]
proc l_ptr(x: ptr B5): lent B5 {.exportc.} = x[]
proc l_ref(x: RefI3): lent int64 {.exportc.} = x.b
proc l_oa(x: openArray[B5]): lent B5 {.exportc.} = x[0]
proc l_setq(x: SetQuirk): lent byte {.exportc.} = x.a
proc c_stdcall(x: B40, s: set[char]): B40 {.exportc, stdcall.} = discard
proc d_stdcall(x: HasRef): HasRef {.exportc, stdcall.} = discard
proc e_stdcall(): array[2, B3] {.exportc, stdcall.} = discard
proc c_fastcall(x: B40, s: set[char]): B40 {.exportc, fastcall.} = discard
proc d_fastcall(x: HasRef): HasRef {.exportc, fastcall.} = discard
proc e_fastcall(): array[2, B3] {.exportc, fastcall.} = discard
proc c_safecall(x: B40, s: set[char]): B40 {.exportc, safecall.} = discard
proc d_safecall(x: HasRef): HasRef {.exportc, safecall.} = discard
proc e_safecall(): array[2, B3] {.exportc, safecall.} = discard
proc c_syscall(x: B40, s: set[char]): B40 {.exportc, syscall.} = discard
proc d_syscall(x: HasRef): HasRef {.exportc, syscall.} = discard
proc e_syscall(): array[2, B3] {.exportc, syscall.} = discard
proc c_noconv(x: B40, s: set[char]): B40 {.exportc, noconv.} = discard
proc d_noconv(x: HasRef): HasRef {.exportc, noconv.} = discard
proc e_noconv(): array[2, B3] {.exportc, noconv.} = discard
proc c_inline(x: B40, s: set[char]): B40 {.exportc, inline.} = discard
proc d_inline(x: HasRef): HasRef {.exportc, inline.} = discard
proc e_inline(): array[2, B3] {.exportc, inline.} = discard
proc m_printf(fmt: cstring, n: B40): cint {.importc, varargs.}
proc m_printfc(fmt: cstring, n: B40): B40 {.importc, cdecl, varargs.}
proc m_void() {.exportc.} = discard
proc m_static(n: static int, x: B40): B8 {.exportc: "m_static".} = discard
proc m_many(a: B1, b: D4, c: F3, d: openArray[int8], e: B25, f: Clos, g: set[char], h: array[2, int8], i: ENeg): D4 {.exportc.} = discard
proc m_manyc(a: B1, b: D4, c: F3, d: openArray[int8], e: B25, f: Clos, g: set[char], h: array[2, int8], i: ENeg): D4 {.exportc, cdecl.} = discard
proc m_cb(f: proc (x: B32): B32 {.cdecl.}, g: proc (x: B32): B32 {.nimcall.}) {.exportc.} = discard

when not defined(layouts): # inline procs and imports exist in C once they are used
  var b40: B40
  var h: HasRef
  discard m_static(3, b40); discard m_printf("", b40, 3.cint); discard m_printfc("", b40, 3.cint)
  discard c_inline(b40, {}); discard d_inline(h); discard e_inline()
