//! The program of client.c in Rust, in the terms of the system ABI: `rooms.rs` is what `abide bind rust` makes of rooms.abi.yaml.
#![deny(warnings)]
mod rooms;

use rooms::*;
use std::ffi::c_void;
use std::mem::{offset_of, MaybeUninit};
use std::ptr::{null_mut, read};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::sync::Mutex;
use std::thread::{current, ThreadId};

static STORES: AtomicU32 = AtomicU32::new(0);
static CLOSURES: AtomicU32 = AtomicU32::new(0);
static HURRIED: AtomicU32 = AtomicU32::new(0);
static ELSEWHERE: AtomicBool = AtomicBool::new(false);
static MAIN: Mutex<Option<ThreadId>> = Mutex::new(None);

fn note_thread() {
    if *MAIN.lock().unwrap() != Some(current().id()) {
        ELSEWHERE.store(true, SeqCst);
    }
}

unsafe fn bytes<'a>(ptr: *const u8, len: usize) -> &'a [u8] {
    if len == 0 { &[] } else { std::slice::from_raw_parts(ptr, len) }
}

unsafe fn text<'a>(ptr: *const u8, len: usize) -> &'a str {
    std::str::from_utf8(bytes(ptr, len)).unwrap()
}

// ---- memory that is given away ----

/// What stands behind an owner word: who releases it, and what it releases.
#[repr(C)]
struct Owner {
    release: unsafe extern "C" fn(*mut Owner, *mut c_void, usize),
    memory: Vec<u8>,
}

unsafe extern "C" fn release(owner: *mut Owner, _ptr: *mut c_void, _bytes: usize) {
    drop(Box::from_raw(owner));
}

fn give(memory: Vec<u8>) -> option_own_slice_u8 {
    let mut owner = Box::new(Owner { release, memory });
    let (ptr, len) = (owner.memory.as_mut_ptr(), owner.memory.len());
    option_own_slice_u8 { ptr, len, owner: Box::into_raw(owner).cast() }
}

/// Takes a copy of what was given away, and lets go of it.
unsafe fn take(ptr: *mut u8, len: usize, owner: *mut sys_owner) -> Vec<u8> {
    let copy = bytes(ptr, len).to_vec();
    let owner = owner.cast::<Owner>();
    if !owner.is_null() {
        ((*owner).release)(owner, ptr.cast(), len);
    }
    copy
}

// ---- a store ----

type Shelves = Mutex<Vec<(Vec<u8>, Vec<u8>)>>;

unsafe extern "C" fn drop_store(this: *mut c_void) {
    drop(Box::from_raw(this.cast::<Shelves>()));
    STORES.fetch_sub(1, SeqCst);
}

unsafe extern "C" fn query(_this: *mut c_void, _id: u64) -> *const c_void {
    std::ptr::null()
}

unsafe extern "C" fn save(this: *mut c_void, key: *const u8, key_len: usize, value: *const u8, value_len: usize) -> bool {
    note_thread();
    let (key, value) = (bytes(key, key_len).to_vec(), bytes(value, value_len).to_vec());
    let is_saved = value != b"full";
    if is_saved {
        (*this.cast::<Shelves>()).lock().unwrap().push((key, value));
    }
    is_saved
}

unsafe extern "C" fn load(this: *mut c_void, key: *const u8, key_len: usize, out: *mut option_own_slice_u8) {
    let shelves = (*this.cast::<Shelves>()).lock().unwrap();
    let found = shelves.iter().find(|(k, _)| k == bytes(key, key_len));
    let nothing = option_own_slice_u8 { ptr: null_mut(), len: 0, owner: null_mut() };
    *out = found.map_or(nothing, |(_, value)| give(value.clone()));
}

unsafe extern "C" fn wipe_store(this: *mut c_void) -> u32 {
    let mut shelves = (*this.cast::<Shelves>()).lock().unwrap();
    shelves.drain(..).count() as u32
}

/// Of this release, or of one that knew no `wipe`.
const fn table(size: usize) -> store {
    store {
        size: size as u32,
        flags: 1,
        id: 7,
        drop: Some(drop_store),
        retain: None,
        query: Some(query),
        save: Some(save),
        load: Some(load),
        wipe: Some(wipe_store),
    }
}

static TABLE: store = table(size_of::<store>());
static OLDER: store = table(offset_of!(store, wipe));

fn new_store() -> *mut c_void {
    STORES.fetch_add(1, SeqCst);
    Box::into_raw(Box::<Shelves>::default()).cast()
}

// ---- closures ----

/// Counted as long as it is there.
struct Note {
    label: &'static str,
    calls: AtomicU32,
}

impl Drop for Note {
    fn drop(&mut self) {
        CLOSURES.fetch_sub(1, SeqCst);
    }
}

fn new_note(label: &'static str) -> *mut c_void {
    CLOSURES.fetch_add(1, SeqCst);
    Box::into_raw(Box::new(Note { label, calls: AtomicU32::new(0) })).cast()
}

unsafe extern "C" fn drop_note(env: *mut c_void) {
    drop(Box::from_raw(env.cast::<Note>()));
}

unsafe extern "C" fn hear(id: u64, what: *const u8, what_len: usize, who: *const u8, who_len: usize, env: *mut c_void) {
    note_thread();
    let note = &*env.cast::<Note>();
    let calls = note.calls.fetch_add(1, SeqCst) + 1;
    println!("{} {calls}: {} said {id} {}", note.label, text(who, who_len), text(what, what_len));
}

const IO: u32 = 1;
const REJECTED: u32 = 2;

unsafe fn show(e: &error) {
    let payload = e.payload.0.as_ptr();
    if e.tag == IO {
        println!("io {}", read(payload.cast::<i32>()));
    } else if e.tag == REJECTED {
        let rejected = read(payload.cast::<rejection>());
        let (reason, retry) = (rejected.reason, rejected.retry_ms);
        let reason = String::from_utf8(take(reason.ptr, reason.len, reason.owner)).unwrap();
        let again = if retry.tag == 1 { format!(", again in {}", retry.payload.some) } else { String::new() };
        println!("rejected: {reason}{again}");
    }
}

/// The environment is this call's: there is only one.
unsafe extern "C" fn answer(r: *mut sent, env: *mut c_void) {
    note_thread();
    let note = Box::from_raw(env.cast::<Note>());
    print!("{}: ", note.label);
    if (*r).tag == 0 {
        println!("sent {}", (*r).payload.ok);
    } else {
        show(&(*r).payload.err);
    }
}

unsafe extern "C" fn count(r: *mut sent, env: *mut c_void) {
    drop(Box::from_raw(env.cast::<Note>()));
    HURRIED.fetch_add(((*r).tag == 0) as u32, SeqCst);
}

// ---- the program ----

unsafe fn say(r: *mut room, text: &str, label: &'static str) {
    println!("waiting: {}", post(r, text.as_ptr(), text.len(), Some(answer), new_note(label), Some(drop_note)));
}

unsafe fn hear_all(r: *mut room, label: &'static str) -> *mut subscription {
    listen(r, Some(hear), new_note(label), Some(drop_note))
}

unsafe fn remember(r: *mut room, key: &str) {
    let mut found = MaybeUninit::uninit();
    recall(r, key.as_ptr(), key.len(), found.as_mut_ptr());
    let found = found.assume_init();
    if found.ptr.is_null() {
        println!("{key}: nothing");
    } else {
        println!("{key}: {}", String::from_utf8(take(found.ptr, found.len, found.owner)).unwrap());
    }
}

unsafe fn open_room(name: &str, table: &'static store) -> *mut room {
    let mut opened = MaybeUninit::uninit();
    let tag = open(name.as_ptr(), name.len(), new_store(), table, opened.as_mut_ptr());
    let opened = opened.assume_init();
    if tag == 0 {
        return opened.payload.ok;
    }
    show(&opened.payload.err);
    null_mut()
}

unsafe fn alive(when: &str) {
    println!("{when}: stores {}, closures {}, the library's {}", STORES.load(SeqCst), CLOSURES.load(SeqCst), live());
}

unsafe fn talk(r: *mut room) {
    let (first, second) = (hear_all(r, "first"), hear_all(r, "second"));
    say(r, "hello", "a");
    say(r, "buy spam", "b");
    say(r, "a text of more than sixty-four bytes, which the library does not send to anybody", "c");
    say(r, "full", "d");
    println!("settled: {}", settle(r));
    rooms_unsubscribe(second);
    alive("one listens");
    say(r, "café", "e");
    println!("settled: {}", settle(r));
    rooms_unsubscribe(first);
    remember(r, "message-1");
    remember(r, "message-7");
}

/// The thread sends while the program posts.
unsafe fn be_quick(r: *mut room) {
    hurry(r);
    for _ in 0..200 {
        post(r, b"quick".as_ptr(), 5, Some(count), new_note("quick"), Some(drop_note));
    }
    settle(r);
    println!("in a hurry: {}", HURRIED.load(SeqCst));
}

unsafe fn run() {
    open_room("", &TABLE);
    alive("refused");
    let (r, old) = (open_room("ada", &TABLE), open_room("bob", &OLDER));
    let of = name(r);
    println!("{}", text(of.ptr, of.len));
    talk(r);
    be_quick(r);
    let wiped = wipe(r);
    println!("wiped: {}", if wiped.tag == 1 { wiped.value } else { 0 });
    println!("an older store can: {}", if wipe(old).tag == 1 { "yes" } else { "no" });
    say(old, "never sent", "never");
    alive("at the end");
    rooms_room_drop(old);
    rooms_room_drop(r);
    alive("after it");
    println!("on the library's thread: {}", if ELSEWHERE.load(SeqCst) { "yes" } else { "no" });
}

fn main() {
    *MAIN.lock().unwrap() = Some(current().id());
    unsafe { run() }
}
