## What the thunks call to make and drop Nim's strings and seqs; chat.abi.yaml names these procs. Each
## gets the address of a variable, which is zero bytes before something is made in it.
import chat

{.used.}
{.pragma: hook, exportc, cdecl.}

proc chat_nim_set_string(text: var string, data: pointer, len: int) {.hook.} =
  text = newString(len)
  if len > 0: copyMem(addr text[0], data, len)

proc chat_nim_drop_string(text: var string) {.hook.} = reset text

proc chat_nim_new_bytes(bytes: var seq[byte], len: int) {.hook.} = bytes = newSeq[byte](len)

proc chat_nim_drop_bytes(bytes: var seq[byte]) {.hook.} = reset bytes

proc chat_nim_new_messages(messages: var seq[Message], len: int) {.hook.} =
  messages = newSeq[Message](len)

proc chat_nim_drop_messages(messages: var seq[Message]) {.hook.} = reset messages
