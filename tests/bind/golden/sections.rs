//! words in Rust. Made by abide bind rust: change the interface file instead.
#![allow(clashing_extern_declarations, dead_code, improper_ctypes,
    non_camel_case_types, non_snake_case, non_upper_case_globals,
    unexpected_cfgs, unused_imports)]

use ::core::mem::{align_of, offset_of, size_of};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct item_payload_a {
    pub x: u32,
    pub y: f32,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct sys_str {
    pub ptr: *const u8,
    pub len: usize,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub union item_payload {
    pub a: item_payload_a,
    pub b: sys_str,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct item {
    pub tag: u8,
    pub payload: item_payload,
}

#[cfg(any(
    all(target_arch = "x86", target_os = "linux"),
    all(target_arch = "arm", target_os = "linux", target_abi = "eabihf", target_endian = "little")
))]
mod abide_section {
    use super::*;

    unsafe extern "C" {
        /// tell(it item, k u32) -> u32
        #[link_name = "words_tell"]
        pub fn tell(it_tag: u32, it_0: u32, it_1: u32, k: u32) -> u32;
    }
}

#[cfg(any(
    all(target_arch = "x86_64", target_os = "linux", target_pointer_width = "64"),
    all(target_arch = "aarch64", target_os = "linux", target_endian = "little", target_pointer_width = "64"),
    all(target_arch = "s390x", target_os = "linux"),
    all(target_arch = "powerpc64", target_endian = "little", target_os = "linux")
))]
mod abide_section {
    use super::*;

    unsafe extern "C" {
        /// tell(it item, k u32) -> u32
        #[link_name = "words_tell"]
        pub fn tell(it_tag: u32, it_0: u64, it_1: u64, k: u32) -> u32;
    }
}

#[cfg(not(any(
    all(target_arch = "x86", target_os = "linux"),
    all(target_arch = "arm", target_os = "linux", target_abi = "eabihf", target_endian = "little"),
    all(target_arch = "x86_64", target_os = "linux", target_pointer_width = "64"),
    all(target_arch = "aarch64", target_os = "linux", target_endian = "little", target_pointer_width = "64"),
    all(target_arch = "s390x", target_os = "linux"),
    all(target_arch = "powerpc64", target_endian = "little", target_os = "linux")
)))]
mod abide_section {
    compile_error!("this binding is not for this target");
}

pub use abide_section::*;

#[cfg(any(
    all(target_arch = "x86", target_os = "linux"),
    all(target_arch = "arm", target_os = "linux", target_abi = "eabihf", target_endian = "little")
))]
const _: () = {
    assert!(size_of::<item_payload_a>() == 8, "item_payload_a: size");
    assert!(align_of::<item_payload_a>() == 4, "item_payload_a: alignment");
    assert!(offset_of!(item_payload_a, x) == 0, "item_payload_a: offset of x");
    assert!(offset_of!(item_payload_a, y) == 4, "item_payload_a: offset of y");
    assert!(size_of::<sys_str>() == 8, "sys_str: size");
    assert!(align_of::<sys_str>() == 4, "sys_str: alignment");
    assert!(offset_of!(sys_str, ptr) == 0, "sys_str: offset of ptr");
    assert!(offset_of!(sys_str, len) == 4, "sys_str: offset of len");
    assert!(size_of::<item_payload>() == 8, "item_payload: size");
    assert!(align_of::<item_payload>() == 4, "item_payload: alignment");
    assert!(offset_of!(item_payload, a) == 0, "item_payload: offset of a");
    assert!(offset_of!(item_payload, b) == 0, "item_payload: offset of b");
    assert!(size_of::<item>() == 12, "item: size");
    assert!(align_of::<item>() == 4, "item: alignment");
    assert!(offset_of!(item, tag) == 0, "item: offset of tag");
    assert!(offset_of!(item, payload) == 4, "item: offset of payload");
};

#[cfg(any(
    all(target_arch = "x86_64", target_os = "linux", target_pointer_width = "64"),
    all(target_arch = "aarch64", target_os = "linux", target_endian = "little", target_pointer_width = "64"),
    all(target_arch = "s390x", target_os = "linux"),
    all(target_arch = "powerpc64", target_endian = "little", target_os = "linux")
))]
const _: () = {
    assert!(size_of::<item_payload_a>() == 8, "item_payload_a: size");
    assert!(align_of::<item_payload_a>() == 4, "item_payload_a: alignment");
    assert!(offset_of!(item_payload_a, x) == 0, "item_payload_a: offset of x");
    assert!(offset_of!(item_payload_a, y) == 4, "item_payload_a: offset of y");
    assert!(size_of::<sys_str>() == 16, "sys_str: size");
    assert!(align_of::<sys_str>() == 8, "sys_str: alignment");
    assert!(offset_of!(sys_str, ptr) == 0, "sys_str: offset of ptr");
    assert!(offset_of!(sys_str, len) == 8, "sys_str: offset of len");
    assert!(size_of::<item_payload>() == 16, "item_payload: size");
    assert!(align_of::<item_payload>() == 8, "item_payload: alignment");
    assert!(offset_of!(item_payload, a) == 0, "item_payload: offset of a");
    assert!(offset_of!(item_payload, b) == 0, "item_payload: offset of b");
    assert!(size_of::<item>() == 24, "item: size");
    assert!(align_of::<item>() == 8, "item: alignment");
    assert!(offset_of!(item, tag) == 0, "item: offset of tag");
    assert!(offset_of!(item, payload) == 8, "item: offset of payload");
};
