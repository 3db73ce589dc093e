## Thunks for Nim programs, made while the program is compiled:
##
## .. code-block:: nim
##   import abide_thunks
##   abideThunks("store.abi.yaml", callee = "c")
##   proc get(key: string): Value {.importc: "nim_get".}
##
## `nim c --path:FOLDER`, where FOLDER is what `pkg-config --variable=nimdir abide` prints, finds this file.

import std/[compilesettings, md5, os]

const abideCommand* {.strdefine.} = "abide" ## `-d:abideCommand=PATH`: another one

proc madeObject(asker, spec, caller, callee, target, options: string): string {.compileTime.} =
  ## Makes the object; its name has the hash of its bytes, so that other thunks are another command to link, which Nim
  ## notices, as it does not notice that a file that it links has changed.
  let folder = asker.parentDir
  let cache = querySetting(SingleValueSetting.nimcacheDir)
  let first = cache / "thunks_" & getMD5(folder & spec & caller & callee & target & options)[0 ..< 8] & ".o"
  var command = "mkdir -p " & quoteShell(cache) & " && cd " & quoteShell(folder) & " && " & quoteShell(abideCommand) &
    " thunk " & quoteShell(spec) & " --caller " & quoteShell(caller) & " --callee " & quoteShell(callee) & " " & options
  if target.len > 0:
    command.add " --target " & quoteShell(target)
  let made = gorgeEx(command & " -o " & quoteShell(first))
  if made.exitCode != 0:
    raise newException(CatchableError, "abide made no thunks of " & spec & ":\n" & made.output)
  result = first[0 ..< ^2] & "_" & getMD5(staticRead(first))[0 ..< 16] & ".o"
  let copied = gorgeEx("cp -p " & quoteShell(first) & " " & quoteShell(result))
  if copied.exitCode != 0:
    raise newException(CatchableError, copied.output)

template abideThunks*(spec: static string; callee: static string; caller: static string = "nim-cgen";
                      target: static string = ""; options: static string = "") =
  ## Links the thunks by which this program calls the functions of the interface file `spec`, which are implemented in the
  ## ABI `callee`. Files are relative to the module that asks. `target` is a triple, for a program that is built for another
  ## machine; `options` are others of `abide thunk`.
  const made = madeObject(instantiationInfo(-1, true).filename, spec, caller, callee, target, options)
  {.passL: quoteShell(made).}
