//! The library in Rust, in the terms of the system ABI; `terms.rs` is what `abide bind rust` makes of the interface.
#![allow(clippy::missing_safety_doc)]
mod terms;
mod values;

use std::ffi::c_void;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use terms::*;
use values::*;

type Code = unsafe extern "C" fn(*const value, usize, *mut gift, *mut c_void) -> u32;
type Drop = Option<unsafe extern "C" fn(*mut c_void)>;
static ALIVE: AtomicU32 = AtomicU32::new(0);

struct Function {
    name: String,
    code: Code,
    env: *mut c_void,
    end: Drop,
}

struct Database {
    message: &'static str, // ends in a NUL
    functions: Vec<Function>,
}

/// A value that somebody has bound, or that a row has: what `value` points into lies beside it.
struct Cell {
    value: value,
    _text: Box<[u8]>,
}

struct Statement {
    of: *mut Database,
    rows: Vec<String>, // the next one last
    bound: Vec<Cell>,
    cells: Vec<Cell>,
    done: Vec<(usize, unsafe extern "C" fn(usize, *mut c_void), *mut c_void)>,
}

fn made<T>(it: T) -> u64 {
    ALIVE.fetch_add(1, SeqCst);
    Box::into_raw(Box::new(it)) as u64
}
unsafe fn ended<T>(it: *mut c_void) -> Box<T> {
    ALIVE.fetch_sub(1, SeqCst);
    Box::from_raw(it.cast())
}

#[no_mangle]
extern "C" fn db_alive() -> u32 {
    ALIVE.load(SeqCst)
}

#[no_mangle]
unsafe extern "C" fn db_open(path: *const u8, len: usize, how: u32) -> open_result {
    if how & (mode_memory | mode_create) == 0 || str_of(path, len) != ":memory:" {
        return open_result { tag: 1, value: fault_misuse as u64 };
    }
    open_result { tag: 0, value: made(Database { message: "\0", functions: Vec::new() }) }
}

#[no_mangle]
unsafe extern "C" fn db_close(d: *mut database) {
    for f in ended::<Database>(d.cast()).functions {
        f.end.unwrap()(f.env);
    }
}

#[no_mangle]
unsafe extern "C" fn db_prepare(d: *mut database, sql: *const u8, len: usize) -> prepare_result {
    let of: *mut Database = d.cast();
    if len == 0 {
        (*of).message = "nöthing to do\0";
        return prepare_result { tag: 1, value: fault_failed as u64 };
    }
    let rows = str_of(sql, len).split(';').rev().map(str::to_owned).collect();
    let s = Statement { of, rows, bound: Vec::new(), cells: Vec::new(), done: Vec::new() };
    prepare_result { tag: 0, value: made(s) }
}

#[no_mangle]
unsafe extern "C" fn db_finalize(s: *mut statement) {
    for (bytes, code, env) in ended::<Statement>(s.cast()).done {
        code(bytes, env);
    }
}

fn number(integer: i64) -> Cell {
    Cell { value: value { tag: 1, payload: value_payload { integer } }, _text: Box::default() }
}
fn nothing() -> Cell {
    Cell { value: value { tag: 0, ..number(0).value }, _text: Box::default() }
}
fn text_cell(of: &[u8]) -> Cell {
    let kept: Box<[u8]> = [of, b"\0"].concat().into();
    let value = value { tag: 3, payload: value_payload { text: sys_str { ptr: kept.as_ptr(), len: of.len() } } };
    Cell { value, _text: kept }
}
fn blob_cell(ptr: *const u8, len: usize, kept: Box<[u8]>) -> Cell {
    let blob = value_payload_blob { ptr, len };
    Cell { value: value { tag: 4, payload: value_payload { blob } }, _text: kept }
}

unsafe fn put(s: *mut statement, at: u32, cell: Cell) -> bind_result {
    let bound = &mut (*s.cast::<Statement>()).bound;
    if at == 0 || at > 8 {
        return bind_result { tag: 1, value: fault_range };
    }
    while bound.len() < at as usize {
        bound.push(nothing());
    }
    bound[at as usize - 1] = cell;
    bind_result { tag: 0, value: 0 }
}

#[no_mangle]
unsafe extern "C" fn db_bind(s: *mut statement, at: u32, tag: u32, word: u64, len: usize) -> bind_result {
    let cell = match tag {
        0 => nothing(),
        1 => number(word as i64),
        2 => Cell { value: value { tag: 2, payload: value_payload { real: f64::from_bits(word) } }, _text: Box::default() },
        3 => text_cell(items(word as *const u8, len)),
        _ => {
            let kept: Box<[u8]> = items(word as *const u8, len).into();
            blob_cell(kept.as_ptr(), len, kept)
        }
    };
    put(s, at, cell)
}

#[no_mangle]
unsafe extern "C" fn db_bind_static(
    s: *mut statement, at: u32, data: *const u8, len: usize,
    done: unsafe extern "C" fn(usize, *mut c_void), env: *mut c_void, end: Drop,
) -> bind_result {
    let all = put(s, at, blob_cell(data, len, Box::default()));
    if all.tag == 0 {
        (*s.cast::<Statement>()).done.push((len, done, env));
    } else {
        end.unwrap()(env);
    }
    all
}

unsafe fn call(s: &Statement, name: &str) -> Cell {
    let list: Vec<value> = s.bound.iter().map(|c| c.value).collect();
    let Some(f) = (*s.of).functions.iter().find(|f| f.name == name) else { return nothing() };
    let mut out = std::mem::zeroed::<gift>();
    match (f.code)(list.as_ptr(), list.len(), &mut out, f.env) {
        0 => nothing(),
        1 => number(out.payload.integer),
        _ => text_cell(take_text(out.payload.text).as_bytes()),
    }
}

unsafe fn cell_of(s: &Statement, of: &str) -> Cell {
    if let Some(name) = of.strip_suffix("()") {
        return call(s, name);
    }
    if let Some(at) = of.strip_prefix('?') {
        return Cell { value: s.bound[at.parse::<usize>().unwrap() - 1].value, _text: Box::default() };
    }
    match of.parse::<i64>() {
        Ok(n) => number(n),
        _ if of == "null" => nothing(),
        _ if of.starts_with('\'') => text_cell(of.trim_matches('\'').as_bytes()),
        _ => Cell { value: value { tag: 2, payload: value_payload { real: of.parse().unwrap() } }, _text: Box::default() },
    }
}

unsafe fn next_row(s: &mut Statement) -> bool {
    s.cells.clear();
    let row = s.rows.pop();
    s.cells = row.iter().flat_map(|r| r.split(',')).map(|of| cell_of(s, of)).collect();
    row.is_some()
}

#[no_mangle]
unsafe extern "C" fn db_advance(s: *mut statement) -> advance_result {
    let row = next_row(&mut *s.cast::<Statement>());
    advance_result { tag: 0, value: if row { step_row } else { step_done } as u32 }
}

unsafe fn at(s: *mut statement, column: u32) -> Option<value> {
    (&(*s.cast::<Statement>()).cells).get(column as usize).map(|c| c.value)
}

#[no_mangle]
unsafe extern "C" fn db_cell(s: *mut statement, column: u32, out: *mut option_value) -> u32 {
    (*out).tag = 0;
    if let Some(some) = at(s, column) {
        *out = option_value { tag: 1, payload: option_value_payload { some } };
    }
    (*out).tag.into()
}

#[no_mangle]
unsafe extern "C" fn db_text(s: *mut statement, column: u32) -> sys_str {
    match at(s, column) {
        Some(v) if v.tag == 3 => v.payload.text,
        _ => sys_str { ptr: std::ptr::null(), len: 77 },
    }
}

#[no_mangle]
unsafe extern "C" fn db_blob(s: *mut statement, column: u32) -> value_payload_blob {
    match at(s, column) {
        Some(v) if v.tag == 4 => v.payload.blob,
        _ => value_payload_blob { ptr: 1 as *const u8, len: 0 },
    }
}

#[no_mangle]
unsafe extern "C" fn db_message(d: *mut database) -> sys_str {
    let message = (*d.cast::<Database>()).message;
    sys_str { ptr: message.as_ptr(), len: message.len() - 1 }
}

#[no_mangle]
unsafe extern "C" fn db_define(
    d: *mut database, name: *const u8, len: usize, code: Code, env: *mut c_void, end: Drop,
) -> bind_result {
    let functions = &mut (*d.cast::<Database>()).functions;
    if functions.len() == 2 {
        end.unwrap()(env);
        return bind_result { tag: 1, value: fault_busy };
    }
    functions.push(Function { name: str_of(name, len).to_owned(), code, env, end });
    bind_result { tag: 0, value: 0 }
}

#[no_mangle]
unsafe extern "C" fn db_each(
    d: *mut database, sql: *const u8, len: usize,
    row: unsafe extern "C" fn(*const value, usize, *const sys_str, usize, *mut c_void) -> bool, env: *mut c_void,
) -> each_result {
    let made = db_prepare(d, sql, len);
    if made.tag != 0 {
        return each_result { tag: 1, value: made.value };
    }
    let s = made.value as *mut statement;
    let names = ["first", "zwöl", ""].map(|n| sys_str { ptr: n.as_ptr(), len: n.len() });
    let mut count = 0;
    while next_row(&mut *s.cast::<Statement>()) {
        let cells: Vec<value> = (*s.cast::<Statement>()).cells.iter().map(|c| c.value).collect();
        count += 1;
        if !row(cells.as_ptr(), cells.len(), names.as_ptr(), cells.len().min(3), env) {
            break;
        }
    }
    db_finalize(s);
    each_result { tag: 0, value: count }
}

#[no_mangle]
unsafe extern "C" fn db_names(d: *mut database, out: *mut own_slice_own_string) {
    let (ptr, len, owner) = give((*d.cast::<Database>()).functions.iter().map(|f| give_text(&f.name)).collect());
    *out = own_slice_own_string { ptr, len, owner };
}
