//! A Rust program that uses the Nim library through the same thunks as host.c. Rustc 1.63 will do.
//!
//! Build: rustc --edition 2021 -O host.rs -C link-arg=nimside_thunks.o -L . -l nimside
use std::ffi::c_void;

#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stats {
    count: i64,
    sum: f64,
    mean: f64,
    lo: f64,
    hi: f64,
}
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    x: f64,
    y: f64,
}
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shape {
    id: i32,
    tag: [u8; 4],
    a: Point,
    b: Point,
}
/// A closure of Nim, as Nim made it.
#[repr(C)]
#[derive(Clone, Copy)]
struct Raw {
    opaque: [*mut c_void; 2],
}
/// A closure of C: code that takes its environment last, and the environment.
#[repr(C)]
#[derive(Clone, Copy)]
struct ShapeMap {
    code: extern "C" fn(Shape, *mut c_void) -> Shape,
    environment: *mut c_void,
}

extern "C" {
    fn n_thread_leave();
    fn nimside_stats(xs: *const f64, count: usize, scale: f64) -> Stats;
    fn nimside_cdecl_stats(xs: *const f64, count: usize, scale: f64) -> Stats;
    fn nimside_grow(s: Shape, k: f64) -> Shape;
    fn nimside_cdecl_grow(s: Shape, k: f64) -> Shape;
    fn nimside_mid(a: Point, b: Point) -> Point;
    fn nimside_counter(start: isize) -> Raw;
    fn nimside_call_counter(f: Raw, step: isize) -> isize;
    fn nimside_apply(f: ShapeMap, s: Shape, times: isize) -> Shape;
    fn nimside_each(
        xs: *const Shape,
        count: usize,
        visit: extern "C" fn(*mut c_void, Shape) -> bool,
        user: *mut c_void,
    ) -> isize;
    fn nimside_add(a: isize, b: isize) -> isize;
    fn nimside_churn(n: isize) -> isize;
}

fn each<F: FnMut(Shape) -> bool>(shapes: &[Shape], mut f: F) -> isize {
    extern "C" fn visit<F: FnMut(Shape) -> bool>(user: *mut c_void, s: Shape) -> bool {
        unsafe { (*(user as *mut F))(s) }
    }
    unsafe { nimside_each(shapes.as_ptr(), shapes.len(), visit::<F>, &mut f as *mut F as *mut c_void) }
}

fn apply<F: FnMut(Shape) -> Shape>(mut f: F, s: Shape, times: isize) -> Shape {
    extern "C" fn code<F: FnMut(Shape) -> Shape>(s: Shape, environment: *mut c_void) -> Shape {
        unsafe { (*(environment as *mut F))(s) }
    }
    unsafe { nimside_apply(ShapeMap { code: code::<F>, environment: &mut f as *mut F as *mut c_void }, s, times) }
}

fn main() {
    // The first call through a thunk starts Nim's runtime: here, on the main thread.
    assert_eq!(unsafe { nimside_add(40, 2) }, 42);

    let xs = [1.0, 2.0, 3.0, 6.0];
    let want = Stats { count: 4, sum: 24.0, mean: 6.0, lo: 2.0, hi: 12.0 };
    assert_eq!(unsafe { nimside_stats(xs.as_ptr(), xs.len(), 2.0) }, want);
    assert_eq!(unsafe { nimside_cdecl_stats(xs.as_ptr(), xs.len(), 2.0) }, want);

    let shape = Shape { id: 7, tag: *b"abcd", a: Point { x: 1.0, y: 2.0 }, b: Point { x: 3.0, y: 4.0 } };
    let grown = unsafe { nimside_grow(shape, 2.5) };
    assert_eq!(grown, Shape { id: 8, b: Point { x: 7.5, y: 10.0 }, ..shape });
    assert_eq!(grown, unsafe { nimside_cdecl_grow(shape, 2.5) });
    assert_eq!(unsafe { nimside_mid(shape.a, shape.b) }, Point { x: 2.0, y: 3.0 });

    let counter = unsafe { nimside_counter(10) };
    assert!(!counter.opaque[1].is_null());
    assert_eq!(unsafe { (nimside_call_counter(counter, 1), nimside_call_counter(counter, 5)) }, (11, 16));

    let mut calls = 0;
    let raised = apply(
        |mut s| {
            calls += 1;
            s.b.y += 10.0;
            s
        },
        shape,
        3,
    );
    assert_eq!((calls, raised), (3, Shape { b: Point { x: 3.0, y: 34.0 }, ..shape }));

    let mut sum = 0;
    let visited = each(&[Shape { id: 1, ..shape }, Shape { id: 2, ..shape }, shape], |s| {
        sum += s.id;
        s.id != 2
    });
    assert_eq!((visited, sum), (1, 3));

    let thread = std::thread::spawn(|| unsafe {
        let sums = (nimside_churn(2000), nimside_churn(2000));
        n_thread_leave(); // the thunks announce a thread; only its host knows when it ends
        sums
    });
    assert_eq!(thread.join().unwrap(), unsafe { (nimside_churn(2000), nimside_churn(2000)) });
    println!("rust host: all as expected");
}
