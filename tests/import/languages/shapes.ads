package Shapes is
   Max : constant := 5;
   Size : constant Integer := -77;
   Ratio : constant Long_Float := 3.25;
   Title : constant String := "ada";
   type Color is (Red, Green, Blue);
   type Vec is array (1 .. 3) of Float;
   type Rec is record
      A : Integer;
      C : Color;
      V : Vec;
      D : Long_Float;
   end record;
   type Var (K : Boolean) is record
      X : Integer;
      case K is
         when True => Y : Long_Float;
         when False => Z : Character;
      end case;
   end record;
   function Sum (R : Rec; S : String; W : Var) return Long_Float;
end Shapes;
