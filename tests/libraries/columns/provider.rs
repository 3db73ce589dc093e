//! The library in Rust, in the terms of the system ABI; `terms.rs` is what `abide bind rust` makes of the interface.
#![allow(clippy::missing_safety_doc)]
mod terms;
mod values;

use std::ffi::{c_char, c_int, c_void, CStr, CString};
use std::mem::zeroed;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use terms::*;
use values::{give_text, items};

static ALIVE: AtomicI64 = AtomicI64::new(0);

#[no_mangle]
extern "C" fn columns_alive() -> i64 {
    ALIVE.load(SeqCst)
}

/// What `private_data` leads to, which is counted.
fn made<T>(it: T) -> *mut c_void {
    ALIVE.fetch_add(1, SeqCst);
    Box::into_raw(Box::new(it)).cast()
}
unsafe fn ended<T>(it: *mut c_void) {
    ALIVE.fetch_sub(1, SeqCst);
    drop(Box::<T>::from_raw(it.cast()));
}

struct Column {
    buffers: [*const c_void; 2],
    values: Vec<i64>,
}

unsafe extern "C" fn release_array(a: *mut arrow_array) {
    ended::<Column>((*a).private_data);
    (*a).release = None;
}

unsafe fn make_array(first: i64, count: i64) -> arrow_array {
    let values: Vec<i64> = (first..first + count).map(|n| n * n).collect();
    let data = made(Column { buffers: [null(); 2], values }).cast::<Column>();
    (*data).buffers[1] = (*data).values.as_ptr().cast();
    arrow_array {
        length: count,
        n_buffers: 2,
        buffers: (&raw const (*data).buffers).cast(),
        release: Some(release_array),
        private_data: data.cast(),
        ..zeroed()
    }
}

unsafe extern "C" fn release_schema(s: *mut arrow_schema) {
    ended::<CString>((*s).private_data);
    (*s).release = None;
}

unsafe fn make_schema(name: &str) -> arrow_schema {
    let data = made(CString::new(name).unwrap());
    arrow_schema {
        format: c"l".as_ptr(),
        name: (*data.cast::<CString>()).as_ptr(),
        flags: schema_flags_nullable,
        release: Some(release_schema),
        private_data: data,
        ..zeroed()
    }
}

#[no_mangle]
unsafe extern "C" fn columns_squares(count: i64, into: *mut arrow_array, schema: *mut arrow_schema) -> c_int {
    into.write(zeroed());
    schema.write(zeroed());
    if count < 0 {
        return 22;
    }
    into.write(make_array(0, count));
    schema.write(make_schema("squäres"));
    0
}

struct Source {
    left: i64,
    next: i64,
}

unsafe extern "C" fn get_schema(_: *mut arrow_array_stream, into: *mut arrow_schema) -> c_int {
    into.write(make_schema("batch"));
    0
}

unsafe extern "C" fn get_next(s: *mut arrow_array_stream, into: *mut arrow_array) -> c_int {
    let source = &mut *(*s).private_data.cast::<Source>();
    into.write(zeroed());
    if source.left < 0 {
        return 5;
    }
    if source.left > 0 {
        into.write(make_array(source.next, 2));
        source.next += 1;
    }
    source.left -= 1;
    0
}

unsafe extern "C" fn get_last_error(s: *mut arrow_array_stream) -> *const c_char {
    if (*(*s).private_data.cast::<Source>()).left < 0 { c"nothing left".as_ptr() } else { null() }
}

unsafe extern "C" fn release_stream(s: *mut arrow_array_stream) {
    ended::<Source>((*s).private_data);
    (*s).release = None;
}

#[no_mangle]
unsafe extern "C" fn columns_stream(batches: i64, into: *mut arrow_array_stream) {
    into.write(arrow_array_stream {
        get_schema: Some(get_schema),
        get_next: Some(get_next),
        get_last_error: Some(get_last_error),
        release: Some(release_stream),
        private_data: made(Source { left: batches, next: 1 }),
    });
}

#[no_mangle]
unsafe extern "C" fn columns_sum(column: *mut arrow_array) -> i64 {
    let values = (*(*column).buffers.add(1)).cast::<i64>().offset((*column).offset as isize);
    let sum = items(values, (*column).length as usize).iter().sum();
    (*column).release.unwrap()(column);
    sum
}

#[no_mangle]
unsafe extern "C" fn columns_drain(s: *mut arrow_array_stream, batches: *mut i64) -> drain_result {
    let (mut total, mut array, mut status) = (0, zeroed::<arrow_array>(), 0);
    *batches = 0;
    while status == 0 {
        status = (*s).get_next.unwrap()(s, &mut array);
        if status != 0 || array.release.is_none() {
            break;
        }
        total += columns_sum(&mut array);
        *batches += 1;
    }
    (*s).release.unwrap()(s);
    let tag = (status != 0).into();
    drain_result { tag, value: if status != 0 { status as u64 } else { total as u64 } }
}

#[no_mangle]
unsafe extern "C" fn columns_describe(s: *const arrow_schema, out: *mut sys_string) {
    let name = if (*s).name.is_null() { "?" } else { CStr::from_ptr((*s).name).to_str().unwrap() };
    let format = CStr::from_ptr((*s).format).to_str().unwrap();
    let rest = if (*s).flags & schema_flags_nullable != 0 { ", may be null" } else { "" };
    out.write(give_text(&format!("{name}: {format}{rest}")));
}

struct Tensor {
    shape: Vec<i64>,
    values: Vec<f32>,
    it: managed_tensor_versioned,
}

unsafe extern "C" fn delete_tensor(t: *mut managed_tensor_versioned) {
    ended::<Tensor>((*t).manager_ctx);
}

type Fill = unsafe extern "C" fn(*const i64, usize, *mut c_void) -> f32;

#[no_mangle]
unsafe extern "C" fn columns_new_tensor(shape: *const i64, len: usize, fill: Fill, env: *mut c_void) -> *mut managed_tensor_versioned {
    let shape = items(shape, len).to_vec();
    let &[rows, columns] = shape.as_slice() else { return null_mut() };
    let mut values = vec![0.0];
    values.extend((0..rows * columns).map(|i| fill([i / columns, i % columns].as_ptr(), 2, env)));
    let data = made(Tensor { shape, values, it: zeroed() }).cast::<Tensor>();
    (*data).it = managed_tensor_versioned {
        version: version { major: 1, minor: 0 },
        manager_ctx: data.cast(),
        deleter: Some(delete_tensor),
        flags: tensor_flags_is_copied,
        dl_tensor: tensor {
            data: (*data).values.as_mut_ptr().cast(),
            device: device { device_type: device_type_cpu, device_id: 3 },
            ndim: 2,
            dtype: data_type { code: type_code_float, bits: 32, lanes: 1 },
            shape: (*data).shape.as_mut_ptr(),
            strides: null_mut(),
            byte_offset: 4,
        },
    };
    &mut (*data).it
}

unsafe fn values_of<'a>(t: *const tensor) -> (&'a [f32], &'a [i64]) {
    let shape = items((*t).shape, 2);
    (items((*t).data.cast::<u8>().add((*t).byte_offset as usize).cast(), (shape[0] * shape[1]) as usize), shape)
}

#[no_mangle]
unsafe extern "C" fn columns_trace(t: *mut managed_tensor_versioned) -> f64 {
    let (values, shape) = values_of(&(*t).dl_tensor);
    let trace = (0..shape[0]).map(|i| f64::from(values[(i * shape[1] + i) as usize])).sum();
    if let Some(delete) = (*t).deleter {
        delete(t);
    }
    trace
}

#[no_mangle]
unsafe extern "C" fn columns_device_of(t: *const tensor) -> device {
    std::ptr::read(&(*t).device)
}

#[no_mangle]
unsafe extern "C" fn columns_kind(code: type_code, bits: u8, lanes: u16, out: *mut sys_string) {
    let letter = match code {
        type_code_float => "f",
        200 => "?",
        _ => "i",
    };
    out.write(give_text(&format!("{letter}{bits}x{lanes}")));
}

#[no_mangle]
unsafe extern "C" fn columns_view(t: *const tensor) -> view_result {
    if (*t).data.is_null() || (*t).dtype.code != type_code_float {
        return view_result { ptr: null(), len: 0 };
    }
    let (values, _) = values_of(t);
    view_result { ptr: values.as_ptr(), len: values.len() }
}

#[no_mangle]
unsafe extern "C" fn columns_import(arrays: *mut arrow_array, len: usize) -> i64 {
    let mut sum = 0;
    for i in 0..len {
        let mut moved = std::ptr::read(arrays.add(i));
        sum += if moved.release.is_some() { columns_sum(&mut moved) } else { 0 };
    }
    sum
}
