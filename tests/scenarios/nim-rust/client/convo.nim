# Nim declarations of the conversations library, with the signatures that its header suggests.
#
# Nim's C code generator rewrites some of them, so that a plain import calls the library wrongly.
# -d:thunks imports nim_NAME instead: the thunks that abide makes from convo.abi.yaml.
when defined(thunks):
  {.pragma: api, importc: "nim_$1".}
else:
  {.pragma: api, importc.}

type
  ContextHandle* = pointer
  ByteSlice* = object
    `ptr`*: ptr UncheckedArray[byte]
    len*: csize_t
  ByteVec* = object
    `ptr`*: ptr UncheckedArray[byte]
    len*, cap*: csize_t
  ReprString* = object
    `ptr`*: ptr UncheckedArray[char]
    len*, cap*: csize_t
  Payload* = object
    address*: ReprString
    data*: ByteVec
  PayloadVec* = object
    `ptr`*: ptr UncheckedArray[Payload]
    len*, cap*: csize_t
  IntroResult* = object
    error_code*: int32
    intro_bytes*: ByteVec
  ConvoResult* = object
    error_code*: int32
    convo_id*: ReprString
    payloads*: PayloadVec
  SendResult* = object
    error_code*: int32
    payloads*: PayloadVec
  HandleResult* = object
    error_code*: int32
    convo_id*: ReprString
    content*: ByteVec
    is_new_convo*: bool
  Envelope* = object
    id*: uint64
    kind*: uint32
    urgent*: bool
    score*: float64
    tag*: array[40, byte]
  Vec3* = object
    x*, y*, z*: float64
  Quat* = object
    w*, x*, y*, z*: float64
  Row* = object
    cell*: array[5, int64]
  EnvelopeFn* = proc (user: pointer, env: Envelope, n: uint32): Envelope {.nimcall.}

proc create_context*(name: ReprString): ContextHandle {.api.}
proc installation_name*(c: ContextHandle): ReprString {.api.}
proc destroy_string*(s: ReprString) {.api.}
proc destroy_context*(c: ContextHandle) {.api.}
proc create_intro_bundle*(c: ContextHandle): IntroResult {.api.}
proc create_new_private_convo*(c: ContextHandle, bundle, content: ByteSlice): ConvoResult {.api.}
proc send_content*(c: ContextHandle, convo_id: ReprString, content: ByteSlice): SendResult {.api.}
proc handle_payload*(c: ContextHandle, payload: ByteSlice): HandleResult {.api.}
proc relay_envelope*(c: ContextHandle, env: Envelope, salt: uint32): uint64 {.api.}
proc stamp_envelope*(c: ContextHandle, env: Envelope): Envelope {.api.}
proc scale_vec3*(v: Vec3, k: float64): Vec3 {.api.}
proc turn_quat*(q: Quat, k: float64): Quat {.api.}
proc mirror_row*(row: ptr Row): Row {.api.}
proc scrub_envelope*(env: Envelope): uint64 {.api.}
proc destroy_intro_result*(r: IntroResult) {.api.}
proc destroy_convo_result*(r: ConvoResult) {.api.}
proc destroy_send_result*(r: SendResult) {.api.}
proc destroy_handle_result*(r: HandleResult) {.api.}
proc map_envelope*(f: EnvelopeFn, user: pointer, env: Envelope, times: uint32): Envelope {.api.}
# No struct by value: Nim leaves these alone.
proc destroy_intro_result_ptr*(r: ptr IntroResult) {.api.}
proc destroy_convo_result_ptr*(r: ptr ConvoResult) {.api.}
proc destroy_send_result_ptr*(r: ptr SendResult) {.api.}
proc destroy_handle_result_ptr*(r: ptr HandleResult) {.api.}
proc control_intro*(c: ContextHandle, r: ptr IntroResult) {.api.}
proc convo_live*(): csize_t {.api.}
