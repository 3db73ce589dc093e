type
  Kind = enum kA, kB, kC
  Big = object
    x, y, z: float
    n: int32
proc look*(b: Big, s: openArray[int], k: Kind): Big {.exportc, dynlib.} = b
