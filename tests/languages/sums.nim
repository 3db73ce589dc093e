# What Nim has for variants, options, results, flags, boxes and resources; sums.abi.yaml describes the same.
# u_ under nimcall, uc_ under cdecl.
import options
{.emit: "/*TYPESECTION*/ typedef struct convo convo;".}
type
  Kind = enum circle, label, nothing
  Shape = object
    case kind: Kind
    of circle: r: float
    of label: s: string
    of nothing: discard
  Plain = object
    case kind: Kind
    of circle: r: float
    of label: i: int32
    of nothing: discard
  Big = object
    case kind: Kind
    of circle: r: array[3, float]
    of label, nothing: discard
  Tiny = object
    case kind: Kind
    of circle: a: uint8
    of label: b: bool
    of nothing: discard
  Light = enum off, on
  Wide {.size: 4.} = enum first, second
  Right = enum read, write, run
  NodeObj = object
    value: int64
    next: ref NodeObj
  Node = ref NodeObj
  Convo {.importc: "convo", incompleteStruct.} = object
  Result[T, E] = object
    case o: bool
    of false: e: E
    of true: v: T
  OptU32 = Option[uint32]
  OptText = Option[string]
  OptRow = Option[array[3, int64]]
  OptOpt = Option[Option[uint8]]
  OptNode = Option[Node]
  OptConvo = Option[ptr Convo]
  OptCode = Option[proc (x: int32): int32 {.nimcall.}]
  Number = Result[uint64, uint32]
  Parsed = Result[uint64, string]
  Rights = set[Right]
  Named = object
    text: string
    items: seq[Node]
    near: Option[Plain]

proc u_shape(x: Shape; tail: int32): Shape {.exportc.} = discard
proc u_plain(x: Plain; tail: int32): Plain {.exportc.} = discard
proc u_big(x: Big; tail: int32): Big {.exportc.} = discard
proc u_tiny(x: Tiny; tail: int32): Tiny {.exportc.} = discard
proc u_light(x: Light; y: Wide): Light {.exportc.} = discard
proc u_rights(x: set[Right]): set[Right] {.exportc.} = discard
proc u_opt(x: OptU32; tail: int32): OptU32 {.exportc.} = discard
proc u_opttext(x: OptText; tail: int32): OptText {.exportc.} = discard
proc u_optrow(x: OptRow; tail: int32): OptRow {.exportc.} = discard
proc u_optopt(x: OptOpt; tail: int32): OptOpt {.exportc.} = discard
proc u_optnode(x: OptNode; tail: int32): OptNode {.exportc.} = discard
proc u_optconvo(x: OptConvo; tail: int32): OptConvo {.exportc.} = discard
proc u_optcode(x: OptCode; tail: int32): OptCode {.exportc.} = discard
proc u_number(x: Number; tail: int32): Number {.exportc.} = discard
proc u_parsed(x: Parsed; tail: int32): Parsed {.exportc.} = discard
proc u_node(x: Node; tail: int32): Node {.exportc.} = discard
proc u_nodes(x: seq[Node]): seq[Node] {.exportc.} = discard
proc u_convo(x: ptr Convo): ptr Convo {.exportc.} = discard
proc u_named(x: Named): Named {.exportc.} = discard
proc u_var(x: var Shape; y: var OptU32; z: var string) {.exportc.} = discard
proc u_lent(x: Named): lent string {.exportc.} = x.text
proc uc_shape(x: Shape; tail: int32): Shape {.exportc, cdecl.} = discard
proc uc_big(x: Big; tail: int32): Big {.exportc, cdecl.} = discard
proc uc_opttext(x: OptText; tail: int32): OptText {.exportc, cdecl.} = discard
proc uc_optnode(x: OptNode; tail: int32): OptNode {.exportc, cdecl.} = discard
proc uc_optconvo(x: OptConvo; tail: int32): OptConvo {.exportc, cdecl.} = discard
proc uc_node(x: Node; tail: int32): Node {.exportc, cdecl.} = discard
