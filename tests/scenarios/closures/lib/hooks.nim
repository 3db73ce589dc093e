## What thunks call so that Nim's closures can be kept by others, and those of others by Nim
## (keeper.abi.yaml names these procs).
{.used.}
{.pragma: hook, exportc, cdecl, dynlib.}

type
  ForeignEnv = object of RootObj  ## what a closure of another language is called with, and what ends it
    code, env: pointer
    drop: proc (env: pointer) {.cdecl, raises: [], gcsafe.}

proc finish(env: ref ForeignEnv) =
  if env.drop != nil: env.drop(env.env)

proc keeper_new_env(env: var ref ForeignEnv) {.hook.} = new(env, finish)

proc keeper_keep_env(env: RootRef) {.hook.} = GC_ref(env)
proc keeper_drop_env(env: RootRef) {.hook.} = GC_unref(env)

when defined(keeperLibrary):  # that programs of other languages call
  when not declared(nimGC_setStackBottom):
    proc nimGC_setStackBottom(bottom: pointer) = discard
  var isReady {.threadvar.}: bool

  proc keeper_enter(bottom: pointer) {.hook.} =
    ## The frame of the thunk is the bottom of what refc has to look through.
    if not isReady:
      setupForeignThreadGc()
      isReady = true
    nimGC_setStackBottom(bottom)

  proc keeper_leave() {.hook.} = tearDownForeignThreadGc()
