//! A program in Rust, in the terms of the system ABI; `terms.rs` is what `abide bind rust` makes of the interface.
#![allow(dead_code)]
mod terms;
#[macro_use]
mod values;

use std::cell::RefCell;
use std::ffi::c_void;
use std::mem::zeroed;
use std::ptr::null_mut;
use std::rc::Rc;
use terms::*;
use values::*;

struct Seen {
    answer: bool,
    log: RefCell<Vec<String>>,
}
unsafe extern "C" fn end(env: *mut c_void) {
    drop(Rc::from_raw(env as *const Seen));
}
fn seen(answer: bool) -> Rc<Seen> {
    Rc::new(Seen { answer, log: RefCell::default() })
}
fn env(s: &Rc<Seen>) -> *mut c_void {
    Rc::into_raw(s.clone()) as *mut c_void
}

unsafe fn fails(e: *mut error, domain: u32, code: i32, text: &str) {
    let own = error_text(e);
    expect!(error_domain(e) == domain && error_code(e) == code && str_of(own.ptr, own.len) == text);
    expect!(*own.ptr.add(own.len) == 0);
    ob_error_free(e);
}

unsafe fn put_in(o: *mut object, name: &str, tag: u32, word: u64, len: usize) -> *mut error {
    let mut failed = 1 as *mut error;
    let fine = set(o, name.as_ptr(), name.len(), tag, word, len, null_mut(), &mut failed);
    expect!(fine == failed.is_null());
    failed
}
unsafe fn lent(o: *mut object, name: &str) -> property {
    let mut p = zeroed();
    let tag = get(o, name.as_ptr(), name.len(), &mut p);
    expect!(tag == p.tag.into());
    p
}
fn string(text: &'static str) -> sys_string {
    sys_string { ptr: text.as_ptr() as *mut u8, len: text.len(), owner: null_mut() }
}
unsafe fn take_list(list: property_payload_strings) -> Vec<String> {
    let all = items(list.ptr, list.len).iter().map(|s| take_text(std::ptr::read(s))).collect();
    values::end(list.ptr, list.len, list.owner);
    all
}

unsafe fn properties(o: *mut object) {
    let list = [string("a"), string(""), string("ö")];
    expect!(put_in(o, "text", 4, "käse".as_ptr() as u64, 5).is_null());
    expect!(put_in(o, "flag", 1, 1, 0).is_null());
    expect!(put_in(o, "list", 5, list.as_ptr() as u64, 3).is_null());
    expect!(put_in(o, "ratio", 3, 0.5f64.to_bits(), 0).is_null());
    fails(put_in(o, "", 4, "lost".as_ptr() as u64, 4), domain_parse, -2, "no näme");
    expect!(take_text(lent(o, "text").payload.text) == "käse" && lent(o, "flag").payload.flag);
    expect!(lent(o, "ratio").payload.ratio == 0.5 && lent(o, "missing").tag == 0);
    expect!(take_list(lent(o, "list").payload.strings) == ["a", "", "ö"]);
    let mut all = zeroed();
    names(o, &mut all);
    expect!(take_list(all) == ["text", "flag", "list", "ratio"]);
}

unsafe fn references(o: *mut object) {
    let other = ref_(o);
    expect!(same(o, other) && !same(o, null_mut()));
    let (ptr, len, owner) = give(vec![give_text("new")]);
    let first = put(other, "list".as_ptr(), 4, 5, ptr as u64, len, owner.cast());
    expect!(first.tag == 0 && same(o, first.value.cast()));
    expect!(take_list(lent(o, "list").payload.strings) == ["new"]);
    let lost = give_text("lost");
    let second = put(first.value.cast(), "".as_ptr(), 0, 4, lost.ptr as u64, lost.len, lost.owner.cast());
    expect!(second.tag == 1);
    fails(second.value.cast(), domain_parse, -2, "no näme");
}

unsafe extern "C" fn handle(o: *mut object, tag: u32, word: u64, len: usize, _: *mut c_void, env: *mut c_void) -> bool {
    let s = &*(env as *const Seen);
    let own = name(o);
    expect!(tag == 4 && str_of(own.ptr, own.len) == "nämed");
    s.log.borrow_mut().push(str_of(word as *const u8, len).to_owned());
    s.answer
}

unsafe fn sent(o: *mut object, signal: &str) -> u32 {
    emit(o, signal.as_ptr(), signal.len(), 4, "what".as_ptr() as u64, 4, null_mut())
}

unsafe fn signals(o: *mut object, yes: &Rc<Seen>, no: &Rc<Seen>) {
    let ids: Vec<u64> = [yes, no, yes, no, yes].iter().map(|s| connect(o, "changed".as_ptr(), 7, Some(handle), env(s), Some(end))).collect();
    expect!(ids == [1, 2, 3, 4, 0] && Rc::strong_count(yes) == 3);
    expect!(sent(o, "changed") == 2 && sent(o, "other") == 0 && *no.log.borrow() == ["what", "what"]);
    expect!(disconnect(o, 3) && !disconnect(o, 3) && Rc::strong_count(yes) == 2 && sent(o, "changed") == 1);
}

unsafe fn files(o: *mut object) {
    let (mut content, mut failed) = (zeroed::<own_slice_u8>(), null_mut());
    expect!(load(o, "/etc".as_ptr(), 4, &mut content, &mut failed) && failed.is_null());
    expect!(items(content.ptr, content.len) == b"/etc");
    values::end(content.ptr, content.len, content.owner);
    expect!(!load(o, "etc".as_ptr(), 3, &mut content, &mut failed) && content.len == 0);
    values::end(content.ptr, content.len, content.owner);
    fails(failed, domain_io, 2, "not there");
    let mut out: result_info_own_error = zeroed();
    expect!(query(o, "/etc".as_ptr(), 4, &mut out) == 0 && out.payload.ok.size == 4);
    expect!(take_text(out.payload.ok.name) == "etc" && take_text(out.payload.ok.etag) == "tag");
    expect!(query(o, "/usr".as_ptr(), 4, &mut out) == 0 && out.payload.ok.etag.ptr.is_null());
    drop(take_text(out.payload.ok.name));
    expect!(query(o, "usr".as_ptr(), 3, &mut out) == 1);
    fails(out.payload.err, domain_io, 2, "not there");
}

unsafe extern "C" fn ready(o: *mut object, tag: u32, word: u64, len: usize, _: *mut c_void, failed: *mut error, env: *mut c_void) {
    let s = Rc::from_raw(env as *const Seen);
    let own = name(o);
    let what = if tag == 4 { str_of(word as *const u8, len).to_owned() } else { "!".to_owned() };
    s.log.borrow_mut().push(str_of(own.ptr, own.len).to_owned() + &what);
    if !failed.is_null() {
        fails(failed, domain_io, 2, "not there");
    }
}

unsafe fn later(o: *mut object) {
    let s = seen(true);
    load_later(o, "/a".as_ptr(), 2, Some(ready), env(&s), Some(end));
    load_later(o, "/never".as_ptr(), 6, Some(ready), env(&s), Some(end));
    expect!(iterate() && !iterate());
    load_later(o, "b".as_ptr(), 1, Some(ready), env(&s), Some(end));
    expect!(iterate() && *s.log.borrow() == ["nämed/a", "nämed!"] && Rc::strong_count(&s) == 1);
}

#[no_mangle]
unsafe extern "C" fn consume() -> u32 {
    let before = expectations();
    let (yes, no) = (seen(true), seen(false));
    let o = new("nämed".as_ptr(), 6);
    properties(o);
    references(o);
    signals(o, &yes, &no);
    files(o);
    later(o);
    ob_unref(o);
    expect!(alive() == 0 && Rc::strong_count(&yes) == 1 && Rc::strong_count(&no) == 1);
    expectations() - before
}
