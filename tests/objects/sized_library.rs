//! A library of one release or the other (`--cfg newer`): looks at how much of a struct is there, and writes no more than that.
use std::ffi::c_void;
use std::mem::{offset_of, size_of};
use std::ptr;

#[repr(C)]
pub struct Text {
    ptr: *const u8,
    len: usize,
}

#[repr(C)]
pub struct Maybe {
    tag: u8,
    some: u32,
}

#[repr(C)]
pub struct Options {
    size: u32,
    level: u32,
    scale: f64,
    name: Text,
    extra: u8, // since 2.0, and all behind it
    tag: Text,
    limit: Maybe,
}

#[repr(C)]
pub struct Counters {
    size: u32,
    calls: u32,
    bytes: u8,
    padding: [u8; 3], // of the first release
    lost: u8,         // since 2.0, and all behind it
    spare: u32,
}

#[repr(C)]
pub struct Owned {
    ptr: *mut u8,
    len: usize,
    owner: *const Owner,
}

#[repr(C)]
pub struct Owner {
    release: unsafe extern "C" fn(*const Owner, *mut c_void, usize),
}

#[repr(C)]
pub struct Report {
    size: u32,
    code: u64,
    text: Owned,
    detail: Owned, // since 2.0
}

macro_rules! reaches {
    ($at:expr, $type:ty, $field:ident, $of:ty) => {
        cfg!(newer) && (*$at).size as usize >= offset_of!($type, $field) + size_of::<$of>()
    };
}

unsafe extern "C" fn release(_: *const Owner, memory: *mut c_void, bytes: usize) {
    drop(Box::from_raw(ptr::slice_from_raw_parts_mut(memory as *mut u8, bytes)));
}
static OWNER: Owner = Owner { release };

fn own(text: &str) -> Owned {
    let bytes = Box::leak(text.as_bytes().to_vec().into_boxed_slice());
    Owned { ptr: bytes.as_mut_ptr(), len: bytes.len(), owner: &OWNER }
}

unsafe fn destroy(text: &Owned) {
    if !text.owner.is_null() {
        ((*text.owner).release)(text.owner, text.ptr as *mut c_void, text.len);
    }
}

/// Who does not know a field of the caller's leaves zero there.
unsafe fn clear<T>(memory: *mut T) {
    let size = *(memory as *const u32) as usize;
    ptr::write_bytes((memory as *mut u8).add(size_of::<u32>()), 0, size - size_of::<u32>());
}

#[no_mangle]
pub unsafe extern "C" fn rig_open(o: *const Options) -> i64 {
    let mut sum = (*o).level as i64 + (10.0 * (*o).scale) as i64 + 100 * (*o).name.len as i64;
    if reaches!(o, Options, limit, Maybe) {
        sum += 1000 * (*o).extra as i64 + 10000 * (*o).tag.len as i64;
        if (*o).limit.tag == 1 {
            sum += 100000 * (*o).limit.some as i64;
        }
    }
    sum
}

#[no_mangle]
pub unsafe extern "C" fn rig_read(n: u32, c: *mut Counters) {
    clear(c);
    (*c).calls = n;
    (*c).bytes = 7;
    if reaches!(c, Counters, spare, u32) {
        (*c).lost = 8;
        (*c).spare = 9;
    }
}

#[no_mangle]
pub unsafe extern "C" fn rig_change(c: *mut Counters, by: u32) {
    (*c).calls += by;
    (*c).bytes += 1;
    if reaches!(c, Counters, spare, u32) {
        (*c).lost += 1;
        (*c).spare += by;
    }
}

#[no_mangle]
pub unsafe extern "C" fn rig_make(n: u32, out: *mut Report) {
    clear(out);
    (*out).code = n as u64;
    ptr::write(&mut (*out).text, own("a text of its own"));
    if reaches!(out, Report, detail, Owned) {
        ptr::write(&mut (*out).detail, own("what the second release adds"));
    }
}

#[no_mangle]
pub unsafe extern "C" fn rig_send(r: *mut Report) -> i64 {
    let mut sum = (*r).code as i64 + (*r).text.len as i64;
    destroy(&(*r).text);
    if reaches!(r, Report, detail, Owned) {
        sum += 1000 * (*r).detail.len as i64;
        destroy(&(*r).detail);
    }
    sum
}

#[no_mangle]
pub unsafe extern "C" fn rig_each(
    n: u32,
    visit: unsafe extern "C" fn(*const Options, *mut c_void) -> i64,
    env: *mut c_void,
) -> i64 {
    let mut sum = 0;
    for level in 0..n {
        let mut o: Options = std::mem::zeroed();
        o.size = if cfg!(newer) { size_of::<Options>() } else { offset_of!(Options, extra) } as u32;
        o.level = level;
        o.scale = 0.5;
        o.name = Text { ptr: "each".as_ptr(), len: 4 };
        sum += visit(&o, env);
    }
    sum
}
