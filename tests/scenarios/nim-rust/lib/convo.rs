//! A small conversations library with a plain C interface.
//!
//! Everything is returned and taken *by value* in `#[repr(C)]` structs, the way
//! a generated C binding of a Rust crate does it. The shapes (16-byte slice,
//! 24-byte string / vector, 32-, 56- and 64-byte results) are those of the
//! real-world interface whose Nim binding crashed. Plain rustc 1.63 is enough.
//!
//! Build:  rustc --edition 2021 -O -C panic=abort --crate-type cdylib -o libconvo.so convo.rs
#![allow(clippy::missing_safety_doc)]

use std::collections::HashMap;
use std::ffi::c_void;
use std::mem::{align_of, size_of};
use std::sync::Mutex;

pub const OK: i32 = 0;
pub const BAD_PTR: i32 = -1;
pub const BAD_CONVO_ID: i32 = -2;
pub const BAD_INTRO: i32 = -3;

/// Borrowed bytes, 16 bytes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ByteSlice {
    ptr: *const u8,
    len: usize,
}

/// Owned bytes, 24 bytes.
#[repr(C)]
pub struct ByteVec {
    ptr: *mut u8,
    len: usize,
    cap: usize,
}

/// Owned or (cap == 0) borrowed text, 24 bytes.
#[repr(C)]
pub struct ReprString {
    ptr: *mut u8,
    len: usize,
    cap: usize,
}

/// 48 bytes.
#[repr(C)]
pub struct Payload {
    address: ReprString,
    data: ByteVec,
}

/// 24 bytes.
#[repr(C)]
pub struct PayloadVec {
    ptr: *mut Payload,
    len: usize,
    cap: usize,
}

/// 32 bytes.
#[repr(C)]
pub struct IntroResult {
    error_code: i32,
    intro_bytes: ByteVec,
}

/// 56 bytes.
#[repr(C)]
pub struct ConvoResult {
    error_code: i32,
    convo_id: ReprString,
    payloads: PayloadVec,
}

/// 32 bytes.
#[repr(C)]
pub struct SendResult {
    error_code: i32,
    payloads: PayloadVec,
}

/// 64 bytes.
#[repr(C)]
pub struct HandleResult {
    error_code: i32,
    convo_id: ReprString,
    content: ByteVec,
    is_new_convo: bool,
}

/// 64 bytes of plain data: the large by-value *parameter* without any pointer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Envelope {
    id: u64,
    kind: u32,
    urgent: bool,
    score: f64,
    tag: [u8; 40],
}

/// 24 bytes, three doubles: exactly at Nim's limit (AAPCS64: an HFA).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Vec3 {
    x: f64,
    y: f64,
    z: f64,
}

/// 32 bytes, four doubles: over Nim's limit, yet in registers on AAPCS64 (an HFA).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Quat {
    w: f64,
    x: f64,
    y: f64,
    z: f64,
}

/// 40 bytes, taken by pointer and returned by value.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Row {
    cell: [i64; 5],
}

const _: () = {
    assert!(size_of::<ByteSlice>() == 16);
    assert!(size_of::<ByteVec>() == 24);
    assert!(size_of::<ReprString>() == 24);
    assert!(size_of::<Payload>() == 48);
    assert!(size_of::<PayloadVec>() == 24);
    assert!(size_of::<IntroResult>() == 32);
    assert!(size_of::<ConvoResult>() == 56);
    assert!(size_of::<SendResult>() == 32);
    assert!(size_of::<HandleResult>() == 64);
    assert!(size_of::<Envelope>() == 64);
    assert!(size_of::<Vec3>() == 24 && align_of::<Vec3>() == 8);
    assert!(size_of::<Row>() == 40);
};

pub struct Context {
    magic: u64,
    name: String,
    serial: u32,
    convos: Vec<String>,
}

const MAGIC: u64 = 0x636f_6e76_6f21_0001;

// ---- ownership ledger: every buffer handed out is known by address ----------

static LEDGER: Mutex<Option<HashMap<usize, usize>>> = Mutex::new(None);

fn ledger<R>(f: impl FnOnce(&mut HashMap<usize, usize>) -> R) -> R {
    let mut g = LEDGER.lock().unwrap();
    f(g.get_or_insert_with(HashMap::new))
}

fn die(what: &str) -> ! {
    eprintln!("convo: {what}");
    std::process::abort()
}

fn give<T>(v: Vec<T>) -> (*mut T, usize, usize) {
    let mut v = std::mem::ManuallyDrop::new(v);
    if v.capacity() == 0 {
        return (std::ptr::null_mut(), 0, 0);
    }
    let p = v.as_mut_ptr();
    ledger(|l| l.insert(p as usize, v.capacity()));
    (p, v.len(), v.capacity())
}

unsafe fn take<T>(p: *mut T, len: usize, cap: usize, who: &str) -> Vec<T> {
    if p.is_null() && len == 0 && cap == 0 {
        return Vec::new();
    }
    match ledger(|l| l.remove(&(p as usize))) {
        Some(c) if c == cap && len <= cap => Vec::from_raw_parts(p, len, cap),
        _ => die(&format!("{who}: freeing a buffer this library never handed out")),
    }
}

fn bytes(v: Vec<u8>) -> ByteVec {
    let (ptr, len, cap) = give(v);
    ByteVec { ptr, len, cap }
}

fn text(s: &str) -> ReprString {
    let (ptr, len, cap) = give(s.as_bytes().to_vec());
    ReprString { ptr, len, cap }
}

fn payloads(v: Vec<(String, Vec<u8>)>) -> PayloadVec {
    let v: Vec<Payload> =
        v.into_iter().map(|(a, d)| Payload { address: text(&a), data: bytes(d) }).collect();
    let (ptr, len, cap) = give(v);
    PayloadVec { ptr, len, cap }
}

unsafe fn drop_bytes(v: &ByteVec, who: &str) {
    drop(take(v.ptr, v.len, v.cap, who));
}

unsafe fn drop_text(v: &ReprString, who: &str) {
    if v.cap != 0 || v.len == 0 {
        drop(take(v.ptr, v.len, v.cap, who));
    }
}

unsafe fn drop_payloads(v: &PayloadVec, who: &str) {
    for p in take(v.ptr, v.len, v.cap, who) {
        drop_text(&p.address, who);
        drop_bytes(&p.data, who);
    }
}

unsafe fn view<'a>(s: ByteSlice) -> &'a [u8] {
    if s.len == 0 {
        &[]
    } else {
        std::slice::from_raw_parts(s.ptr, s.len)
    }
}

unsafe fn str_of<'a>(s: &ReprString) -> &'a str {
    if s.len == 0 {
        return "";
    }
    std::str::from_utf8(std::slice::from_raw_parts(s.ptr, s.len)).unwrap_or("?")
}

unsafe fn ctx<'a>(p: *mut Context, who: &str) -> &'a mut Context {
    if p.is_null() {
        die(&format!("{who}: null context"));
    }
    if (*p).magic != MAGIC {
        die(&format!("{who}: the context argument is not a context"));
    }
    &mut *p
}

// ---- the exported interface -------------------------------------------------

/// 24-byte struct by value in, pointer out.
#[no_mangle]
pub unsafe extern "C" fn create_context(name: ReprString) -> *mut Context {
    Box::into_raw(Box::new(Context {
        magic: MAGIC,
        name: str_of(&name).to_string(),
        serial: 0,
        convos: Vec::new(),
    }))
}

/// 24-byte struct out: *at* Nim's limit, so Nim keeps it a C result.
#[no_mangle]
pub unsafe extern "C" fn installation_name(c: *mut Context) -> ReprString {
    text(&ctx(c, "installation_name").name)
}

#[no_mangle]
pub unsafe extern "C" fn destroy_string(s: ReprString) {
    drop_text(&s, "destroy_string");
}

#[no_mangle]
pub unsafe extern "C" fn destroy_context(c: *mut Context) {
    ctx(c, "destroy_context").magic = 0;
    drop(Box::from_raw(c));
}

/// 32-byte struct out.
#[no_mangle]
pub unsafe extern "C" fn create_intro_bundle(c: *mut Context) -> IntroResult {
    let c = ctx(c, "create_intro_bundle");
    c.serial += 1;
    IntroResult { error_code: OK, intro_bytes: bytes(format!("intro:{}:{}", c.name, c.serial).into_bytes()) }
}

/// Two 16-byte structs in, 56-byte struct out.
#[no_mangle]
pub unsafe extern "C" fn create_new_private_convo(
    c: *mut Context,
    bundle: ByteSlice,
    content: ByteSlice,
) -> ConvoResult {
    let c = ctx(c, "create_new_private_convo");
    let b = String::from_utf8_lossy(view(bundle)).into_owned();
    let peer = match b.strip_prefix("intro:").and_then(|r| r.split(':').next()) {
        Some(peer) => peer,
        None => {
            return ConvoResult { error_code: BAD_INTRO, convo_id: text(""), payloads: payloads(vec![]) }
        }
    };
    c.serial += 1;
    let id = format!("convo-{}-{}", c.name, c.serial);
    c.convos.push(id.clone());
    let body = view(content);
    let mut hello = b"hello|".to_vec();
    hello.extend_from_slice(body);
    let out = vec![
        (format!("addr-of-{peer}"), hello),
        (format!("addr-of-{}", c.name), body.iter().rev().copied().collect()),
    ];
    ConvoResult { error_code: OK, convo_id: text(&id), payloads: payloads(out) }
}

/// 24-byte and 16-byte structs in, 32-byte struct out.
#[no_mangle]
pub unsafe extern "C" fn send_content(
    c: *mut Context,
    convo_id: ReprString,
    content: ByteSlice,
) -> SendResult {
    let c = ctx(c, "send_content");
    let id = str_of(&convo_id).to_string();
    if !c.convos.contains(&id) {
        return SendResult { error_code: BAD_CONVO_ID, payloads: payloads(vec![]) };
    }
    SendResult { error_code: OK, payloads: payloads(vec![(id, view(content).to_vec())]) }
}

/// 16-byte struct in, 64-byte struct out.
#[no_mangle]
pub unsafe extern "C" fn handle_payload(c: *mut Context, payload: ByteSlice) -> HandleResult {
    let c = ctx(c, "handle_payload");
    match view(payload).strip_prefix(b"hello|") {
        Some(rest) => {
            c.serial += 1;
            let id = format!("convo-in-{}-{}", c.name, c.serial);
            c.convos.push(id.clone());
            HandleResult { error_code: OK, convo_id: text(&id), content: bytes(rest.to_vec()), is_new_convo: true }
        }
        None => HandleResult { error_code: OK, convo_id: text(""), content: bytes(vec![]), is_new_convo: false },
    }
}

/// 64-byte struct *in* by value (memory class on SysV, by hidden copy on AAPCS64).
#[no_mangle]
pub unsafe extern "C" fn relay_envelope(c: *mut Context, env: Envelope, salt: u32) -> u64 {
    let c = ctx(c, "relay_envelope");
    let mut h: u64 = 0xcbf2_9ce4_8422_2325 ^ salt as u64 ^ c.name.len() as u64;
    let mut mix = |v: u64| h = (h ^ v).wrapping_mul(0x0000_0100_0000_01b3);
    mix(env.id);
    mix(env.kind as u64);
    mix(env.urgent as u8 as u64);
    mix(env.score.to_bits());
    for b in env.tag {
        mix(b as u64);
    }
    h
}

/// 64-byte struct in *and* out.
#[no_mangle]
pub unsafe extern "C" fn stamp_envelope(c: *mut Context, env: Envelope) -> Envelope {
    let c = ctx(c, "stamp_envelope");
    let mut e = env;
    e.id += 1000;
    e.score *= 2.0;
    e.urgent = !e.urgent;
    let n = c.name.len().min(40);
    e.tag[..n].copy_from_slice(&c.name.as_bytes()[..n]);
    e
}

/// Three doubles in and out: SysV memory, AAPCS64 d0-d2; Nim leaves both alone.
#[no_mangle]
pub extern "C" fn scale_vec3(v: Vec3, k: f64) -> Vec3 {
    Vec3 { x: v.x * k, y: v.y * k, z: v.z * k }
}

/// Four doubles in and out: SysV memory both ways, AAPCS64 d0-d3 both ways; Nim
/// turns both into pointers.
#[no_mangle]
pub extern "C" fn turn_quat(q: Quat, k: f64) -> Quat {
    Quat { w: q.w + k, x: q.x - k, y: q.y * k, z: q.z / k }
}

/// Reads through a pointer while it writes its result: right only where the two do not overlap,
/// which every C caller guarantees.
#[no_mangle]
pub unsafe extern "C" fn mirror_row(row: *const Row) -> Row {
    let row = &*row;
    let mut out = Row { cell: [0; 5] };
    for i in 0..5 {
        out.cell[i] = row.cell[4 - i];
    }
    out
}

/// Overwrites its own by-value parameter (the callee owns that memory under every
/// C convention); the caller's object must not change.
#[no_mangle]
pub unsafe extern "C" fn scrub_envelope(mut env: Envelope) -> u64 {
    let id = env.id;
    let p = &mut env as *mut Envelope;
    std::ptr::write_volatile(&mut (*p).id, 0xdead);
    std::ptr::write_volatile(&mut (*p).score, -1.0);
    id
}

// by-value destructors (the shape the interface had first)
#[no_mangle]
pub unsafe extern "C" fn destroy_intro_result(r: IntroResult) {
    drop_bytes(&r.intro_bytes, "destroy_intro_result");
}
#[no_mangle]
pub unsafe extern "C" fn destroy_convo_result(r: ConvoResult) {
    drop_text(&r.convo_id, "destroy_convo_result");
    drop_payloads(&r.payloads, "destroy_convo_result");
}
#[no_mangle]
pub unsafe extern "C" fn destroy_send_result(r: SendResult) {
    drop_payloads(&r.payloads, "destroy_send_result");
}
#[no_mangle]
pub unsafe extern "C" fn destroy_handle_result(r: HandleResult) {
    drop_text(&r.convo_id, "destroy_handle_result");
    drop_bytes(&r.content, "destroy_handle_result");
}

// by-pointer destructors (the shape it was changed to)
#[no_mangle]
pub unsafe extern "C" fn destroy_intro_result_ptr(r: *mut IntroResult) {
    destroy_intro_result(std::ptr::read(r));
}
#[no_mangle]
pub unsafe extern "C" fn destroy_convo_result_ptr(r: *mut ConvoResult) {
    destroy_convo_result(std::ptr::read(r));
}
#[no_mangle]
pub unsafe extern "C" fn destroy_send_result_ptr(r: *mut SendResult) {
    destroy_send_result(std::ptr::read(r));
}
#[no_mangle]
pub unsafe extern "C" fn destroy_handle_result_ptr(r: *mut HandleResult) {
    destroy_handle_result(std::ptr::read(r));
}

/// Callback taking and returning large structs by value, plus user data.
pub type EnvelopeFn = extern "C" fn(user: *mut c_void, env: Envelope, n: u32) -> Envelope;

#[no_mangle]
pub unsafe extern "C" fn map_envelope(f: EnvelopeFn, user: *mut c_void, env: Envelope, times: u32) -> Envelope {
    let mut e = env;
    for i in 0..times {
        e = f(user, e, i);
    }
    e
}

/// Buffers handed out and not yet given back.
#[no_mangle]
pub extern "C" fn convo_live() -> usize {
    ledger(|l| l.len())
}

// pointer-only control entry: sets up a result without any struct by value
#[no_mangle]
pub unsafe extern "C" fn control_intro(c: *mut Context, out: *mut IntroResult) {
    std::ptr::write(out, create_intro_bundle(c));
}
