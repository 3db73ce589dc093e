# pingpong [step]: with no argument, the whole exchange; with a step name, only
# the calls that step needs, so that each entry point can fail on its own.
import os, strutils
import convo

proc slice(s: string): ByteSlice =
  if s.len > 0:
    result = ByteSlice(`ptr`: cast[ptr UncheckedArray[byte]](unsafeAddr s[0]), len: csize_t(s.len))
proc borrow(s: string): ReprString =
  if s.len > 0:
    result = ReprString(`ptr`: cast[ptr UncheckedArray[char]](unsafeAddr s[0]), len: csize_t(s.len), cap: 0)
proc `$`(v: ReprString): string =
  result = newString(int(v.len))
  if v.len > 0: copyMem(addr result[0], v.`ptr`, int(v.len))
proc `$`(v: ByteVec): string =
  result = newString(int(v.len))
  if v.len > 0: copyMem(addr result[0], v.`ptr`, int(v.len))
proc env0(): Envelope =
  result = Envelope(id: 77, kind: 5, urgent: true, score: 1.25)
  for i in 0 ..< 40: result.tag[i] = byte(i * 3)
proc show(e: Envelope): string =
  var sum = 0
  for b in e.tag: sum += int(b)
  "id=$# kind=$# urgent=$# score=$# tagsum=$#" % [$e.id, $e.kind, $e.urgent, $e.score, $sum]

type State = object
  bias: uint64
proc bump(user: pointer, env: Envelope, n: uint32): Envelope {.nimcall.} =
  result = env
  result.id += cast[ptr State](user).bias + uint64(n)
  result.score += 0.5

let only = if paramCount() > 0: paramStr(1) else: ""
template step(name: string, body: untyped) =
  if only == "" or only == name:
    body

let aliceName = "alice-installation-name"
let c = create_context(borrow(aliceName))

step "name":
  let n = installation_name(c)
  echo "name: ", $n
  destroy_string(n)
step "vec3":
  let v = scale_vec3(Vec3(x: 1.0, y: 2.0, z: 3.0), 1.5)
  echo "vec3: ", v.x, " ", v.y, " ", v.z
step "intro":
  var r = create_intro_bundle(c)
  echo "intro: ", r.error_code, " ", $r.intro_bytes
  destroy_intro_result_ptr(addr r)
step "destroyvalue":
  var r: IntroResult
  control_intro(c, addr r)
  echo "control: ", r.error_code, " ", $r.intro_bytes, " live ", convo_live()
  destroy_intro_result(r)
  echo "destroyed by value, live ", convo_live()
step "convo":
  var r = create_new_private_convo(c, slice("intro:bob:1"), slice("ping"))
  echo "convo: ", r.error_code, " ", $r.convo_id
  for i in 0 ..< int(r.payloads.len):
    echo "  ", $r.payloads.`ptr`[i].address, " <- ", $r.payloads.`ptr`[i].data
  let id = $r.convo_id
  destroy_convo_result(r)
  var s = send_content(c, borrow(id), slice("pong"))
  echo "send: ", s.error_code, " ", $s.payloads.`ptr`[0].address, " <- ", $s.payloads.`ptr`[0].data
  destroy_send_result(s)
  let bad = create_new_private_convo(c, slice("garbage"), slice("ping"))
  echo "bad intro: ", bad.error_code, " payloads ", bad.payloads.len
  destroy_convo_result(bad)
step "handle":
  let h = handle_payload(c, slice("hello|ping"))
  echo "handle: ", h.error_code, " ", $h.convo_id, " '", $h.content, "' new=", h.is_new_convo
  destroy_handle_result(h)
step "relay":
  echo "relay: ", toHex(relay_envelope(c, env0(), 9))
step "stamp":
  echo "stamp: ", show(stamp_envelope(c, env0()))
step "quat":
  let q = turn_quat(Quat(w: 1.0, x: 2.0, y: 3.0, z: 4.0), 0.5)
  echo "quat: ", q.w, " ", q.x, " ", q.y, " ", q.z
step "mirror":
  var row = Row(cell: [10'i64, 20, 30, 40, 50])
  row = mirror_row(addr row)           # Nim hands over &row twice: as argument and as result
  echo "mirror: ", row.cell.join(" ")
step "scrub":
  var mine = env0()
  let id = scrub_envelope(mine)
  echo "scrub: ", id, "; mine still ", show(mine)
step "callback":
  var st = State(bias: 100)
  echo "callback: ", show(map_envelope(bump, addr st, env0(), 3))
echo "live: ", convo_live()
destroy_context(c)
echo "done"
