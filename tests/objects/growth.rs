//! A program of one release or the other (`--cfg newer`), with a library of one or the other (`--cfg newer_library`). `growth_terms.rs`
//! is what `abide bind rust` makes of the program's release.
#[path = "growth_terms.rs"]
mod terms;

use std::ffi::c_void;
use std::mem::{size_of, zeroed};
use terms::{check, fill, make, result_u32_error, store};

const BOTH_NEW: bool = cfg!(newer) && cfg!(newer_library);

#[derive(Default)]
struct Own {
    last: i64,
    wiped: i64,
}

unsafe extern "C" fn load(this: *mut c_void, key: u32) -> i64 {
    (*this.cast::<Own>()).last + i64::from(key)
}
unsafe extern "C" fn save(this: *mut c_void, key: u32, value: i64) -> bool {
    (*this.cast::<Own>()).last = value;
    key < 2
}
#[cfg(newer)]
unsafe extern "C" fn wipe(this: *mut c_void) -> i64 {
    (*this.cast::<Own>()).wiped += 1;
    (*this.cast::<Own>()).wiped
}
unsafe extern "C" fn drop_own(_: *mut c_void) {}
unsafe extern "C" fn query(_: *mut c_void, _: u64) -> *const c_void {
    std::ptr::null()
}

static TABLE: store = store {
    size: size_of::<store>() as u32,
    flags: 0,
    id: 0,
    drop: Some(drop_own),
    retain: None,
    query: Some(query),
    load: Some(load),
    save: Some(save),
    #[cfg(newer)]
    wipe: Some(wipe),
};

unsafe fn objects() {
    let mut mine = Own::default();
    assert_eq!(fill((&raw mut mine).cast(), &TABLE, 3), 24 + if BOTH_NEW { 1000 } else { 0 });
    assert_eq!(mine.wiped, BOTH_NEW as i64);

    let made = make();
    let table = &*made.vtable;
    assert!(table.save.unwrap()(made.data, 1, 42) && table.load.unwrap()(made.data, 1) == 42);
    #[cfg(newer)]
    {
        assert_eq!(table.size as usize > std::mem::offset_of!(store, wipe), BOTH_NEW);
        if BOTH_NEW {
            assert!(table.wipe.unwrap()(made.data) == 4 && table.load.unwrap()(made.data, 1) == 0);
        }
    }
    table.drop.unwrap()(made.data);
}

/// An open variant, of which an older program does not know the last case.
unsafe fn errors() {
    let mut result: result_u32_error = zeroed();
    assert!(check(0, &mut result) == 0 && result.payload.ok == 5);
    assert!(check(1, &mut result) == 1 && result.payload.err.tag == 0);
    assert_eq!(result.payload.err.payload.0.as_ptr().cast::<i32>().read(), -3);
    assert!(check(2, &mut result) == 1);
    assert_eq!(result.payload.err.tag, if cfg!(newer_library) { 2 } else { 1 });
    if cfg!(newer_library) {
        assert_eq!(result.payload.err.payload.0.as_ptr().cast::<u64>().read(), 77);
    }
}

fn main() {
    unsafe {
        objects();
        errors();
    }
}
