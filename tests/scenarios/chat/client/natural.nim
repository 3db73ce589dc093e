# A Nim program that calls the chat library through thunks, with Nim's own strings, seqs, variant
# objects, options and closures.
import options, strutils
import chat, hooks

proc bob(): PeerId =
  for i, letter in "bob": result[i] = byte(letter)

proc quoted(text: string): string =
  result = "\""
  for letter in text:
    if letter < ' ': result.add "\\x" & toHex(ord(letter), 2).toLowerAscii
    else: result.add letter
  result.add '"'

proc hex(bytes: openArray[byte]): string =
  for b in bytes: result.add toHex(int(b), 2).toLowerAscii

proc `$`(m: Message): string =
  "$1 at $2 from $3$4: $5" % [$m.id, $m.sent, hex(m.sender[0 .. 2]), hex(m.sender[31 .. 31]),
                              quoted(m.text)]

proc `$`(text: Option[string]): string =
  if text.isSome: quoted(text.get) else: "none"

proc show(e: Error) =
  case e.kind
  of invalidBundle: echo "invalid bundle"
  of io: echo "io ", e.number
  of rejected:
    let r = e.rejection
    echo "rejected: ", quoted(r.reason), ", ",
      (if r.retryMs.isSome: "retry in " & $r.retryMs.get & " ms" else: "do not retry")
  echo "  ", chat_describe(e)

proc open(name: string, nick = none(string)): Installation =
  stdout.write "open \"", name, "\": "
  let opened = chat_open(Options(name: name, nick: nick, want: Caps(files or video),
                                 state: online))
  if opened.ok:
    echo "ok"
    result = opened.value
  else: show opened.error

proc seal(inst: Installation, data: string) =
  let sealed = chat_seal(inst, data.toOpenArrayByte(0, data.high))
  stdout.write "seal: ", sealed.len, " bytes"
  for b in sealed: stdout.write ' ', hex([b])
  echo ""

proc installations() =
  discard open("")
  discard open("busy")
  discard open("broken")
  for (name, nick) in [("grace", "the admiral"), ("nobody", "")]:
    let inst = open(name, some(nick))
    echo "nick: ", chat_nick(inst)
    chat_installation_drop(inst)

proc start(inst: Installation, bundle: string): Convo =
  stdout.write "start ", quoted(bundle), ": "
  let started = chat_start(inst, bundle.toOpenArrayByte(0, bundle.high), bob(),
                           "hello, it is me: böb")
  if started.ok:
    echo "ok"
    result = started.value
  else: show started.error

proc send(c: Convo, text: string) =
  stdout.write "send ", quoted(text), ": "
  let sent = chat_send(c, text)
  if sent.ok: echo sent.value
  else: show sent.error

proc sending(c: Convo) =
  for text in ["hi", "buy spam",
               "a text of more than sixty-four bytes is refused as being too long", "",
               "nul\0inside"]:
    send(c, text)
  let drafts = @[Draft(text: "first draft", at: some(1001'u64)), Draft(text: "spam again"),
                 Draft(text: "second draft")]
  echo "send all: ", chat_send_all(c, drafts), " of 3"
  echo "send all: ", chat_send_all(c, []), " of 0"

proc history(c: Convo, before: Option[UnixMs], limit: uint32) =
  let messages = chat_history(c, before, limit)
  echo "history: ", messages.len
  for message in messages: echo "  ", message

proc find(c: Convo, needle: string) =
  let found = chat_find(c, needle)
  echo "find \"", needle, "\": ", (if found.isSome: $found.get else: "none")

proc reading(c: Convo) =
  history(c, none(UnixMs), 100)
  history(c, some(1030'u64), 2)
  history(c, some(0'u64), 100)
  find(c, "inside")
  find(c, "nowhere")
  let span = chat_span(c)
  echo "span: ", span.first, " to ", span.last
  var totals: Totals
  chat_count(c, totals)
  echo "count: ", totals.messages, " messages, ", totals.bytes, " bytes, longest ",
    totals.longest, ", mean ", formatFloat(totals.mean, ffDecimal, 2)
  var cursor = 2'u64
  while true:
    let text = chat_next(c, cursor)
    if text.isNone: break
    echo "next: ", text, ", then ", cursor
  echo "next: none, still ", cursor

proc walk(c: Convo, title: string, most: int) =
  echo title
  var
    left = most
    bytes = 0
    texts: seq[string]              # what the callback is lent, it may copy
  let visited = chat_each(c, proc (msg: Message, who: string): bool =
    texts.add who & ", " & $msg
    bytes += msg.text.len
    dec left
    left > 0)
  for text in texts: echo "  ", text
  echo "  ", visited, " messages, ", bytes, " bytes"

proc showLast(c: Convo) =
  let last = chat_last(c)
  if last.isNone:
    echo "last: none"
    return
  let e = last.get
  case e.kind
  of typing: echo "last: typing"
  of joined: echo "last: joined ", hex(e.peer[0 .. 0]), hex(e.peer[31 .. 31])
  of renamed: echo "last: renamed ", quoted(e.name)
  of said: echo "last: said ", e.message

proc posting(c: Convo) =
  showLast(c)
  var peer = bob()
  peer[31] = 0x7f
  for e in [Event(kind: typing), Event(kind: joined, peer: peer),
            Event(kind: renamed, name: "tea at five"),
            Event(kind: said, message: Message(id: 99, sender: bob(), sent: 2000,
                                               text: "from elsewhere"))]:
    echo "post: ", chat_post(c, e)
    showLast(c)

proc react(c: Convo, r: Reaction) =
  let before = chat_react(c, r)
  if before.isNone: echo "react, before: none"
  else:
    case before.get.kind
    of like: echo "react, before: like"
    of stars: echo "react, before: ", before.get.count, " stars"
    of score: echo "react, before: score ", formatFloat(before.get.points, ffDecimal, 2)

proc parse(text: string) =
  let parsed = chat_parse(text)
  echo "parse ", quoted(text), ": ",
    (if parsed.ok: $parsed.value elif parsed.error == empty: "empty" else: "not a number")

proc conversation(ada: Installation) =
  discard start(ada, "garbage")
  let c = start(ada, "intro:bob")
  sending(c)
  reading(c)
  walk(c, "each:", 100)
  walk(c, "each, at most 2:", 2)
  posting(c)
  react(c, Reaction(kind: like))
  react(c, Reaction(kind: stars, count: 5))
  react(c, Reaction(kind: score, points: 2.5))
  react(c, Reaction(kind: like))
  for topic in ["tea", "", "biscuits"]:
    echo "topic, before: ", chat_set_topic(c, topic)
  echo "objects: ", chat_live()
  echo "close: ", chat_close(c), " messages"

proc main() =
  installations()
  let ada = open("ada")
  echo "name: ", chat_name(ada)
  echo "nick: ", chat_nick(ada)
  let status = [chat_set_status(ada, away), chat_set_status(ada, Status(200)),
                chat_set_status(ada, offline)]
  echo "status: ", uint8(status[0]), " ", uint8(status[1]), " ", uint8(status[2])
  echo "negotiate: ", uint32(chat_negotiate(ada, Caps(voice or video))), " ",
    uint32(chat_negotiate(ada, Caps(voice)))
  seal(ada, "secret")
  seal(ada, "")
  conversation(ada)
  chat_installation_drop(ada)
  parse("12345")
  parse("")
  parse("12a")

main()
GC_fullCollect()
echo "live: ", chat_live()
