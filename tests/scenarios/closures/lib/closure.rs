//! Closures of the system ABI that are given away: {fn, env, drop}.
use std::ffi::c_void;
use std::sync::atomic::{AtomicI64, Ordering};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Event {
    pub id: u64,
    pub at: u64,
    pub first: u64,
    pub last: u64,
    pub note: u32,
}

pub type EventFn = unsafe extern "C" fn(&Event, f64, *mut c_void) -> u64;
pub type DoneFn = unsafe extern "C" fn(u64, *mut c_void);
pub type StepFn = unsafe extern "C" fn(i32, *mut c_void) -> i32;
pub type DropFn = Option<unsafe extern "C" fn(*mut c_void)>;

#[repr(C)]
pub struct Own<F> {
    pub code: F,
    pub env: *mut c_void,
    pub drop: DropFn,
}

unsafe impl<F> Send for Own<F> {}

impl<F: Copy> Own<F> {
    pub fn new(code: F, env: *mut c_void, drop: DropFn) -> Self {
        Own { code, env, drop }
    }

    /// For a closure that is called only once: the call ends the environment.
    #[allow(dead_code)]
    pub fn use_up(self) -> (F, *mut c_void) {
        let parts = (self.code, self.env);
        std::mem::forget(self);
        parts
    }
}

impl<F> Drop for Own<F> {
    fn drop(&mut self) {
        if let Some(drop) = self.drop {
            unsafe { drop(self.env) }
        }
    }
}

impl Own<StepFn> {
    pub fn call(&self, n: i32) -> i32 {
        unsafe { (self.code)(n, self.env) }
    }
}

unsafe extern "C" fn drop_box<T>(env: *mut c_void) {
    drop(Box::from_raw(env as *mut T));
}

pub fn step<T: Fn(i32) -> i32>(closure: T) -> Own<StepFn> {
    unsafe extern "C" fn call<T: Fn(i32) -> i32>(n: i32, env: *mut c_void) -> i32 {
        (*(env as *const T))(n)
    }
    Own::new(call::<T>, Box::into_raw(Box::new(closure)) as *mut c_void, Some(drop_box::<T>))
}

#[allow(dead_code)]
pub fn event<T: Fn(&Event, f64) -> u64>(closure: T) -> Own<EventFn> {
    unsafe extern "C" fn call<T: Fn(&Event, f64) -> u64>(e: &Event, weight: f64, env: *mut c_void) -> u64 {
        (*(env as *const T))(e, weight)
    }
    Own::new(call::<T>, Box::into_raw(Box::new(closure)) as *mut c_void, Some(drop_box::<T>))
}

#[allow(dead_code)]
pub fn done<T: FnOnce(u64)>(closure: T) -> Own<DoneFn> {
    unsafe extern "C" fn call<T: FnOnce(u64)>(total: u64, env: *mut c_void) {
        (*Box::from_raw(env as *mut T))(total)
    }
    Own::new(call::<T>, Box::into_raw(Box::new(closure)) as *mut c_void, Some(drop_box::<T>))
}

/// Counts how many closures that hold one are alive.
pub struct Counted(&'static AtomicI64);

impl Counted {
    pub fn new(live: &'static AtomicI64) -> Self {
        live.fetch_add(1, Ordering::SeqCst);
        Counted(live)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
