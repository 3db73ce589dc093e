// Panics go through thunks of every kind; locals on the way are dropped, and values in preserved registers survive.
use std::panic::{catch_unwind, panic_any};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Words3 {
    a: i64,
    b: i64,
    c: i64,
}

fn answer(a: i64) -> i64 {
    if a < 0 {
        panic_any(a);
    }
    a * 3
}

#[no_mangle]
extern "C-unwind" fn jump(a: i64, b: i64) -> i64 {
    answer(a) + b
}
#[no_mangle]
extern "C-unwind" fn moves(a: i64, b: i64, out: &mut Words3) {
    *out = Words3 { a: answer(a), b, c: 7 };
}
#[no_mangle]
extern "C-unwind" fn frame(out: &mut Words3, a: i64, b: i64) {
    *out = Words3 { a: answer(a), b, c: 7 };
}
#[no_mangle]
extern "C-unwind" fn assembly(a: i64, b: f64, c: i32, d: i64) -> i64 {
    answer(a) + b as i64 + i64::from(c) + d
}
#[no_mangle]
extern "C-unwind" fn edges(a: i64, b: Words3) -> Words3 {
    Words3 { a: answer(a), b: b.c, c: b.b }
}

extern "C-unwind" {
    fn thunk_jump(a: i64, b: i64) -> i64;
    fn thunk_moves(out: &mut Words3, a: i64, b: i64);
    fn thunk_frame(a: i64, b: i64, out: &mut Words3);
    fn thunk_assembly(a: i64, b: f64, c: i32, d: i64) -> i64;
    fn thunk_edges(a: i64, b: Words3) -> Words3;
}

static DROPPED: AtomicUsize = AtomicUsize::new(0);
struct Guard;
impl Drop for Guard {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, SeqCst);
    }
}

fn expect(name: &str, call: impl Fn(i64) -> i64 + std::panic::RefUnwindSafe, right: i64) {
    assert_eq!(call(5), right, "{name}: the result");
    let before = DROPPED.load(SeqCst);
    let kept: [i64; 6] = std::array::from_fn(|i| std::hint::black_box(i as i64 + 11));
    let caught = catch_unwind(|| {
        let _guard = Guard;
        call(-4)
    });
    let value = *caught.expect_err(name).downcast::<i64>().expect(name);
    assert_eq!(value, -4, "{name}: the panic's value");
    assert_eq!(DROPPED.load(SeqCst), before + 1, "{name}: what is dropped");
    assert!((0..6).all(|i| kept[i] == i as i64 + 11), "{name}: preserved registers");
}

fn main() {
    std::panic::set_hook(Box::new(|info| {
        if !info.payload().is::<i64>() {
            eprintln!("{info}");
        }
    }));
    let words = Words3 { a: 1, b: 2, c: 3 };
    expect("jump", |a| unsafe { thunk_jump(a, 1) }, 16);
    expect(
        "moves",
        |a| {
            let mut out = Words3::default();
            unsafe { thunk_moves(&mut out, a, 2) };
            out.a + out.b + out.c
        },
        24,
    );
    expect(
        "frame",
        |a| {
            let mut out = Words3::default();
            unsafe { thunk_frame(a, 2, &mut out) };
            out.a + out.b + out.c
        },
        24,
    );
    expect("assembly", |a| unsafe { thunk_assembly(a, 2.0, 3, 4) }, 24);
    expect(
        "edges",
        move |a| {
            let back = unsafe { thunk_edges(a, words) };
            back.a + back.b * 10 + back.c * 100
        },
        245,
    );
    println!("panics pass");
}
