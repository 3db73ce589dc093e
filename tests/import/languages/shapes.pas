library shapes;
type
  TRec = record a: smallint; b: double; c: char; s: set of (x1, y1, z1); end;
  TEnum = (eA, eB, eC);
  PRec = ^TRec;
const
  Limit = 15; Ratio = 3.5; Msg = 'hello'; Neg = -3; Letter = 'c';
function AddC(p: PRec; n: longint; e: TEnum): double; cdecl;
begin AddC := p^.b + n; end;
exports AddC;
end.
