//! A program of one release (`--cfg newer`) with a library of another (`--cfg newer_library`).
use std::ffi::c_void;
use std::mem::{offset_of, size_of, zeroed};

#[repr(C)]
#[derive(Clone, Copy)]
struct Text {
    ptr: *const u8,
    len: usize,
}

#[repr(C)]
struct Maybe {
    tag: u8,
    some: u32,
}

#[cfg(newer)]
#[repr(C)]
struct Options {
    size: u32,
    level: u32,
    scale: f64,
    name: Text,
    extra: u8,
    tag: Text,
    limit: Maybe,
}
#[cfg(not(newer))]
#[repr(C)]
struct Options {
    size: u32,
    level: u32,
    scale: f64,
    name: Text,
}

#[repr(C)]
struct Owner {
    release: unsafe extern "C" fn(*const Owner, *mut c_void, usize),
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Owned {
    ptr: *mut u8,
    len: usize,
    owner: *const Owner,
}

#[repr(C)]
struct Report {
    size: u32,
    code: u64,
    text: Owned,
    #[cfg(newer)]
    detail: Owned,
}

extern "C" {
    fn rig_open(o: *const Options) -> i64;
    fn rig_make(n: u32, out: *mut Report);
    fn rig_send(r: *mut Report) -> i64;
    fn rig_each(
        n: u32,
        visit: unsafe extern "C" fn(*const Options, *mut c_void) -> i64,
        env: *mut c_void,
    ) -> i64;
}

const BOTH: bool = cfg!(newer) && cfg!(newer_library);

unsafe extern "C" fn visit(o: *const Options, env: *mut c_void) -> i64 {
    *(env as *mut i32) += 1;
    assert_eq!((*o).name.len, 4);
    #[cfg(newer)]
    if (*o).size as usize > offset_of!(Options, extra) {
        assert_eq!(((*o).extra, (*o).tag.len, (*o).limit.tag), (0, 0, 0));
    }
    (*o).level as i64 + (10.0 * (*o).scale) as i64
}

fn main() {
    unsafe {
        let mut o: Options = zeroed();
        o.size = size_of::<Options>() as u32;
        o.level = 2;
        o.scale = 1.5;
        o.name = Text { ptr: "name".as_ptr(), len: 4 };
        #[cfg(all(newer, newer_library))]
        {
            o.extra = 3;
            o.tag = Text { ptr: "tag".as_ptr(), len: 3 };
            o.limit = Maybe { tag: 1, some: 5 };
        }
        assert_eq!(rig_open(&o), 417 + if BOTH { 533000 } else { 0 });

        let mut r: Report = zeroed();
        r.size = size_of::<Report>() as u32;
        rig_make(6, &mut r);
        assert_eq!((r.code, r.text.len), (6, 17));
        #[cfg(newer)]
        assert_eq!(r.detail.len, if cfg!(newer_library) { 28 } else { 0 });
        assert_eq!(rig_send(&mut r), 23 + if BOTH { 28000 } else { 0 });

        let mut calls = 0i32;
        assert_eq!(rig_each(4, visit, &mut calls as *mut i32 as *mut c_void), 26);
        assert_eq!(calls, 4);
        let _ = offset_of!(Options, name);
    }
}
