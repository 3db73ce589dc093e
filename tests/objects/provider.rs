//! A library of one release or the other (`--cfg newer`): uses objects of programs, and makes its own.
use std::ffi::c_void;
use std::mem::{offset_of, size_of};

#[repr(C)]
pub struct Store {
    size: u32,
    flags: u32,
    id: u64,
    drop: unsafe extern "C" fn(*mut c_void),
    retain: Option<unsafe extern "C" fn(*mut c_void)>,
    query: unsafe extern "C" fn(*mut c_void, u64) -> *const c_void,
    load: unsafe extern "C" fn(*mut c_void, u32) -> i64,
    save: unsafe extern "C" fn(*mut c_void, u32, i64) -> bool,
    wipe: unsafe extern "C" fn(*mut c_void) -> i64, // since 1.1
}

#[repr(C)]
pub struct Object {
    data: *mut c_void,
    vtable: *const Store,
}

#[repr(C, align(8))]
pub struct Error {
    tag: u32,
    payload: [u64; 3],
}

#[repr(C)]
pub struct Checked {
    tag: u8,
    err: Error, // an ok is a u32 at its start
}

#[no_mangle]
pub unsafe extern "C" fn growth_fill(into: *mut c_void, vtable: *const Store, count: u32) -> i64 {
    let mut sum = 0;
    if cfg!(newer) && (*vtable).size as usize > offset_of!(Store, wipe) {
        sum += 1000 * ((*vtable).wipe)(into);
    }
    for i in 0..count {
        sum += ((*vtable).save)(into, i, 10 * i as i64) as i64;
    }
    sum + ((*vtable).load)(into, count - 1)
}

type Table = [i64; 4];

unsafe extern "C" fn drop_table(data: *mut c_void) {
    drop(Box::from_raw(data as *mut Table));
}
unsafe extern "C" fn query(_: *mut c_void, _: u64) -> *const c_void {
    std::ptr::null()
}
unsafe extern "C" fn load(data: *mut c_void, key: u32) -> i64 {
    (*(data as *mut Table))[key as usize % 4]
}
unsafe extern "C" fn save(data: *mut c_void, key: u32, value: i64) -> bool {
    (*(data as *mut Table))[key as usize % 4] = value;
    key < 4
}
unsafe extern "C" fn wipe(data: *mut c_void) -> i64 {
    *(data as *mut Table) = [0; 4];
    4
}

/// An older release has no `wipe`, and its vtable ends before it.
static STORE: Store = Store {
    size: if cfg!(newer) { size_of::<Store>() } else { offset_of!(Store, wipe) } as u32,
    flags: 0,
    id: 0,
    drop: drop_table,
    retain: None,
    query,
    load,
    save,
    wipe,
};

#[no_mangle]
pub extern "C" fn growth_make() -> Object {
    Object { data: Box::into_raw(Box::new([0i64; 4])) as *mut c_void, vtable: &STORE }
}

#[no_mangle]
pub unsafe extern "C" fn growth_check(what: u32, out: *mut Checked) -> u32 {
    let payload = &mut (*out).err;
    match what {
        0 => payload.tag = 5,
        1 => {
            payload.tag = 0;
            *(payload.payload.as_mut_ptr() as *mut i32) = -3;
        }
        _ if cfg!(newer) => {
            payload.tag = 2;
            payload.payload[0] = 77;
        }
        _ => payload.tag = 1,
    }
    (*out).tag = (what != 0) as u8;
    (what != 0) as u32
}
