# A library of one release or the other (-d:release2), which sees whole objects: adapters fill in what its callers do not know.
const newer = defined(release2)
type
  Limit = object
    val: uint32
    has: bool
  Options = object
    level: uint32
    scale: float64
    name: string
    when newer:
      extra: uint8
      tag: string
      limit: Limit
  Counters = object
    calls: uint32
    bytes: uint8
    when newer:
      lost: uint8
      spare: uint32
  Report = object
    code: uint64
    text: string
    when newer:
      detail: string

proc nim_set_string(text: var string, data: pointer, len: int) {.exportc, cdecl.} =
  text = newString(len)
  if len > 0: copyMem(addr text[0], data, len)
proc nim_drop_string(text: var string) {.exportc, cdecl.} = reset text

proc open(o: Options): int64 {.exportc: "impl_rig_open".} =
  result = int64(o.level) + int64(10 * o.scale) + 100 * o.name.len
  when newer:
    result += 1000 * int64(o.extra) + 10000 * o.tag.len
    if o.limit.has: result += 100000 * int64(o.limit.val)

proc read(n: uint32, c: var Counters) {.exportc: "impl_rig_read".} =
  c.calls = n
  c.bytes = 7
  when newer:
    c.lost = 8
    c.spare = 9

proc change(c: var Counters, by: uint32) {.exportc: "impl_rig_change".} =
  c.calls += by
  inc c.bytes
  when newer:
    inc c.lost
    c.spare += by

proc make(n: uint32): Report {.exportc: "impl_rig_make".} =
  result.code = n
  result.text = "a text of its own"
  when newer:
    result.detail = "what the second release adds"

proc send(r: Report): int64 {.exportc: "impl_rig_send".} =
  result = int64(r.code) + r.text.len
  when newer:
    result += 1000 * r.detail.len

proc each(n: uint32, visit: proc (o: Options): int64 {.closure.}): int64 {.exportc: "impl_rig_each".} =
  for i in 0 ..< n:
    result += visit(Options(level: i, scale: 0.5, name: "each"))
