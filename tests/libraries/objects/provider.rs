//! The library in Rust, in the terms of the system ABI; `terms.rs` is what `abide bind rust` makes of the interface.
#![allow(clippy::missing_safety_doc, clippy::too_many_arguments)]
mod terms;
mod values;

use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};
use terms::*;
use values::*;

type Run = unsafe extern "C" fn(*mut object, u32, u64, usize, *mut c_void, *mut c_void) -> bool;
type Ready = unsafe extern "C" fn(*mut object, u32, u64, usize, *mut c_void, *mut error, *mut c_void);
type Drop = Option<unsafe extern "C" fn(*mut c_void)>;
static ALIVE: AtomicI32 = AtomicI32::new(0);

#[derive(Clone)]
enum Value {
    Nothing,
    Flag(bool),
    Number(i64),
    Ratio(f64),
    Text(String),
    Strings(Vec<String>),
}

struct Handler {
    signal: String,
    run: Run,
    env: *mut c_void,
    end: Drop,
}

struct Object {
    references: u32,
    name: String, // ends in a NUL
    properties: Vec<(String, Value)>,
    handlers: [Option<Handler>; 4],
}

struct Failure {
    domain: u32,
    code: i32,
    text: &'static str, // ends in a NUL
}

struct Waiting {
    of: *mut object,
    path: String,
    done: Ready,
    env: *mut c_void,
}
thread_local!(static WAITING: RefCell<Option<Waiting>> = const { RefCell::new(None) });

fn count(by: i32) {
    ALIVE.fetch_add(by, SeqCst);
}

#[no_mangle]
extern "C" fn ob_alive() -> i32 {
    ALIVE.load(SeqCst)
}

unsafe fn of<'a>(o: *mut object) -> &'a mut Object {
    &mut *o.cast()
}

/// What is lent.
unsafe fn read(tag: u32, word: u64, len: usize) -> Value {
    match tag {
        0 => Value::Nothing,
        1 => Value::Flag(word as u8 != 0),
        2 => Value::Number(word as i64),
        3 => Value::Ratio(f64::from_bits(word)),
        4 => Value::Text(str_of(word as *const u8, len).to_owned()),
        _ => Value::Strings(items(word as *const sys_string, len).iter().map(|s| str_of(s.ptr, s.len).to_owned()).collect()),
    }
}

/// What is given away.
unsafe fn take(tag: u32, word: u64, len: usize, owner: *mut c_void) -> Value {
    let value = read(tag, word, len);
    if tag == 5 {
        for s in items(word as *const sys_string, len) {
            end(s.ptr, s.len, s.owner);
        }
        end(word as *mut sys_string, len, owner.cast());
    } else if tag == 4 {
        end(word as *mut u8, len, owner.cast());
    }
    value
}

fn give_list(list: &[String]) -> property_payload_strings {
    let (ptr, len, owner) = give(list.iter().map(|s| give_text(s)).collect());
    property_payload_strings { ptr, len, owner }
}

fn write(value: &Value) -> property {
    match value {
        Value::Nothing => property { tag: 0, payload: property_payload { number: -1 } },
        Value::Flag(flag) => property { tag: 1, payload: property_payload { flag: *flag } },
        Value::Number(number) => property { tag: 2, payload: property_payload { number: *number } },
        Value::Ratio(ratio) => property { tag: 3, payload: property_payload { ratio: *ratio } },
        Value::Text(text) => property { tag: 4, payload: property_payload { text: give_text(text) } },
        Value::Strings(list) => property { tag: 5, payload: property_payload { strings: give_list(list) } },
    }
}

fn failure(domain: u32, code: i32, text: &'static str) -> *mut error {
    count(1);
    Box::into_raw(Box::new(Failure { domain, code, text })).cast()
}
#[no_mangle]
unsafe extern "C" fn ob_error_free(e: *mut error) {
    count(-1);
    drop(Box::<Failure>::from_raw(e.cast()));
}
#[no_mangle]
unsafe extern "C" fn ob_error_domain(e: *mut error) -> u32 {
    (*e.cast::<Failure>()).domain
}
#[no_mangle]
unsafe extern "C" fn ob_error_code(e: *mut error) -> i32 {
    (*e.cast::<Failure>()).code
}

fn lend0(text: &str) -> sys_str {
    sys_str { ptr: text.as_ptr(), len: text.len() - 1 }
}
#[no_mangle]
unsafe extern "C" fn ob_error_text(e: *mut error) -> sys_str {
    lend0((*e.cast::<Failure>()).text)
}

#[no_mangle]
unsafe extern "C" fn ob_new(name: *const u8, len: usize) -> *mut object {
    count(1);
    let name = str_of(name, len).to_owned() + "\0";
    let o = Object { references: 1, name, properties: Vec::new(), handlers: [const { None }; 4] };
    Box::into_raw(Box::new(o)).cast()
}
#[no_mangle]
unsafe extern "C" fn ob_ref(o: *mut object) -> *mut object {
    of(o).references += 1;
    o
}
#[no_mangle]
unsafe extern "C" fn ob_unref(o: *mut object) {
    of(o).references -= 1;
    if of(o).references > 0 {
        return;
    }
    (1..=4).for_each(|id| drop(ob_disconnect(o, id)));
    count(-1);
    drop(Box::<Object>::from_raw(o.cast()));
}
#[no_mangle]
extern "C" fn ob_same(a: *mut object, b: *mut object) -> bool {
    a == b
}
#[no_mangle]
unsafe extern "C" fn ob_name(o: *mut object) -> sys_str {
    lend0(&of(o).name)
}

unsafe fn keep(o: *mut object, name: &str, value: Value) -> *mut error {
    if name.is_empty() {
        return failure(domain_parse, -2, "no näme\0");
    }
    let all = &mut of(o).properties;
    match all.iter_mut().find(|(n, _)| n == name) {
        Some((_, old)) => *old = value,
        None => all.push((name.to_owned(), value)),
    }
    null_mut()
}

#[no_mangle]
unsafe extern "C" fn ob_set(
    o: *mut object, name: *const u8, name_len: usize, tag: u32, word: u64, len: usize, _owner: *mut c_void, failed: *mut *mut error,
) -> bool {
    *failed = keep(o, str_of(name, name_len), read(tag, word, len));
    (*failed).is_null()
}

#[no_mangle]
unsafe extern "C" fn ob_get(o: *mut object, name: *const u8, len: usize, out: *mut property) -> u32 {
    let found = of(o).properties.iter().find(|(n, _)| n == str_of(name, len));
    out.write(write(found.map_or(&Value::Nothing, |(_, value)| value)));
    (*out).tag.into()
}

#[no_mangle]
unsafe extern "C" fn ob_put(
    o: *mut object, name: *const u8, name_len: usize, tag: u32, word: u64, len: usize, owner: *mut c_void,
) -> put_result {
    let failed = keep(o, str_of(name, name_len), take(tag, word, len, owner));
    if failed.is_null() {
        return put_result { tag: 0, value: o.cast() };
    }
    ob_unref(o);
    put_result { tag: 1, value: failed.cast() }
}

#[no_mangle]
unsafe extern "C" fn ob_connect(o: *mut object, signal: *const u8, len: usize, run: Run, env: *mut c_void, end: Drop) -> u64 {
    let Some(place) = of(o).handlers.iter().position(Option::is_none) else {
        end.unwrap()(env);
        return 0;
    };
    of(o).handlers[place] = Some(Handler { signal: str_of(signal, len).to_owned(), run, env, end });
    count(1);
    place as u64 + 1
}

#[no_mangle]
unsafe extern "C" fn ob_disconnect(o: *mut object, id: u64) -> bool {
    match of(o).handlers.get_mut((id as usize).wrapping_sub(1)).and_then(Option::take) {
        Some(handler) => {
            handler.end.unwrap()(handler.env);
            count(-1);
            true
        }
        None => false,
    }
}

#[no_mangle]
unsafe extern "C" fn ob_emit(
    o: *mut object, signal: *const u8, signal_len: usize, tag: u32, word: u64, len: usize, owner: *mut c_void,
) -> u32 {
    let signal = str_of(signal, signal_len);
    let called = of(o).handlers.iter().flatten().filter(|h| h.signal == signal);
    called.map(|h| u32::from((h.run)(o, tag, word, len, owner, h.env))).sum()
}

fn give_bytes(bytes: &[u8]) -> own_slice_u8 {
    let (ptr, len, owner) = give(bytes.to_vec());
    own_slice_u8 { ptr, len, owner }
}

#[no_mangle]
unsafe extern "C" fn ob_load(_: *mut object, path: *const u8, len: usize, content: *mut own_slice_u8, failed: *mut *mut error) -> bool {
    let is_there = str_of(path, len).starts_with('/');
    content.write(give_bytes(if is_there { items(path, len) } else { &[] }));
    *failed = if is_there { null_mut() } else { failure(domain_io, 2, "not there\0") };
    is_there
}

#[no_mangle]
unsafe extern "C" fn ob_query(_: *mut object, path: *const u8, len: usize, out: *mut result_info_own_error) -> u32 {
    let Some(name) = str_of(path, len).strip_prefix('/') else {
        let err = failure(domain_io, 2, "not there\0");
        out.write(result_info_own_error { tag: 1, payload: result_info_own_error_payload { err } });
        return 1;
    };
    let none = sys_string { ptr: null_mut(), len: 9, owner: null_mut() };
    let etag = if name.starts_with('e') { give_text("tag") } else { none };
    let ok = info { name: give_text(name), size: len as u64, etag };
    out.write(result_info_own_error { tag: 0, payload: result_info_own_error_payload { ok } });
    0
}

#[no_mangle]
unsafe extern "C" fn ob_names(o: *mut object, out: *mut property_payload_strings) {
    let names: Vec<String> = of(o).properties.iter().map(|(name, _)| name.clone()).collect();
    out.write(give_list(&names));
}

#[no_mangle]
unsafe extern "C" fn ob_load_later(o: *mut object, path: *const u8, len: usize, done: Ready, env: *mut c_void, end: Drop) {
    if WAITING.with(|w| w.borrow().is_some()) {
        return end.unwrap()(env);
    }
    count(1);
    let waiting = Waiting { of: ob_ref(o), path: str_of(path, len).to_owned(), done, env };
    WAITING.with(|w| *w.borrow_mut() = Some(waiting));
}

#[no_mangle]
unsafe extern "C" fn ob_iterate() -> bool {
    let Some(w) = WAITING.with(|w| w.borrow_mut().take()) else { return false };
    count(-1);
    if w.path.starts_with('/') {
        (w.done)(w.of, 4, w.path.as_ptr() as u64, w.path.len(), null_mut(), null_mut(), w.env);
    } else {
        (w.done)(w.of, 0, 0, 0, null_mut(), failure(domain_io, 2, "not there\0"), w.env);
    }
    ob_unref(w.of);
    true
}
