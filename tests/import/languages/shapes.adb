package body Shapes is
   function Sum (R : Rec; S : String; W : Var) return Long_Float is
   begin
      return R.D + Long_Float (S'Length + W.X);
   end Sum;
end Shapes;
