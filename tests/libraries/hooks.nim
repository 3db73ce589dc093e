## What adapters call to make and drop Nim's values, under the names that the interfaces of this folder give; and what a consumer expects.
type Env = object of RootObj
  code, env: pointer
  drop: proc (env: pointer) {.cdecl, raises: [], gcsafe.}
proc finish(e: ref Env) = (if e.drop != nil: e.drop(e.env))

{.pragma: hook, exportc, cdecl.}
proc nim_new_env(env: var ref Env) {.hook.} = new(env, finish)
proc nim_keep_env(env: RootRef) {.hook.} = GC_ref env
proc nim_drop_env(env: RootRef) {.hook.} = GC_unref env
proc nim_set_string(s: var string, data: pointer, len: int) {.hook.} =
  s = newString(len)
  if len > 0: copyMem(addr s[0], data, len)
proc nim_drop_string(s: var string) {.hook.} = reset s

template lists*(T: typedesc, make, drop: untyped) =
  ## Makes and drops a seq[T].
  proc make(s: var seq[T], len: int) {.exportc, cdecl.} = s = newSeq[T](len)
  proc drop(s: var seq[T]) {.exportc, cdecl.} = reset s

var expectations*: uint32
template expect*(condition: untyped) =
  if not condition:
    stderr.writeLine instantiationInfo(fullPaths = true), ": ", astToStr(condition)
    quit 1
  inc expectations

proc collect*() {.noinline.} =
  ## Ends what nobody refers to; refc looks for references on the stack, which is overwritten first.
  var room {.volatile.}: array[2000, int]
  for word in room.mitems: word = 0
  GC_fullCollect()

when not declared(nimGC_setStackBottom):
  proc nimGC_setStackBottom(bottom: pointer) = discard
when not defined(gcDestructors):
  var isReady {.threadvar.}: bool
  proc nim_enter(bottom: pointer) {.hook.} =
    ## The frame of the adapter is the bottom of what refc has to look through.
    if not isReady:
      setupForeignThreadGc()
      isReady = true
    nimGC_setStackBottom(bottom)
  proc nim_leave() {.hook.} = tearDownForeignThreadGc()

template consumer*(body: untyped) =
  ## What main.c calls: C would not notice an exception.
  proc run() {.noinline.} =
    try: body
    except:
      stderr.writeLine getCurrentExceptionMsg()
      quit 1
  proc consume(): uint32 {.exportc.} =
    var bottom {.volatile.}: int
    nimGC_setStackBottom(addr bottom)
    expectations = 0
    run()
    expectations
