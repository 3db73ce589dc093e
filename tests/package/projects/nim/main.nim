import abide_thunks

type Reading = object
  sensor: uint16
  ok: bool
  value: float64
  time: int64
  unit: array[8, char]

{.compile: "readings.c".}
abideThunks("readings.abi.yaml", caller = "./mine.yaml", callee = "c", options = "--prefix mine_")

proc latest(sensor: uint16): Reading {.importc: "mine_latest".}

let got = latest(42)
echo got.sensor, " ", ord(got.ok), " ", got.value, " ", got.time, " ", cstring(cast[cstring](unsafeAddr got.unit[0]))
