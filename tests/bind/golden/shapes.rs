//! shapes in Rust. Made by abide bind rust: change the interface file instead.
//! Shapes and what can be done with them.
#![allow(clashing_extern_declarations, dead_code, improper_ctypes,
    non_camel_case_types, non_snake_case, non_upper_case_globals,
    unexpected_cfgs, unused_imports)]

use ::core::ffi::{c_char, c_int, c_long, c_void};
use ::core::mem::{align_of, offset_of, size_of};

/// A place.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct point {
    /// across
    pub x: f64,
    pub y: f64,
}

pub type color = u8;
pub const color_red: color = 1_i64 as color;
/// As grass * / is.
pub const color_green: color = 2_i64 as color;
pub const color_blue: color = 10_i64 as color;

pub type mode = u32;
pub const mode_fast: mode = 0_i64 as mode;
/// As snails are.
pub const mode_slow: mode = 1_i64 as mode;

pub type access = u32;
/// Look at it.
pub const access_read: access = 4_i64 as access;
pub const access_write: access = 32_i64 as access;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct node {
    pub next: *const node,
    pub at: point,
    pub kind: color,
    pub type_: u8,
    pub long: c_long,
}

pub type link = *mut node;

#[repr(C)]
#[derive(Clone, Copy)]
pub union number {
    pub i: i64,
    pub f: f64,
    pub self_: [u8; 3],
}

/// Rust has no words for what is in it.
#[repr(C, align(4))]
#[derive(Clone, Copy)]
pub struct bits(pub [u8; 4]);

#[repr(C, packed)]
#[derive(Clone, Copy)]
pub struct hdr {
    pub tag: u8,
    pub len: u32,
}

/// Rust has no words for what is in it.
#[repr(C, align(32))]
#[derive(Clone, Copy)]
pub struct al(pub [u8; 32]);

#[repr(C)]
pub struct ctx {
    _unknown: [u8; 0],
}

pub type id = u32;

pub type visitor = Option<unsafe extern "C" fn(user: *mut c_void, n: *const node) -> bool>;

/// Rust has no words for what is in it.
#[cfg(all(target_arch = "x86_64", target_os = "linux", target_pointer_width = "64"))]
#[repr(C, align(16))]
#[derive(Clone, Copy)]
pub struct rec(pub [u8; 48]);
#[cfg(all(target_arch = "x86", target_os = "linux"))]
#[repr(C, align(4))]
#[derive(Clone, Copy)]
pub struct rec(pub [u8; 32]);

#[repr(C)]
#[derive(Clone, Copy)]
pub union any_anon2 {
    pub number: i64,
    pub text: *mut c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct any {
    pub kind: u8,
    pub anon2: any_anon2,
    pub tail: [u8; 0],
}

#[repr(C)]
pub struct thing {
    _unknown: [u8; 0],
}

/// Rust has no words for what is in it.
#[repr(C, align(1))]
#[derive(Clone, Copy)]
pub struct empty(pub [u8; 0]);

/// Called like a function.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct stat_type {
    pub size: u64,
    pub max_align_t: u64,
}

pub type max_align_t = u64;

pub type speed = u32;
pub const speed_s_2_5: speed = 0_i64 as speed;
pub const speed_s_25: speed = 1_i64 as speed;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct table_anon2 {
    pub none: empty,
    pub rows: [u32; 0],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct table {
    pub count: u32,
    pub anon2: table_anon2,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct each_f {
    pub code: Option<unsafe extern "C" fn(n: u32, env: *mut c_void) -> bool>,
    pub env: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct keep_f {
    pub code: Option<unsafe extern "C" fn(at: point, env: *mut c_void)>,
    pub env: *mut c_void,
    pub drop: Option<unsafe extern "C" fn(a1: *mut c_void)>,
}

/// Trees are no deeper.
pub const max_depth: u16 = 64;
pub const version: &::core::ffi::CStr = match ::core::ffi::CStr::from_bytes_with_nul(b"1.2 \"beta\"\0") { ::core::result::Result::Ok(text) => text, ::core::result::Result::Err(_) => panic!() };
pub const title: &str = match ::core::str::from_utf8(b"Gr\xc3\xb6\xc3\x9fe") { ::core::result::Result::Ok(text) => text, ::core::result::Result::Err(_) => panic!() };
pub const magic: [u8; 3] = *b"ab\x00";
pub const usual: color = 2;
pub const half: f32 = 0.5;
pub const least: i64 = -9223372036854775808;
pub const x: c_int = -1;
// Of memory.
#[cfg(all(target_arch = "x86_64", target_os = "linux", target_pointer_width = "64"))]
pub const page: c_long = 65536;
#[cfg(all(target_arch = "x86", target_os = "linux"))]
pub const page: c_long = 4096;

unsafe extern "C" {
    /// stat(path cstring, at out stat) -> i32
    /// - at is written; it holds nothing before
    pub fn stat(path: *mut c_char, at: *mut stat_type) -> i32;

    /// STAT(how speed) -> ptr<table>
    pub fn STAT(how: speed) -> *const table;

    /// st-at()
    pub fn st_at();

    /// Computes an area.
    /// area(p point, by f64) -> f64
    /// - by: factor of the result
    /// - the result: never negative
    pub fn area(p: point, by: f64) -> f64;

    /// walk(n ptr<node>, each visitor, user mutptr<void>) -> c_int
    pub fn walk(n: *const node, each: visitor, user: *mut c_void) -> c_int;

    /// log-it(fmt cstring, ...) -> c_int
    pub fn log_it(fmt: *mut c_char, ...) -> c_int;

    /// get(c ref<ctx>, which color) -> number
    pub fn get(c: *const ctx, which: color) -> number;

    // take-bits(b bits) -> u16
    // Rust has no words for how it is called.

    /// fill(at inout point, out-node out node) -> bool
    /// - at is written
    /// - out-node is written; it holds nothing before
    pub fn fill(at: *mut point, out_node: *mut node) -> bool;

    /// make(name string, tags slice<id>) -> own thing
    /// - the result is given away: thing_free releases it
    pub fn make(name: *mut c_char, name_len: usize, tags: *mut id, tags_len: usize) -> *mut thing;

    /// end(t own thing)
    /// - t is given away
    pub fn end(t: *mut thing);

    /// each(f closure(n u32) -> bool) -> u32
    pub fn each(f: each_f) -> u32;

    /// keep(f own closure(at point))
    /// - f is given away
    pub fn keep(f: keep_f);

    // wide(x c_longdouble) -> c_longdouble
    // Rust has no words for how it is called.

    /// thing_free(it own thing)
    /// - it is given away
    pub fn thing_free(it: *mut thing);
}

#[cfg(all(target_arch = "x86_64", target_os = "linux", target_pointer_width = "64"))]
const _: () = {
    assert!(size_of::<point>() == 16, "point: size");
    assert!(align_of::<point>() == 8, "point: alignment");
    assert!(offset_of!(point, x) == 0, "point: offset of x");
    assert!(offset_of!(point, y) == 8, "point: offset of y");
    assert!(size_of::<color>() == 1, "color: size");
    assert!(align_of::<color>() == 1, "color: alignment");
    assert!(size_of::<mode>() == 4, "mode: size");
    assert!(align_of::<mode>() == 4, "mode: alignment");
    assert!(size_of::<access>() == 4, "access: size");
    assert!(align_of::<access>() == 4, "access: alignment");
    assert!(size_of::<node>() == 40, "node: size");
    assert!(align_of::<node>() == 8, "node: alignment");
    assert!(offset_of!(node, next) == 0, "node: offset of next");
    assert!(offset_of!(node, at) == 8, "node: offset of at");
    assert!(offset_of!(node, kind) == 24, "node: offset of kind");
    assert!(offset_of!(node, type_) == 25, "node: offset of type");
    assert!(offset_of!(node, long) == 32, "node: offset of long");
    assert!(size_of::<link>() == 8, "link: size");
    assert!(align_of::<link>() == 8, "link: alignment");
    assert!(size_of::<number>() == 8, "number: size");
    assert!(align_of::<number>() == 8, "number: alignment");
    assert!(offset_of!(number, i) == 0, "number: offset of i");
    assert!(offset_of!(number, f) == 0, "number: offset of f");
    assert!(offset_of!(number, self_) == 0, "number: offset of self");
    assert!(size_of::<bits>() == 4, "bits: size");
    assert!(align_of::<bits>() == 4, "bits: alignment");
    assert!(size_of::<hdr>() == 5, "hdr: size");
    assert!(align_of::<hdr>() == 1, "hdr: alignment");
    assert!(offset_of!(hdr, tag) == 0, "hdr: offset of tag");
    assert!(offset_of!(hdr, len) == 1, "hdr: offset of len");
    assert!(size_of::<al>() == 32, "al: size");
    assert!(align_of::<al>() == 32, "al: alignment");
    assert!(size_of::<id>() == 4, "id: size");
    assert!(align_of::<id>() == 4, "id: alignment");
    assert!(size_of::<visitor>() == 8, "visitor: size");
    assert!(align_of::<visitor>() == 8, "visitor: alignment");
    assert!(size_of::<rec>() == 48, "rec: size");
    assert!(align_of::<rec>() == 16, "rec: alignment");
    assert!(size_of::<any_anon2>() == 8, "any_anon2: size");
    assert!(align_of::<any_anon2>() == 8, "any_anon2: alignment");
    assert!(offset_of!(any_anon2, number) == 0, "any_anon2: offset of number");
    assert!(offset_of!(any_anon2, text) == 0, "any_anon2: offset of text");
    assert!(size_of::<any>() == 16, "any: size");
    assert!(align_of::<any>() == 8, "any: alignment");
    assert!(offset_of!(any, kind) == 0, "any: offset of kind");
    assert!(offset_of!(any, anon2) == 8, "any: offset of anon2");
    assert!(offset_of!(any, tail) == 16, "any: offset of tail");
    assert!(size_of::<empty>() == 0, "empty: size");
    assert!(align_of::<empty>() == 1, "empty: alignment");
    assert!(size_of::<stat_type>() == 16, "stat_type: size");
    assert!(align_of::<stat_type>() == 8, "stat_type: alignment");
    assert!(offset_of!(stat_type, size) == 0, "stat_type: offset of size");
    assert!(offset_of!(stat_type, max_align_t) == 8, "stat_type: offset of max_align_t");
    assert!(size_of::<max_align_t>() == 8, "max_align_t: size");
    assert!(align_of::<max_align_t>() == 8, "max_align_t: alignment");
    assert!(size_of::<speed>() == 4, "speed: size");
    assert!(align_of::<speed>() == 4, "speed: alignment");
    assert!(size_of::<table_anon2>() == 0, "table_anon2: size");
    assert!(align_of::<table_anon2>() == 4, "table_anon2: alignment");
    assert!(offset_of!(table_anon2, none) == 0, "table_anon2: offset of none");
    assert!(offset_of!(table_anon2, rows) == 0, "table_anon2: offset of rows");
    assert!(size_of::<table>() == 4, "table: size");
    assert!(align_of::<table>() == 4, "table: alignment");
    assert!(offset_of!(table, count) == 0, "table: offset of count");
    assert!(offset_of!(table, anon2) == 4, "table: offset of anon2");
    assert!(size_of::<each_f>() == 16, "each_f: size");
    assert!(align_of::<each_f>() == 8, "each_f: alignment");
    assert!(offset_of!(each_f, code) == 0, "each_f: offset of code");
    assert!(offset_of!(each_f, env) == 8, "each_f: offset of env");
    assert!(size_of::<keep_f>() == 24, "keep_f: size");
    assert!(align_of::<keep_f>() == 8, "keep_f: alignment");
    assert!(offset_of!(keep_f, code) == 0, "keep_f: offset of code");
    assert!(offset_of!(keep_f, env) == 8, "keep_f: offset of env");
    assert!(offset_of!(keep_f, drop) == 16, "keep_f: offset of drop");
};

#[cfg(all(target_arch = "x86", target_os = "linux"))]
const _: () = {
    assert!(size_of::<point>() == 16, "point: size");
    assert!(align_of::<point>() == 4, "point: alignment");
    assert!(offset_of!(point, x) == 0, "point: offset of x");
    assert!(offset_of!(point, y) == 8, "point: offset of y");
    assert!(size_of::<color>() == 1, "color: size");
    assert!(align_of::<color>() == 1, "color: alignment");
    assert!(size_of::<mode>() == 4, "mode: size");
    assert!(align_of::<mode>() == 4, "mode: alignment");
    assert!(size_of::<access>() == 4, "access: size");
    assert!(align_of::<access>() == 4, "access: alignment");
    assert!(size_of::<node>() == 28, "node: size");
    assert!(align_of::<node>() == 4, "node: alignment");
    assert!(offset_of!(node, next) == 0, "node: offset of next");
    assert!(offset_of!(node, at) == 4, "node: offset of at");
    assert!(offset_of!(node, kind) == 20, "node: offset of kind");
    assert!(offset_of!(node, type_) == 21, "node: offset of type");
    assert!(offset_of!(node, long) == 24, "node: offset of long");
    assert!(size_of::<link>() == 4, "link: size");
    assert!(align_of::<link>() == 4, "link: alignment");
    assert!(size_of::<number>() == 8, "number: size");
    assert!(align_of::<number>() == 4, "number: alignment");
    assert!(offset_of!(number, i) == 0, "number: offset of i");
    assert!(offset_of!(number, f) == 0, "number: offset of f");
    assert!(offset_of!(number, self_) == 0, "number: offset of self");
    assert!(size_of::<bits>() == 4, "bits: size");
    assert!(align_of::<bits>() == 4, "bits: alignment");
    assert!(size_of::<hdr>() == 5, "hdr: size");
    assert!(align_of::<hdr>() == 1, "hdr: alignment");
    assert!(offset_of!(hdr, tag) == 0, "hdr: offset of tag");
    assert!(offset_of!(hdr, len) == 1, "hdr: offset of len");
    assert!(size_of::<al>() == 32, "al: size");
    assert!(align_of::<al>() == 32, "al: alignment");
    assert!(size_of::<id>() == 4, "id: size");
    assert!(align_of::<id>() == 4, "id: alignment");
    assert!(size_of::<visitor>() == 4, "visitor: size");
    assert!(align_of::<visitor>() == 4, "visitor: alignment");
    assert!(size_of::<rec>() == 32, "rec: size");
    assert!(align_of::<rec>() == 4, "rec: alignment");
    assert!(size_of::<any_anon2>() == 8, "any_anon2: size");
    assert!(align_of::<any_anon2>() == 4, "any_anon2: alignment");
    assert!(offset_of!(any_anon2, number) == 0, "any_anon2: offset of number");
    assert!(offset_of!(any_anon2, text) == 0, "any_anon2: offset of text");
    assert!(size_of::<any>() == 12, "any: size");
    assert!(align_of::<any>() == 4, "any: alignment");
    assert!(offset_of!(any, kind) == 0, "any: offset of kind");
    assert!(offset_of!(any, anon2) == 4, "any: offset of anon2");
    assert!(offset_of!(any, tail) == 12, "any: offset of tail");
    assert!(size_of::<empty>() == 0, "empty: size");
    assert!(align_of::<empty>() == 1, "empty: alignment");
    assert!(size_of::<stat_type>() == 16, "stat_type: size");
    assert!(align_of::<stat_type>() == 4, "stat_type: alignment");
    assert!(offset_of!(stat_type, size) == 0, "stat_type: offset of size");
    assert!(offset_of!(stat_type, max_align_t) == 8, "stat_type: offset of max_align_t");
    assert!(size_of::<max_align_t>() == 8, "max_align_t: size");
    assert!(align_of::<max_align_t>() == 4, "max_align_t: alignment");
    assert!(size_of::<speed>() == 4, "speed: size");
    assert!(align_of::<speed>() == 4, "speed: alignment");
    assert!(size_of::<table_anon2>() == 0, "table_anon2: size");
    assert!(align_of::<table_anon2>() == 4, "table_anon2: alignment");
    assert!(offset_of!(table_anon2, none) == 0, "table_anon2: offset of none");
    assert!(offset_of!(table_anon2, rows) == 0, "table_anon2: offset of rows");
    assert!(size_of::<table>() == 4, "table: size");
    assert!(align_of::<table>() == 4, "table: alignment");
    assert!(offset_of!(table, count) == 0, "table: offset of count");
    assert!(offset_of!(table, anon2) == 4, "table: offset of anon2");
    assert!(size_of::<each_f>() == 8, "each_f: size");
    assert!(align_of::<each_f>() == 4, "each_f: alignment");
    assert!(offset_of!(each_f, code) == 0, "each_f: offset of code");
    assert!(offset_of!(each_f, env) == 4, "each_f: offset of env");
    assert!(size_of::<keep_f>() == 12, "keep_f: size");
    assert!(align_of::<keep_f>() == 4, "keep_f: alignment");
    assert!(offset_of!(keep_f, code) == 0, "keep_f: offset of code");
    assert!(offset_of!(keep_f, env) == 4, "keep_f: offset of env");
    assert!(offset_of!(keep_f, drop) == 8, "keep_f: offset of drop");
};
