//! Values of the system ABI as Rust has them: what is given away comes from a Vec, and goes back to it.
use crate::terms::*;
use std::ffi::c_void;

#[repr(C)]
struct Owner<T> {
    release: unsafe extern "C" fn(*mut Owner<T>, *mut c_void, usize),
    memory: Vec<T>,
}

unsafe extern "C" fn release<T>(owner: *mut Owner<T>, _ptr: *mut c_void, _bytes: usize) {
    drop(Box::from_raw(owner));
}

/// Its pointer, its length and its owner.
pub fn give<T>(memory: Vec<T>) -> (*mut T, usize, *mut sys_owner) {
    let mut owner = Box::new(Owner { release: release::<T>, memory });
    let (ptr, len) = (owner.memory.as_mut_ptr(), owner.memory.len());
    (ptr, len, Box::into_raw(owner).cast())
}

pub fn give_text(text: &str) -> sys_string {
    let (ptr, len, owner) = give(text.as_bytes().to_vec());
    sys_string { ptr, len, owner }
}

pub unsafe fn items<'a, T>(ptr: *const T, len: usize) -> &'a [T] {
    if len == 0 { &[] } else { std::slice::from_raw_parts(ptr, len) }
}

pub unsafe fn str_of<'a>(ptr: *const u8, len: usize) -> &'a str {
    std::str::from_utf8(items(ptr, len)).unwrap()
}

/// Lets go of memory that was given away.
pub unsafe fn end<T>(ptr: *mut T, len: usize, owner: *mut sys_owner) {
    let owner = owner.cast::<Owner<T>>();
    if !owner.is_null() {
        ((*owner).release)(owner, ptr.cast(), len * size_of::<T>());
    }
}

pub unsafe fn take_text(s: sys_string) -> String {
    let copy = str_of(s.ptr, s.len).to_owned();
    end(s.ptr, s.len, s.owner);
    copy
}
