//! Values of the system ABI, and iterators behind tables.
use crate::terms::*;
use std::ffi::c_void;

#[path = "owned.rs"]
mod owned;
pub use owned::*;

/// An iterator behind a table: any of Rust's.
pub struct Pairs {
    pub left: Vec<(String, i64)>, // the next one last
}

pub fn key_of(value: i64, letter: &str) -> (String, i64) {
    (format!("{letter}{value}"), value)
}

unsafe extern "C" fn next(this: *mut c_void, out: *mut option_pair) -> u32 {
    match (*this.cast::<Pairs>()).left.pop() {
        Some((key, value)) => {
            (*out).payload.some = pair { key: give_text(&key), value };
            (*out).tag = 1;
        }
        None => (*out).tag = 0,
    }
    (*out).tag.into()
}
unsafe extern "C" fn left(this: *mut c_void) -> u64 {
    (*this.cast::<Pairs>()).left.len() as u64
}
pub static DROPPED: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
unsafe extern "C" fn drop_pairs(this: *mut c_void) {
    DROPPED.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    drop(Box::from_raw(this.cast::<Pairs>()));
}
unsafe extern "C" fn query(_: *mut c_void, _: u64) -> *const c_void {
    std::ptr::null()
}
pub static TABLE: pairs = pairs {
    size: size_of::<pairs>() as u32,
    flags: 0,
    id: 0,
    drop: Some(drop_pairs),
    retain: None,
    query: Some(query),
    next: Some(next),
    left: Some(left),
};

pub fn new_pairs(letter: &str, values: impl DoubleEndedIterator<Item = i64>) -> *mut c_void {
    Box::into_raw(Box::new(Pairs { left: values.rev().map(|v| key_of(v, letter)).collect() })).cast()
}

/// One more of somebody's iterator.
pub unsafe fn next_of(of: *mut c_void, table: *const pairs) -> Option<(String, i64)> {
    let mut out = std::mem::zeroed();
    if (*table).next.unwrap()(of, &mut out) == 0 {
        return None;
    }
    Some((take_text(out.payload.some.key), out.payload.some.value))
}
