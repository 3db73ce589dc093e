//! The library in the terms of the system ABI, with closures of Rust behind `extern "C"` functions.
use std::ffi::c_void;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::Mutex;

#[path = "closure.rs"]
mod closure;
use closure::{Counted, DoneFn, DropFn, Event, EventFn, Own, StepFn};

static LIVE: AtomicI64 = AtomicI64::new(0);
static SLOTS: Mutex<[Option<Own<EventFn>>; 4]> = Mutex::new([None, None, None, None]);
static WAITING: Mutex<Vec<Own<DoneFn>>> = Mutex::new(Vec::new());

#[no_mangle]
pub unsafe extern "C" fn keeper_each(count: u32, cb: EventFn, env: *mut c_void) -> u64 {
    (0..count as u64)
        .map(|i| {
            let event = Event { id: i, at: 10 * i, first: 100, last: 200, note: 7 };
            cb(&event, 0.5 * i as f64, env)
        })
        .sum()
}

#[no_mangle]
pub unsafe extern "C" fn keeper_keep(slot: u32, cb: EventFn, env: *mut c_void, drop: DropFn) -> u32 {
    let old = SLOTS.lock().unwrap()[slot as usize].replace(Own::new(cb, env, drop));
    std::mem::drop(old);
    slot
}

#[no_mangle]
pub unsafe extern "C" fn keeper_watch(tag: u32, cb: EventFn, env: *mut c_void, drop: DropFn) -> u32 {
    keeper_keep(tag, cb, env, drop)
}

#[no_mangle]
pub unsafe extern "C" fn keeper_fire(slot: u32, event: &Event, weight: f64) -> u64 {
    let slots = SLOTS.lock().unwrap();
    slots[slot as usize].as_ref().map_or(0, |cb| (cb.code)(event, weight, cb.env))
}

#[no_mangle]
pub extern "C" fn keeper_forget(slot: u32) -> u32 {
    SLOTS.lock().unwrap()[slot as usize].take().is_some() as u32
}

#[no_mangle]
pub unsafe extern "C" fn keeper_later(done: DoneFn, env: *mut c_void, drop: DropFn) -> u32 {
    let mut waiting = WAITING.lock().unwrap();
    waiting.push(Own::new(done, env, drop));
    waiting.len() as u32
}

#[no_mangle]
pub unsafe extern "C" fn keeper_finish(total: u64) -> u32 {
    let waiting = std::mem::take(&mut *WAITING.lock().unwrap());
    let count = waiting.len() as u32;
    for done in waiting {
        let (code, env) = done.use_up(); // its code ends what it is called with
        code(total, env);
    }
    count
}

#[no_mangle]
pub extern "C" fn keeper_cancel() -> u32 {
    std::mem::take(&mut *WAITING.lock().unwrap()).len() as u32
}

#[no_mangle]
pub unsafe extern "C" fn keeper_adder(by: i32, out: *mut Own<StepFn>) {
    let counted = Counted::new(&LIVE);
    let step = move |n: i32| {
        let _alive = &counted;
        n + by
    };
    out.write(closure::step(step));
}

#[no_mangle]
#[allow(clippy::too_many_arguments)]
pub unsafe extern "C" fn keeper_chain(
    first: StepFn, first_env: *mut c_void, first_drop: DropFn,
    second: StepFn, second_env: *mut c_void, second_drop: DropFn,
    out: *mut Own<StepFn>,
) {
    let counted = Counted::new(&LIVE);
    let first = Own::new(first, first_env, first_drop);
    let second = Own::new(second, second_env, second_drop);
    out.write(closure::step(move |n| {
        let _alive = &counted;
        second.call(first.call(n))
    }));
}

#[no_mangle]
pub unsafe extern "C" fn keeper_maybe(n: i32, f: Option<StepFn>, env: *mut c_void, drop: DropFn) -> i32 {
    f.map_or(-n, |f| Own::new(f, env, drop).call(n))
}

#[no_mangle]
pub extern "C" fn keeper_live() -> i64 {
    LIVE.load(Ordering::SeqCst)
}
