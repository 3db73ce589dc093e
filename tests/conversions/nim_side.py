class NimSide: pass
