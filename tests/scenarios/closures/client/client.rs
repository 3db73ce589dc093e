//! Calls every function of the library, and prints how many environments of its own are alive after each. A library in the terms of
//! the system ABI is called as it is; others through thunks (`--cfg thunks`).
use std::ffi::c_void;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

#[path = "../lib/closure.rs"]
mod closure;
use closure::{Counted, DoneFn, DropFn, Event, EventFn, Own, StepFn};

static LIVE: AtomicI64 = AtomicI64::new(0);

macro_rules! library {
    ($($name:ident $symbol:literal ($($parameter:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        extern "C" { $(
            #[cfg_attr(thunks, link_name = concat!("rust_keeper_", $symbol))]
            #[cfg_attr(not(thunks), link_name = concat!("keeper_", $symbol))]
            fn $name($($parameter: $type),*) $(-> $result)?;
        )* }
    };
}

library! {
    each "each" (count: u32, cb: EventFn, env: *mut c_void) -> u64;
    keep "keep" (slot: u32, cb: EventFn, env: *mut c_void, drop: DropFn) -> u32;
    watch "watch" (tag: u32, cb: EventFn, env: *mut c_void, drop: DropFn) -> u32;
    fire "fire" (slot: u32, event: &Event, weight: f64) -> u64;
    forget "forget" (slot: u32) -> u32;
    later "later" (done: DoneFn, env: *mut c_void, drop: DropFn) -> u32;
    finish "finish" (total: u64) -> u32;
    cancel "cancel" () -> u32;
    adder "adder" (by: i32, out: *mut Own<StepFn>);
    chain "chain" (first: StepFn, first_env: *mut c_void, first_drop: DropFn,
        second: StepFn, second_env: *mut c_void, second_drop: DropFn, out: *mut Own<StepFn>);
    maybe "maybe" (n: i32, f: Option<StepFn>, env: *mut c_void, drop: DropFn) -> i32;
    library_live "live" () -> i64;
}

/// The parts, which the library now owns.
fn give<F: Copy>(closure: Own<F>) -> (F, *mut c_void, DropFn) {
    let parts = (closure.code, closure.env, closure.drop);
    std::mem::forget(closure);
    parts
}

fn event_closure(start: u64) -> Own<EventFn> {
    let (counted, calls) = (Counted::new(&LIVE), AtomicU64::new(0));
    closure::event(move |e, weight| {
        let _alive = &counted;
        let calls = calls.fetch_add(1, Ordering::SeqCst) + 1;
        start + calls + e.id + e.at + e.first + e.last + e.note as u64 + (4.0 * weight) as u64
    })
}

fn step_closure(start: u64) -> Own<StepFn> {
    let (counted, calls) = (Counted::new(&LIVE), AtomicU64::new(0));
    closure::step(move |n| {
        let _alive = &counted;
        (start + calls.fetch_add(1, Ordering::SeqCst) + 1) as i32 * n
    })
}

fn done_closure(start: u64) -> Own<DoneFn> {
    let counted = Counted::new(&LIVE);
    closure::done(move |total| {
        let _alive = counted;
        println!("done: {}", start + total);
    })
}

fn live() -> i64 {
    LIVE.load(Ordering::SeqCst)
}

unsafe fn fire_at(slot: u32, id: u64) {
    println!("fire {slot}: {}", fire(slot, &Event { id, at: 1, first: 2, last: 3, note: 4 }, 2.5));
}

unsafe fn keep_in(slot: u32, closure: Own<EventFn>) {
    let (code, env, drop) = give(closure);
    keep(slot, code, env, drop);
}

unsafe fn wait_for(closure: Own<DoneFn>) -> u32 {
    let (code, env, drop) = give(closure);
    later(code, env, drop)
}

unsafe fn made(make: impl FnOnce(*mut Own<StepFn>)) -> Own<StepFn> {
    let mut out = std::mem::MaybeUninit::uninit();
    make(out.as_mut_ptr());
    out.assume_init()
}

fn use_step(name: &str, step: Own<StepFn>, n: i32) {
    println!("{name}: {} {}", step.call(n), step.call(n));
}

fn main() {
    unsafe {
        let lent = event_closure(1000);
        println!("each: {}", each(3, lent.code, lent.env));
        drop(lent);
        keep_in(0, event_closure(10));
        keep_in(1, event_closure(20));
        println!("keep: {}", live());
        fire_at(0, 5);
        fire_at(1, 6);
        fire_at(0, 5);
        keep_in(0, event_closure(30));
        println!("replace: {}", live());
        fire_at(0, 5);
        let (code, env, drop) = give(event_closure(40));
        watch(2, code, env, drop);
        fire_at(2, 7);
        println!("watch: {}", live());
        for slot in 0..4 {
            println!("forget: {}", forget(slot));
        }
        fire_at(0, 5);
        println!("forgotten: {}", live());
        let (first, second) = (wait_for(done_closure(100)), wait_for(done_closure(200)));
        println!("later: {first} {second} {}", live());
        let finished = finish(7);
        println!("finish: {finished} {}", live());
        wait_for(done_closure(300));
        let cancelled = cancel();
        println!("cancel: {cancelled} {}", live());
        use_step("adder", made(|out| adder(5, out)), 10);
        let (first, second) = (give(step_closure(2)), give(step_closure(3)));
        use_step(
            "chain",
            made(|out| chain(first.0, first.1, first.2, second.0, second.1, second.2, out)),
            10,
        );
        let (code, env, drop) = give(step_closure(8));
        let none = maybe(4, None, std::ptr::null_mut(), None);
        println!("maybe: {none} {}", maybe(4, Some(code), env, drop));
        let others = library_live();
        println!("live: {} {others}", live());
    }
}
