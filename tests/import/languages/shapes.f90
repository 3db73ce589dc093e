! Fortran passes addresses, and its arrays lie with the first index next to each other.
module shapes
  use iso_c_binding
  type :: part
    real(8) :: x
    integer :: n
    character(len=5) :: s
    logical :: l
    complex(8) :: z
    integer :: a(3, 2)
  end type
  type, bind(c) :: pair
    integer(c_int) :: i
    real(c_double) :: d
  end type
  integer, parameter :: limit = 12
  real(8), parameter :: ratio = 3.25d0
  character(3), parameter :: tag = 'abc'
  integer(8), parameter :: lowest = -4_8
contains
  subroutine work(a, n, p)
    integer, intent(in) :: n
    real(8) :: a(n)
    type(part) :: p
    a(1) = p%x
  end subroutine
  function add(c, k) bind(c, name="add") result(r)
    type(pair), value :: c
    integer(c_int), value :: k
    real(c_double) :: r
    r = c%d + k
  end function
end module
