## words in Nim. Made by abide bind nim: change the interface file instead.

# What is not the same on all targets stands in sections.
when (defined(i386) and defined(linux)) or
    (defined(arm) and defined(linux) and cpuEndian == littleEndian):
  const abide_section = 1
elif (defined(amd64) and defined(linux)) or
    (defined(arm64) and defined(linux) and cpuEndian == littleEndian) or
    (defined(s390x) and defined(linux)) or
    (defined(powerpc64el) and defined(linux)):
  const abide_section = 2
else:
  {.error: "this binding is not for this target".}

type
  item_payload_a* {.bycopy.} = object
    x*: uint32
    y*: float32
  sys_str* {.bycopy.} = object
    ptrX*: ptr uint8
    len*: csize_t
  item_payload* {.bycopy, union.} = object
    a*: item_payload_a
    b*: sys_str
  item* {.bycopy.} = object
    tag*: uint8
    payload*: item_payload

when abide_section == 1:
  proc tell*(it_tag: uint32, it_0: uint32, it_1: uint32, k: uint32): uint32 {.importc: "words_tell", cdecl.}
    ## tell(it item, k u32) -> u32
elif abide_section == 2:
  proc tell*(it_tag: uint32, it_0: uint64, it_1: uint64, k: uint32): uint32 {.importc: "words_tell", cdecl.}
    ## tell(it item, k u32) -> u32

when (defined(i386) and defined(linux)) or
    (defined(arm) and defined(linux) and cpuEndian == littleEndian):
  static:
    discard
    doAssert sizeof(item_payload_a) == 8, "item_payload_a: size"
    doAssert alignof(item_payload_a) == 4, "item_payload_a: alignment"
    doAssert offsetOf(item_payload_a, x) == 0, "item_payload_a: offset of x"
    doAssert offsetOf(item_payload_a, y) == 4, "item_payload_a: offset of y"
    doAssert sizeof(sys_str) == 8, "sys_str: size"
    doAssert alignof(sys_str) == 4, "sys_str: alignment"
    doAssert offsetOf(sys_str, ptrX) == 0, "sys_str: offset of ptr"
    doAssert offsetOf(sys_str, len) == 4, "sys_str: offset of len"
    doAssert sizeof(item_payload) == 8, "item_payload: size"
    doAssert alignof(item_payload) == 4, "item_payload: alignment"
    doAssert offsetOf(item_payload, a) == 0, "item_payload: offset of a"
    doAssert offsetOf(item_payload, b) == 0, "item_payload: offset of b"
    doAssert sizeof(item) == 12, "item: size"
    doAssert alignof(item) == 4, "item: alignment"
    doAssert offsetOf(item, tag) == 0, "item: offset of tag"
    doAssert offsetOf(item, payload) == 4, "item: offset of payload"

when (defined(amd64) and defined(linux)) or
    (defined(arm64) and defined(linux) and cpuEndian == littleEndian) or
    (defined(s390x) and defined(linux)) or
    (defined(powerpc64el) and defined(linux)):
  static:
    discard
    doAssert sizeof(item_payload_a) == 8, "item_payload_a: size"
    doAssert alignof(item_payload_a) == 4, "item_payload_a: alignment"
    doAssert offsetOf(item_payload_a, x) == 0, "item_payload_a: offset of x"
    doAssert offsetOf(item_payload_a, y) == 4, "item_payload_a: offset of y"
    doAssert sizeof(sys_str) == 16, "sys_str: size"
    doAssert alignof(sys_str) == 8, "sys_str: alignment"
    doAssert offsetOf(sys_str, ptrX) == 0, "sys_str: offset of ptr"
    doAssert offsetOf(sys_str, len) == 8, "sys_str: offset of len"
    doAssert sizeof(item_payload) == 16, "item_payload: size"
    doAssert alignof(item_payload) == 8, "item_payload: alignment"
    doAssert offsetOf(item_payload, a) == 0, "item_payload: offset of a"
    doAssert offsetOf(item_payload, b) == 0, "item_payload: offset of b"
    doAssert sizeof(item) == 24, "item: size"
    doAssert alignof(item) == 8, "item: alignment"
    doAssert offsetOf(item, tag) == 0, "item: offset of tag"
    doAssert offsetOf(item, payload) == 8, "item: offset of payload"
