## The program of client.c in Nim, with strings, seqs, closures and results of Nim's own. What the library's thread calls shares Nim's memory with
## the main thread, which waits meanwhile: Nim's reference counts are no atomic ones. Closures are given away as `sink`: moved, never counted
## down, they are in none of the lists that orc keeps for each thread, and may be ended on another. Not under refc, whose heaps are the threads'.
import options, tables
import ../client/chat, ../client/hooks
import ../../closures/lib/hooks as environments
import ../../closures/lib/counting

type
  StoreTable = object
    size, flags: uint32
    id: uint64
    drop, retain: proc (self: pointer) {.cdecl.}
    query: proc (self: pointer, id: uint64): pointer {.cdecl.}
    save: proc (self: pointer, key: string, value: openArray[byte]): bool {.nimcall.}
    load: proc (self: pointer, key: string): Option[seq[byte]] {.nimcall.}
    wipe: proc (self: pointer): uint32 {.nimcall.}
  Store = object
    data: pointer
    table: ptr StoreTable
  Room = distinct pointer
  Subscription = distinct pointer
  Said = object
    id: uint64
    text: string
  OnSaid = proc (what: Said, who: string) {.closure.}
  OnSent = proc (r: Result[uint64, Error]) {.closure.}

{.pragma: api, importc: "nim_$1".}
proc rooms_open(name: string, backend: Store): Result[Room, Error] {.api.}
proc rooms_name(r: Room): string {.api.}
proc rooms_post(r: Room, text: string, done: sink OnSent): uint32 {.api.}
proc rooms_listen(r: Room, cb: sink OnSaid): Subscription {.api.}
proc rooms_settle(r: Room): uint32 {.api.}
proc rooms_recall(r: Room, key: string): Option[seq[byte]] {.api.}
proc rooms_wipe(r: Room): Option[uint32] {.api.}
proc rooms_live(): csize_t {.api.}
# A pointer in, nothing out: Nim leaves these alone.
proc rooms_room_drop(r: Room) {.importc.}
proc rooms_unsubscribe(s: Subscription) {.importc.}

# ---- a store ----

var
  shelves: Table[int, OrderedTable[string, seq[byte]]]
  nextStore: int
  mainThread = getThreadId()
  elsewhere: bool

proc noteThread() =
  elsewhere = elsewhere or getThreadId() != mainThread

proc textOf(data: openArray[byte]): string =
  for b in data: result.add char(b)

proc drop(self: pointer) {.cdecl.} = shelves.del cast[int](self)
proc query(self: pointer, id: uint64): pointer {.cdecl.} = nil
proc save(self: pointer, key: string, value: openArray[byte]): bool {.nimcall.} =
  noteThread()
  if textOf(value) == "full": return false
  shelves[cast[int](self)][key] = @value
  true
proc load(self: pointer, key: string): Option[seq[byte]] {.nimcall.} =
  let mine = shelves[cast[int](self)]
  if key in mine: some(mine[key]) else: none(seq[byte])
proc wipe(self: pointer): uint32 {.nimcall.} =
  result = uint32 shelves[cast[int](self)].len
  shelves[cast[int](self)].clear

var
  table = StoreTable(size: uint32 sizeof(StoreTable), flags: 1, id: 7, drop: drop, query: query, save: save,
                     load: load, wipe: wipe)
  older = StoreTable(size: uint32 offsetof(StoreTable, wipe), flags: 1, id: 7, drop: drop, query: query, save: save,
                     load: load)

proc newStore(table: var StoreTable): Store =
  inc nextStore
  shelves[nextStore] = initOrderedTable[string, seq[byte]]()
  Store(data: cast[pointer](nextStore), table: addr table)

# ---- closures ----

proc show(e: Error) =
  case e.kind
  of invalidBundle: discard
  of io: echo "io ", e.number
  of rejected:
    let again = if e.rejection.retryMs.isSome: ", again in " & $e.rejection.retryMs.get else: ""
    echo "rejected: ", e.rejection.reason, again

proc hearing(label: string): OnSaid =
  let note = newCounter(0)
  result = proc (what: Said, who: string) =
    noteThread()
    inc note.calls
    echo label, " ", note.calls, ": ", who, " said ", what.id, " ", what.text

proc answering(label: string): OnSent =
  let note = newCounter(0)
  result = proc (r: Result[uint64, Error]) =
    noteThread()
    inc note.calls
    stdout.write label, ": "
    if r.ok: echo "sent ", r.value else: show r.error

var hurried: int

proc counting(): OnSent =
  let note = newCounter(0)
  result = proc (r: Result[uint64, Error]) =
    inc note.calls
    if r.ok: inc hurried

# ---- the program ----

proc post(r: Room, text, label: string) =
  echo "waiting: ", r.rooms_post(text, answering(label))

proc listen(r: Room, label: string): Subscription = r.rooms_listen(hearing(label)) # the closure is the room's alone

proc recall(r: Room, key: string) =
  let found = r.rooms_recall(key)
  echo key, ": ", if found.isSome: textOf(found.get) else: "nothing"

proc openRoom(name: string, table: var StoreTable): Room =
  let opened = rooms_open(name, newStore(table))
  if opened.ok: return opened.value
  show opened.error

proc alive(moment: string) =
  collect()
  echo moment, ": stores ", shelves.len, ", closures ", live, ", the library's ", rooms_live()

proc talk(r: Room) =
  let first = r.listen("first")
  let second = r.listen("second")
  r.post("hello", "a")
  r.post("buy spam", "b")
  r.post("a text of more than sixty-four bytes, which the library does not send to anybody", "c")
  r.post("full", "d")
  echo "settled: ", r.rooms_settle()
  rooms_unsubscribe(second)
  alive("one listens")
  r.post("caf\xC3\xA9", "e")
  echo "settled: ", r.rooms_settle()
  rooms_unsubscribe(first)
  r.recall("message-1")
  r.recall("message-7")

proc hurry(r: Room) = # it does not: see above
  for i in 1 .. 200: discard r.rooms_post("quick", counting())
  discard r.rooms_settle()
  echo "in a hurry: ", hurried

proc main() =
  discard openRoom("", table)
  alive("refused")
  let room = openRoom("ada", table)
  let old = openRoom("bob", older)
  echo rooms_name(room)
  talk(room)
  hurry(room)
  echo "wiped: ", rooms_wipe(room).get
  echo "an older store can: ", if rooms_wipe(old).isSome: "yes" else: "no"
  old.post("never sent", "never")
  alive("at the end")
  rooms_room_drop(old)
  rooms_room_drop(room)
  alive("after it")
  echo "on the library's thread: ", if elsewhere: "yes" else: "no"

main()
