## Nim's procs for a library that gives them no user data: what they know is in variables of the program.
proc set_text(s: var string, data: pointer, len: int) {.exportc, cdecl.} =
  s = newString(len)
  if len > 0: copyMem(addr s[0], data, len)
proc drop_text(s: var string) {.exportc, cdecl.} = reset s

var seen: seq[string]
proc onLine(line: string): bool {.exportc: "on_line".} =
  seen.add line
  line != "stop"

proc each_line(text: string, visit: pointer): uint32 {.importc: "nim_each_line".}
proc c_on_line() {.importc.} # on_line as C calls it; only its address is used

doAssert each_line("one\ntwo\n\nfo\xC3\xBCr", c_on_line) == 4
doAssert seen == @["one", "two", "", "fo\xC3\xBCr"]
doAssert each_line("a\nstop\nb", c_on_line) == 2
doAssert seen.len == 6
echo "6 lines"
