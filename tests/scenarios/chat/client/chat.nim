## Nim declarations of the chat library, in Nim's own types. The procs are the thunks that abide
## makes from chat.abi.yaml.
import options

type
  PeerId* = array[32, byte]
  UnixMs* = uint64
  Status* = distinct uint8          ## open: other values than these are legal
  Caps* = distinct uint32
  Installation* = distinct pointer
  Convo* = distinct pointer
  Options* = object
    name*: string
    nick*: Option[string]
    want*: Caps
    state*: Status
  Rejection* = object
    reason*: string
    retryMs*: Option[uint32]
  ErrorKind* = enum invalidBundle, io, rejected
  Error* = object
    case kind*: ErrorKind
    of invalidBundle: discard
    of io: number*: int32
    of rejected: rejection*: Rejection
  ParseError* = enum empty = 1, notANumber
  Draft* = object
    text*: string
    at*: Option[UnixMs]
  Message* = object
    id*: uint64
    sender*: PeerId
    sent*: UnixMs
    text*: string
  EventKind* = enum typing, joined, renamed, said
  Event* = object
    case kind*: EventKind
    of typing: discard
    of joined: peer*: PeerId
    of renamed: name*: string
    of said: message*: Message
  ReactionKind* = enum like, stars, score
  Reaction* = object
    case kind*: ReactionKind
    of like: discard
    of stars: count*: uint32
    of score: points*: float64
  Span* = object
    first*, last*: UnixMs
  Totals* = object
    messages*, bytes*: uint64
    longest*: uint32
    mean*: float64
  Result*[T, E] = object
    case ok*: bool
    of true: value*: T
    of false: error*: E
  Visit* = proc (msg: Message, who: string): bool {.closure.}

const
  offline* = Status(0)
  online* = Status(1)
  away* = Status(2)
  files* = 1'u32
  voice* = 2'u32
  video* = 4'u32

{.pragma: api, importc: "nim_$1".}

proc chat_open*(opts: Options): Result[Installation, Error] {.api.}
proc chat_name*(inst: Installation): string {.api.}
proc chat_nick*(inst: Installation): Option[string] {.api.}
proc chat_set_status*(inst: Installation, now: Status): Status {.api.}
proc chat_negotiate*(inst: Installation, theirs: Caps): Caps {.api.}
proc chat_seal*(inst: Installation, data: openArray[byte]): seq[byte] {.api.}
proc chat_start*(inst: Installation, bundle: openArray[byte], peer: PeerId,
                 first: string): Result[Convo, Error] {.api.}
proc chat_send*(c: Convo, text: string): Result[uint64, Error] {.api.}
proc chat_send_all*(c: Convo, drafts: openArray[Draft]): uint32 {.api.}
proc chat_history*(c: Convo, before: Option[UnixMs], limit: uint32): seq[Message] {.api.}
proc chat_find*(c: Convo, needle: string): Option[Message] {.api.}
proc chat_span*(c: Convo): Span {.api.}
proc chat_count*(c: Convo, into: var Totals) {.api.}
proc chat_next*(c: Convo, cursor: var uint64): Option[string] {.api.}
proc chat_each*(c: Convo, visit: Visit): uint32 {.api.}
proc chat_post*(c: Convo, what: Event): uint32 {.api.}
proc chat_last*(c: Convo): Option[Event] {.api.}
proc chat_react*(c: Convo, r: Reaction): Option[Reaction] {.api.}
proc chat_set_topic*(c: Convo, topic: string): Option[string] {.api.}
proc chat_close*(c: Convo): uint32 {.api.}
proc chat_describe*(e: Error): string {.api.}
proc chat_parse*(text: string): Result[uint64, ParseError] {.api.}
proc chat_live*(): csize_t {.api.}

# A pointer in, nothing out: Nim leaves this alone.
proc chat_installation_drop*(inst: Installation) {.importc.}
