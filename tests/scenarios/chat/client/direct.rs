//! A Rust program that calls the chat library as it is: the functions and types of the system ABI,
//! without thunks. With `--cfg thunks`, chat_parse is called in the form that C has of it.
#![deny(warnings)]
#![allow(unexpected_cfgs)]
#[path = "../lib/system.rs"]
#[allow(dead_code)]
mod system;
#[path = "../lib/types.rs"]
#[allow(dead_code)]
mod types;

use std::ffi::c_void;
#[cfg(thunks)]
use std::ffi::{c_char, c_int, CString};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::sync::atomic::Ordering;
use system::{Opt, Owned, OwnedStr, Owner, Res, Slice, Str, LIVE};
use types::*;

enum Installation {}
enum Convo {}
type Visit = unsafe extern "C" fn(*const Message, *const u8, usize, *mut c_void) -> bool;

extern "C" {
    fn chat_open(opts: &Options<'_>, out: *mut Res<*mut Installation, Error>) -> u32;
    fn chat_name<'a>(inst: *mut Installation) -> Str<'a>;
    fn chat_nick<'a>(inst: *mut Installation) -> Str<'a>;
    fn chat_set_status(inst: *mut Installation, now: u8) -> u8;
    fn chat_negotiate(inst: *mut Installation, theirs: u32) -> u32;
    fn chat_seal(inst: *mut Installation, data: *const u8, data_len: usize, out: *mut OwnedStr);
    fn chat_start(
        inst: *mut Installation,
        bundle: *const u8,
        bundle_len: usize,
        peer: &PeerId,
        first: *const u8,
        first_len: usize,
        out: *mut Res<*mut Convo, Error>,
    ) -> u32;
    fn chat_send(c: *mut Convo, text: *const u8, text_len: usize, out: *mut Sent) -> u32;
    fn chat_send_all(c: *mut Convo, drafts: *const Draft<'_>, drafts_len: usize) -> u32;
    fn chat_history(c: *mut Convo, tag: u32, before: u64, limit: u32, out: *mut Owned<Message>);
    fn chat_find(c: *mut Convo, text: *const u8, len: usize, out: *mut Opt<Message>) -> u32;
    fn chat_span(c: *mut Convo) -> Period;
    fn chat_count(c: *mut Convo, into: *mut Totals);
    fn chat_next(c: *mut Convo, cursor: &mut u64, out: *mut OwnedStr);
    fn chat_each(c: *mut Convo, visit: Visit, visit_env: *mut c_void) -> u32;
    fn chat_post(c: *mut Convo, what: &Event) -> u32;
    fn chat_last(c: *mut Convo, out: *mut Opt<Event>) -> u32;
    fn chat_react(c: *mut Convo, r_tag: u32, r: u64, out: *mut Opt<Reaction>) -> u32;
    fn chat_set_topic(
        c: *mut Convo,
        topic: *mut u8,
        topic_len: usize,
        topic_owner: *mut Owner,
        out: *mut OwnedStr,
    );
    fn chat_close(c: *mut Convo) -> u32;
    fn chat_describe(e: &Error, out: *mut OwnedStr);
    #[cfg(not(thunks))]
    fn chat_parse(text: *const u8, text_len: usize) -> Parsed;
    fn chat_live() -> usize;
    fn chat_installation_drop(inst: *mut Installation);
}

/// The value that a call writes through its last parameter.
fn out<T, R>(call: impl FnOnce(*mut T) -> R) -> T {
    let mut value = MaybeUninit::uninit();
    call(value.as_mut_ptr());
    unsafe { value.assume_init() }
}

fn quoted(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let escaped = text.chars().map(|c| match c {
        c if c < ' ' => format!("\\x{:02x}", c as u32),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

fn described(m: &Message) -> String {
    let s = &m.sender;
    let sender = format!("{:02x}{:02x}{:02x}{:02x}", s[0], s[1], s[2], s[31]);
    format!("{} at {} from {sender}: {}", m.id, m.sent, quoted(m.text.get()))
}

fn show_error(e: Error) {
    match e.tag {
        INVALID_BUNDLE => println!("invalid bundle"),
        IO => println!("io {}", unsafe { e.payload.io }),
        REJECTED => {
            let rejected = unsafe { &e.payload.rejected };
            let reason = quoted(rejected.reason.get());
            match rejected.retry_ms {
                Opt::Some(ms) => println!("rejected: {reason}, retry in {ms} ms"),
                Opt::None => println!("rejected: {reason}, do not retry"),
            }
        }
        _ => println!("unknown error"),
    }
    let words: OwnedStr = out(|out| unsafe { chat_describe(&e, out) });
    println!("  {}", String::from_utf8_lossy(words.get()));
}

fn open(name: &str, nick: Option<&str>) -> *mut Installation {
    let opts = Options {
        name: Slice::new(name.as_bytes()),
        nick: nick.map_or(Slice::none(), |nick| Slice::new(nick.as_bytes())),
        want: FILES | VIDEO,
        state: ONLINE,
    };
    print!("open \"{name}\": ");
    match out(|out| unsafe { chat_open(&opts, out) }) {
        Res::Ok(inst) => {
            println!("ok");
            inst
        }
        Res::Err(e) => {
            show_error(e);
            std::ptr::null_mut()
        }
    }
}

fn show_nick(inst: *mut Installation) {
    let nick = unsafe { chat_nick(inst) };
    println!("nick: {}", if nick.is_none() { "none".to_string() } else { quoted(nick.get()) });
}

fn seal(inst: *mut Installation, data: &[u8]) {
    let sealed: OwnedStr = out(|out| unsafe { chat_seal(inst, data.as_ptr(), data.len(), out) });
    print!("seal: {} bytes", sealed.get().len());
    for byte in sealed.get() {
        print!(" {byte:02x}");
    }
    println!();
}

fn installations() {
    open("", None);
    open("busy", None);
    open("broken", None);
    for (name, nick) in [("grace", "the admiral"), ("nobody", "")] {
        let inst = open(name, Some(nick));
        show_nick(inst);
        unsafe { chat_installation_drop(inst) };
    }
}

fn bob() -> PeerId {
    let mut id = [0; 32];
    id[..3].copy_from_slice(b"bob");
    id
}

fn start(inst: *mut Installation, bundle: &str) -> *mut Convo {
    let (b, first) = (bundle.as_bytes(), "hello, it is me: böb".as_bytes());
    print!("start \"{bundle}\": ");
    let started = out(|out| unsafe {
        chat_start(inst, b.as_ptr(), b.len(), &bob(), first.as_ptr(), first.len(), out)
    });
    match started {
        Res::Ok(convo) => {
            println!("ok");
            convo
        }
        Res::Err(e) => {
            show_error(e);
            std::ptr::null_mut()
        }
    }
}

fn send(c: *mut Convo, text: &[u8]) {
    print!("send {}: ", quoted(text));
    match out(|out| unsafe { chat_send(c, text.as_ptr(), text.len(), out) }) {
        Res::Ok(id) => println!("{id}"),
        Res::Err(e) => show_error(e),
    }
}

fn sending(c: *mut Convo) {
    send(c, b"hi");
    send(c, b"buy spam");
    send(c, b"a text of more than sixty-four bytes is refused as being too long");
    send(c, b"");
    send(c, b"nul\0inside");
    let drafts = [("first draft", Some(1001)), ("spam again", None), ("second draft", None)];
    let drafts = drafts
        .map(|(text, at)| Draft { text: Slice::new(text.as_bytes()), at: Opt::from(at) });
    for drafts in [&drafts[..], &[]] {
        let accepted = unsafe { chat_send_all(c, drafts.as_ptr(), drafts.len()) };
        println!("send all: {accepted} of {}", drafts.len());
    }
}

fn history(c: *mut Convo, before: Option<u64>, limit: u32) {
    let (tag, before) = (before.is_some() as u32, before.unwrap_or(0));
    let messages: Owned<Message> =
        out(|out| unsafe { chat_history(c, tag, before, limit, out) });
    println!("history: {}", messages.get().len());
    for message in messages.get() {
        println!("  {}", described(message));
    }
}

fn find(c: *mut Convo, needle: &str) {
    let found = out(|out| unsafe { chat_find(c, needle.as_ptr(), needle.len(), out) });
    match found {
        Opt::Some(message) => println!("find \"{needle}\": {}", described(&message)),
        Opt::None => println!("find \"{needle}\": none"),
    }
}

fn reading(c: *mut Convo) {
    history(c, None, 100);
    history(c, Some(1030), 2);
    history(c, Some(0), 100);
    find(c, "inside");
    find(c, "nowhere");
    let span = unsafe { chat_span(c) };
    println!("span: {} to {}", span.first, span.last);
    let totals: Totals = out(|into| unsafe { chat_count(c, into) });
    println!(
        "count: {} messages, {} bytes, longest {}, mean {:.2}",
        totals.messages, totals.bytes, totals.longest, totals.mean
    );
    let mut cursor = 2;
    loop {
        let text: OwnedStr = out(|out| unsafe { chat_next(c, &mut cursor, out) });
        if text.is_none() {
            break;
        }
        println!("next: {}, then {cursor}", quoted(text.get()));
    }
    println!("next: none, still {cursor}");
}

struct Walk {
    left: u32,
    bytes: usize,
}

unsafe extern "C" fn visit(
    msg: *const Message,
    who: *const u8,
    who_len: usize,
    env: *mut c_void,
) -> bool {
    let (walk, who) = (&mut *env.cast::<Walk>(), Slice::from_words(who, who_len));
    println!("  {}, {}", String::from_utf8_lossy(who.get()), described(&*msg));
    walk.bytes += (*msg).text.get().len();
    walk.left -= 1;
    walk.left != 0
}

fn walking(c: *mut Convo) {
    for (title, left) in [("each:", 100), ("each, at most 2:", 2)] {
        let mut walk = Walk { left, bytes: 0 };
        println!("{title}");
        let visited = unsafe { chat_each(c, visit, (&raw mut walk).cast()) };
        println!("  {visited} messages, {} bytes", walk.bytes);
    }
}

fn show_last(c: *mut Convo) {
    let last = out(|out| unsafe { chat_last(c, out) });
    match &last {
        Opt::None => println!("last: none"),
        Opt::Some(Event::Typing) => println!("last: typing"),
        Opt::Some(Event::Joined(peer)) => println!("last: joined {:02x}{:02x}", peer[0], peer[31]),
        Opt::Some(Event::Renamed(text)) => println!("last: renamed {}", quoted(text.get())),
        Opt::Some(Event::Said(m)) => println!("last: said {}", described(m)),
    }
}

fn post(c: *mut Convo, event: Event) {
    let event = ManuallyDrop::new(event); /* what lies in it is lent */
    println!("post: {}", unsafe { chat_post(c, &event) });
    show_last(c);
}

fn posting(c: *mut Convo) {
    show_last(c);
    post(c, Event::Typing);
    let mut joined = bob();
    joined[31] = 0x7f;
    post(c, Event::Joined(joined));
    post(c, Event::Renamed(ManuallyDrop::into_inner(Owned::lent(b"tea at five"))));
    let text = ManuallyDrop::into_inner(Owned::lent(b"from elsewhere"));
    post(c, Event::Said(Message { id: 99, sender: bob(), sent: 2000, text }));
}

fn react(c: *mut Convo, reaction: Reaction) {
    let (tag, word) = match reaction {
        Reaction::Like => (0, 0),
        Reaction::Stars(stars) => (1, u64::from(stars)),
        Reaction::Score(score) => (2, score.to_bits()),
    };
    match out(|out| unsafe { chat_react(c, tag, word, out) }) {
        Opt::None => println!("react, before: none"),
        Opt::Some(Reaction::Like) => println!("react, before: like"),
        Opt::Some(Reaction::Stars(stars)) => println!("react, before: {stars} stars"),
        Opt::Some(Reaction::Score(score)) => println!("react, before: score {score:.2}"),
    }
}

fn set_topic(c: *mut Convo, text: &str) {
    let (ptr, len, owner) = Owned::adopt(text.as_bytes().to_vec()).into_words();
    let before: OwnedStr = out(|out| unsafe { chat_set_topic(c, ptr, len, owner, out) });
    let before = if before.is_none() { "none".to_string() } else { quoted(before.get()) };
    println!("topic, before: {before}");
}

#[cfg(thunks)]
fn parse(text: &str) {
    extern "C" {
        fn c_chat_parse(text: *const c_char, result: &mut u64) -> c_int;
    }
    let (terminated, mut number) = (CString::new(text).unwrap(), 0);
    match unsafe { c_chat_parse(terminated.as_ptr(), &mut number) } {
        0 => println!("parse \"{text}\": {number}"),
        status if status as u32 == EMPTY => println!("parse \"{text}\": empty"),
        _ => println!("parse \"{text}\": not a number"),
    }
}

#[cfg(not(thunks))]
fn parse(text: &str) {
    match unsafe { chat_parse(text.as_ptr(), text.len()) }.get() {
        Ok(number) => println!("parse \"{text}\": {number}"),
        Err(EMPTY) => println!("parse \"{text}\": empty"),
        Err(_) => println!("parse \"{text}\": not a number"),
    }
}

fn conversation(ada: *mut Installation) {
    start(ada, "garbage");
    let c = start(ada, "intro:bob");
    sending(c);
    reading(c);
    walking(c);
    posting(c);
    react(c, Reaction::Like);
    react(c, Reaction::Stars(5));
    react(c, Reaction::Score(2.5));
    react(c, Reaction::Like);
    set_topic(c, "tea");
    set_topic(c, "");
    set_topic(c, "biscuits");
    println!("objects: {}", unsafe { chat_live() });
    println!("close: {} messages", unsafe { chat_close(c) });
}

fn main() {
    installations();
    let ada = open("ada", None);
    println!("name: {}", String::from_utf8_lossy(unsafe { chat_name(ada) }.get()));
    show_nick(ada);
    let status = [AWAY, 200, OFFLINE].map(|now| unsafe { chat_set_status(ada, now) });
    println!("status: {} {} {}", status[0], status[1], status[2]);
    let common = [VOICE | VIDEO, VOICE].map(|theirs| unsafe { chat_negotiate(ada, theirs) });
    println!("negotiate: {} {}", common[0], common[1]);
    seal(ada, b"secret");
    seal(ada, b"");
    conversation(ada);
    unsafe { chat_installation_drop(ada) };
    parse("12345");
    parse("");
    parse("12a");
    let given = LIVE.load(Ordering::Relaxed);
    if given != 0 {
        println!("{given} texts that were given away are not back");
    }
    println!("live: {}", unsafe { chat_live() });
    std::process::exit((given != 0) as i32);
}
