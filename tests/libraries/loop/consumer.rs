//! A program in Rust, in the terms of the system ABI; `terms.rs` is what `abide bind rust` makes of the interface.
#![allow(dead_code)]
mod terms;
#[macro_use]
mod values;

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::mem::zeroed;
use std::ptr::null_mut;
use std::rc::Rc;
use terms::*;
use values::*;

type Drop = Option<unsafe extern "C" fn(*mut c_void)>;

/// What each callback has; a reference is given away with it, and `Rc` counts those that are left.
#[derive(Default)]
struct State {
    calls: Cell<u64>,
    sum: Cell<u64>,
    most: i64,
    log: RefCell<String>,
}

fn state(most: i64) -> Rc<State> {
    Rc::new(State { most, ..State::default() })
}
fn env(s: &Rc<State>) -> *mut c_void {
    Rc::into_raw(s.clone()) as *mut c_void
}
unsafe fn of<'a>(env: *mut c_void) -> &'a State {
    &*(env as *const State)
}
unsafe extern "C" fn end(env: *mut c_void) {
    drop(Rc::from_raw(env as *const State));
}
const END: Drop = Some(end);

unsafe fn code(tag: u32, r: &result_unit_trouble) -> (u16, i32) {
    let e = &r.payload.err;
    if tag == 0 { (0, 0) } else { (e.tag, if e.tag == 4096 { e.payload.other } else { 0 }) }
}

unsafe fn failure(call: impl FnOnce(*mut result_unit_trouble) -> u32) -> (u16, i32) {
    let mut out = zeroed();
    let tag = call(&mut out);
    code(tag, &out)
}

unsafe fn ran(l: *mut loop_, how: mode) -> Result<u32, u16> {
    let mut out: result_u32_trouble = zeroed();
    if run(l, how, &mut out) == 0 { Ok(out.payload.ok) } else { Err(out.payload.err.tag) }
}

unsafe extern "C" fn tick(t: *mut timer, count: u64, env: *mut c_void) -> bool {
    let (s, l) = (of(env), data(t) as *mut loop_);
    s.calls.set(s.calls.get() + 1);
    s.sum.set(s.sum.get() + count * now(l));
    expect!(ran(l, mode_nowait) == Err(16));
    (count as i64) < s.most
}

unsafe fn use_timers(l: *mut loop_) {
    let (fast, slow) = (state(3), state(100));
    let (a, b) = (new_timer(l), new_timer(l));
    set_data(a, l.cast());
    set_data(b, l.cast());
    expect!(failure(|out| stop(a, out)) == (22, 0));
    expect!(failure(|out| start(a, 5, 10, Some(tick), env(&fast), END, out)) == (0, 0));
    expect!(failure(|out| start(a, 5, 10, Some(tick), env(&slow), END, out)) == (16, 0));
    expect!(failure(|out| start(b, 7, 0, Some(tick), env(&slow), END, out)) == (0, 0));
    expect!(ran(l, mode_once) == Ok(2) && now(l) == 5 && fast.calls.get() == 1);
    expect!(ran(l, mode_default) == Ok(0) && now(l) == 25);
    expect!(fast.sum.get() == 5 + 2 * 15 + 3 * 25 && slow.sum.get() == 7);
    expect!(failure(|out| start(b, 1, 1, Some(tick), env(&slow), END, out)) == (0, 0));
    expect!(failure(|out| stop(b, out)) == (0, 0) && slow.calls.get() == 1);
    ev_timer_close(b);
    ev_timer_close(a);
    expect!(alive() == 1 && Rc::strong_count(&fast) == 1 && Rc::strong_count(&slow) == 1);
}

/// Called once, and ends what it has.
unsafe extern "C" fn work(env: *mut c_void) -> i64 {
    Rc::from_raw(env as *const State).most
}
unsafe extern "C" fn done(tag: u32, word: u64, other: i32, env: *mut c_void) {
    let s = Rc::from_raw(env as *const State);
    let what = match (tag, word) {
        (0, n) => format!("{} ", n as i64),
        (_, 4096) => format!("4096:{other} "),
        (_, e) => format!("{e}:0 "),
    };
    s.log.borrow_mut().push_str(&what);
}

unsafe fn queued(l: *mut loop_, work_of: &Rc<State>, done_of: &Rc<State>) -> (u16, i32) {
    failure(|out| queue(l, Some(work), env(work_of), END, Some(done), env(done_of), END, out))
}

unsafe fn use_jobs(l: *mut loop_, last: &Rc<State>) {
    let (bad, worse, log) = (state(-7), state(0), state(0));
    expect!(queued(l, last, &log) == (0, 0) && queued(l, &bad, &log) == (0, 0));
    expect!(queued(l, &worse, &log) == (4096, 12));
    expect!(ran(l, mode_nowait) == Ok(0) && queued(l, &worse, &log) == (0, 0));
    expect!(ran(l, mode_nowait) == Ok(0) && *log.log.borrow() == "42 4096:7 16:0 ");
    expect!(alive() == 1 && Rc::strong_count(&log) == 1 && Rc::strong_count(&worse) == 1);
    expect!(queued(l, last, last) == (0, 0) && Rc::strong_count(last) > 1); // the loop is closed before
}

unsafe extern "C" fn see_data(tag: u32, word: u64, len: u64, env: *mut c_void) {
    let chunk = if tag == 0 { String::from_utf8_lossy(items(word as *const u8, len as usize)) } else { "".into() };
    let what = if tag == 0 { format!("{len}:{chunk} ") } else { format!("!{}", word as u16) };
    of(env).log.borrow_mut().push_str(&what);
}

unsafe fn sent(l: *mut loop_, what: &str) -> Result<usize, u16> {
    let mut out: result_size_trouble = zeroed();
    let (ptr, len, owner) = give(what.as_bytes().to_vec());
    if send(l, ptr, len, owner, &mut out) == 0 { Ok(out.payload.ok) } else { Err(out.payload.err.tag) }
}

unsafe fn use_data(l: *mut loop_) {
    let s = state(0);
    expect!(failure(|out| read(l, Some(see_data), env(&s), END, out)) == (0, 0));
    expect!(failure(|out| read(l, Some(see_data), env(&s), END, out)) == (16, 0));
    expect!(sent(l, "one") == Ok(3) && sent(l, "three") == Ok(5) && sent(l, "") == Err(22));
    expect!(ran(l, mode_default) == Ok(0));
    expect!(*s.log.borrow() == "3:one 5:three !4095" && alive() == 1 && Rc::strong_count(&s) == 1);
    expect!(sent(l, "never") == Ok(5));
}

unsafe extern "C" fn see_timer(t: *mut timer, active: bool, env: *mut c_void) {
    *(env as *mut u32) += if active { 10 } else { 1 } + if data(t).is_null() { 0 } else { 100 };
}

unsafe fn look(l: *mut loop_) {
    let (mut seen, mut s): (u32, stats) = (0, zeroed());
    walk(l, Some(see_timer), (&raw mut seen).cast());
    expect!(seen == 111);
    measure(l, &mut s);
    expect!(s.events == 10 && s.idle == 12.5 && take_text(s.name) == "lööp");
    let mut of: sys_string = zeroed();
    text(4096, -5, &mut of);
    expect!(take_text(of) == "other -5");
}

#[no_mangle]
unsafe extern "C" fn consume() -> u32 {
    let (last, kept) = (state(42), state(0));
    let start_count = expectations();
    expect!(open("".as_ptr(), 0).is_null());
    let l = open("lööp".as_ptr(), 6);
    use_timers(l);
    use_data(l);
    use_jobs(l, &last);
    let (a, b) = (new_timer(l), new_timer(l));
    set_data(a, null_mut());
    set_data(b, l.cast());
    expect!(failure(|out| start(b, 1, 1, Some(tick), env(&kept), END, out)) == (0, 0));
    look(l);
    ev_timer_close(b);
    ev_timer_close(a);
    ev_loop_close(l);
    expect!(alive() == 0 && Rc::strong_count(&last) == 1 && Rc::strong_count(&kept) == 1);
    expectations() - start_count
}
