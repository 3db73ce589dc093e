//! The chat library in Rust. Its functions are `extern "C"` and follow the system ABI by hand; its
//! twin chat.c behaves the same.
#![deny(warnings)]
#![allow(clippy::missing_safety_doc)]
#[path = "system.rs"]
#[allow(dead_code)]
mod system;
#[path = "types.rs"]
#[allow(dead_code)]
mod types;

use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::Arc;
use system::{Opt, Owned, OwnedStr, Owner, Res, Slice, Str, LIVE};
use types::*;

pub struct Installation {
    name: Vec<u8>,
    nick: Option<Vec<u8>>,
    want: u32,
    state: AtomicU8,
}

impl Installation {
    fn id(&self) -> PeerId {
        std::array::from_fn(|i| self.name[i % self.name.len()])
    }
}

struct Entry {
    id: u64,
    sender: PeerId,
    sent: u64,
    text: Vec<u8>,
}

impl Entry {
    fn give(&self) -> Message {
        Message {
            id: self.id,
            sender: self.sender,
            sent: self.sent,
            text: Owned::adopt(self.text.clone()),
        }
    }
}

/// The last event, in texts of our own: those that are given away are counted.
enum Last {
    Typing,
    Joined(PeerId),
    Renamed(Vec<u8>),
    Said(Entry),
}

pub struct Convo {
    inst: Arc<Installation>,
    entries: Vec<Entry>,
    posted: u32,
    last: Option<Last>,
    reaction: Option<Reaction>,
    topic: OwnedStr,
}

impl Drop for Installation {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Convo {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Convo {
    fn append(&mut self, sender: PeerId, at: Option<u64>, text: &[u8]) -> u64 {
        let id = self.entries.len() as u64 + 1;
        let sent = at.unwrap_or(1000 + 10 * id);
        self.entries.push(Entry { id, sender, sent, text: text.to_vec() });
        id
    }
}

fn has_text(text: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || text.windows(needle.len()).any(|part| part == needle)
}

fn is_spam(text: &[u8]) -> bool {
    has_text(text, b"spam")
}

/// Gives a result back: the value where the caller wants it, and its tag besides.
unsafe fn give<T, E>(result: Result<T, E>, out: *mut Res<T, E>) -> u32 {
    let result = Res::from(result);
    let tag = result.tag();
    out.write(result);
    tag
}

unsafe fn give_option<T>(value: Option<T>, out: *mut Opt<T>) -> u32 {
    let value = Opt::from(value);
    let tag = value.tag();
    out.write(value);
    tag
}

#[no_mangle]
pub unsafe extern "C" fn chat_open(
    opts: *const Options<'_>,
    out: *mut Res<*const Installation, Error>,
) -> u32 {
    let opts = &*opts;
    let opened = match opts.name.get() {
        b"" => Err(Error::rejected("a name is needed", None)),
        b"busy" => Err(Error::rejected("too many installations", Some(250))),
        b"broken" => Err(Error::io(5)),
        name => {
            LIVE.fetch_add(1, Ordering::Relaxed);
            Ok(Arc::into_raw(Arc::new(Installation {
                name: name.to_vec(),
                nick: (!opts.nick.is_none()).then(|| opts.nick.get().to_vec()),
                want: opts.want,
                state: AtomicU8::new(opts.state),
            })))
        }
    };
    give(opened, out)
}

#[no_mangle]
pub unsafe extern "C" fn chat_installation_drop(inst: *const Installation) {
    drop(Arc::from_raw(inst));
}

#[no_mangle]
pub unsafe extern "C" fn chat_name(inst: &Installation) -> Str<'_> {
    Slice::new(&inst.name)
}

#[no_mangle]
pub unsafe extern "C" fn chat_nick(inst: &Installation) -> Str<'_> {
    inst.nick.as_ref().map_or(Slice::none(), |nick| Slice::new(nick))
}

#[no_mangle]
pub unsafe extern "C" fn chat_set_status(inst: &Installation, now: u8) -> u8 {
    inst.state.swap(now, Ordering::Relaxed)
}

#[no_mangle]
pub unsafe extern "C" fn chat_negotiate(inst: &Installation, theirs: u32) -> u32 {
    inst.want & theirs
}

#[no_mangle]
pub unsafe extern "C" fn chat_seal(
    inst: &Installation,
    data: *const u8,
    data_len: usize,
    out: *mut OwnedStr,
) {
    let data = Slice::from_words(data, data_len);
    let key = inst.name.iter().cycle();
    out.write(Owned::adopt(data.get().iter().zip(key).map(|(byte, key)| byte ^ key).collect()));
}

#[no_mangle]
pub unsafe extern "C" fn chat_start(
    inst: *const Installation,
    bundle: *const u8,
    bundle_len: usize,
    peer: &PeerId,
    first: *const u8,
    first_len: usize,
    out: *mut Res<*mut Convo, Error>,
) -> u32 {
    let bundle = Slice::from_words(bundle, bundle_len);
    let first = Slice::from_words(first, first_len);
    if !bundle.get().starts_with(b"intro:") {
        return give(Err(Error::invalid_bundle()), out);
    }
    Arc::increment_strong_count(inst);
    LIVE.fetch_add(1, Ordering::Relaxed);
    let mut convo = Box::new(Convo {
        inst: Arc::from_raw(inst),
        entries: Vec::new(),
        posted: 0,
        last: None,
        reaction: None,
        topic: Owned::none(),
    });
    if !first.get().is_empty() {
        convo.append(*peer, None, first.get());
    }
    give(Ok(Box::into_raw(convo)), out)
}

#[no_mangle]
pub unsafe extern "C" fn chat_convo_drop(c: *mut Convo) {
    drop(Box::from_raw(c));
}

#[no_mangle]
pub unsafe extern "C" fn chat_send(
    c: &mut Convo,
    text: *const u8,
    text_len: usize,
    out: *mut Sent,
) -> u32 {
    let text = Slice::from_words(text, text_len);
    let sent = match text.get() {
        text if is_spam(text) => Err(Error::rejected("that is spam", Some(60000))),
        text if text.len() > 64 => Err(Error::io(90)),
        text => Ok(c.append(c.inst.id(), None, text)),
    };
    give(sent, out)
}

#[no_mangle]
pub unsafe extern "C" fn chat_send_all(
    c: &mut Convo,
    drafts: *const Draft<'_>,
    drafts_len: usize,
) -> u32 {
    let mut accepted = 0;
    for draft in Slice::from_words(drafts, drafts_len).get() {
        if !is_spam(draft.text.get()) {
            let at = match draft.at {
                Opt::Some(at) => Some(at),
                Opt::None => None,
            };
            c.append(c.inst.id(), at, draft.text.get());
            accepted += 1;
        }
    }
    accepted
}

#[no_mangle]
pub unsafe extern "C" fn chat_history(
    c: &Convo,
    before_tag: u32,
    before: u64,
    limit: u32,
    out: *mut Owned<Message>,
) {
    let newest_first = c.entries.iter().rev();
    let asked = newest_first.filter(|entry| before_tag == 0 || entry.sent < before);
    out.write(Owned::adopt(asked.take(limit as usize).map(Entry::give).collect()));
}

#[no_mangle]
pub unsafe extern "C" fn chat_find(
    c: &Convo,
    needle: *const u8,
    needle_len: usize,
    out: *mut Opt<Message>,
) -> u32 {
    let needle = Slice::from_words(needle, needle_len);
    let found = c.entries.iter().find(|entry| has_text(&entry.text, needle.get()));
    give_option(found.map(Entry::give), out)
}

#[no_mangle]
pub unsafe extern "C" fn chat_span(c: &Convo) -> Period {
    Period {
        first: c.entries.iter().map(|entry| entry.sent).min().unwrap_or(0),
        last: c.entries.iter().map(|entry| entry.sent).max().unwrap_or(0),
    }
}

#[no_mangle]
pub unsafe extern "C" fn chat_count(c: &Convo, into: *mut Totals) {
    let mut totals = Totals { messages: c.entries.len() as u64, ..Totals::default() };
    for entry in &c.entries {
        totals.bytes += entry.text.len() as u64;
        totals.longest = totals.longest.max(entry.text.len() as u32);
    }
    if totals.messages != 0 {
        totals.mean = totals.bytes as f64 / totals.messages as f64;
    }
    into.write(totals);
}

#[no_mangle]
pub unsafe extern "C" fn chat_next(c: &Convo, cursor: &mut u64, out: *mut OwnedStr) {
    match c.entries.get(*cursor as usize) {
        Some(entry) => {
            *cursor += 1;
            out.write(Owned::adopt(entry.text.clone()));
        }
        None => out.write(Owned::none()),
    }
}

#[no_mangle]
pub unsafe extern "C" fn chat_each(
    c: &Convo,
    visit: unsafe extern "C" fn(*const Message, *const u8, usize, *mut c_void) -> bool,
    visit_env: *mut c_void,
) -> u32 {
    let me = c.inst.id();
    let mut visited = 0;
    for entry in &c.entries {
        let message = ManuallyDrop::new(Message {
            id: entry.id,
            sender: entry.sender,
            sent: entry.sent,
            text: ManuallyDrop::into_inner(Owned::lent(&entry.text)),
        });
        let who = if entry.sender == me { "me" } else { "the other" };
        visited += 1;
        if !visit(&*message, who.as_ptr(), who.len(), visit_env) {
            break;
        }
    }
    visited
}

#[no_mangle]
pub unsafe extern "C" fn chat_post(c: &mut Convo, what: &Event) -> u32 {
    c.last = Some(match what {
        Event::Typing => Last::Typing,
        Event::Joined(peer) => Last::Joined(*peer),
        Event::Renamed(text) => Last::Renamed(text.get().to_vec()),
        Event::Said(m) => {
            c.append(m.sender, Some(m.sent), m.text.get());
            let text = m.text.get().to_vec();
            Last::Said(Entry { id: m.id, sender: m.sender, sent: m.sent, text })
        }
    });
    c.posted += 1;
    c.posted
}

#[no_mangle]
pub unsafe extern "C" fn chat_last(c: &Convo, out: *mut Opt<Event>) -> u32 {
    let last = c.last.as_ref().map(|last| match last {
        Last::Typing => Event::Typing,
        Last::Joined(peer) => Event::Joined(*peer),
        Last::Renamed(text) => Event::Renamed(Owned::adopt(text.clone())),
        Last::Said(entry) => Event::Said(entry.give()),
    });
    give_option(last, out)
}

#[no_mangle]
pub unsafe extern "C" fn chat_react(
    c: &mut Convo,
    r_tag: u32,
    r: u64,
    out: *mut Opt<Reaction>,
) -> u32 {
    let reaction = match r_tag {
        0 => Reaction::Like,
        1 => Reaction::Stars(r as u32),
        _ => Reaction::Score(f64::from_bits(r)),
    };
    give_option(c.reaction.replace(reaction), out)
}

/// The text is kept as it came, and given back as it came.
#[no_mangle]
pub unsafe extern "C" fn chat_set_topic(
    c: &mut Convo,
    topic: *mut u8,
    topic_len: usize,
    topic_owner: *mut Owner,
    out: *mut OwnedStr,
) {
    let mut topic = Owned { ptr: topic, len: topic_len, owner: topic_owner };
    if topic_len == 0 {
        topic = Owned::adopt(Vec::new()); /* there, and so not null */
    }
    out.write(std::mem::replace(&mut c.topic, topic));
}

#[no_mangle]
pub unsafe extern "C" fn chat_close(c: *mut Convo) -> u32 {
    Box::from_raw(c).entries.len() as u32
}

#[no_mangle]
pub unsafe extern "C" fn chat_describe(e: &Error, out: *mut OwnedStr) {
    let text = match e.tag {
        INVALID_BUNDLE => "the bundle is invalid".to_string(),
        IO => format!("input or output failed: {}", e.payload.io),
        REJECTED => {
            let rejected = &e.payload.rejected;
            let reason = String::from_utf8_lossy(rejected.reason.get()).into_owned();
            match rejected.retry_ms {
                Opt::Some(ms) => format!("rejected, because {reason}, for {ms} ms"),
                Opt::None => format!("rejected, because {reason}"),
            }
        }
        tag => format!("an unknown error, {tag}"),
    };
    out.write(Owned::adopt(text.into_bytes()));
}

#[no_mangle]
pub unsafe extern "C" fn chat_parse(text: *const u8, text_len: usize) -> Parsed {
    let text = Slice::from_words(text, text_len);
    let parsed = match text.get() {
        b"" => Err(EMPTY),
        digits if digits.iter().all(u8::is_ascii_digit) => Ok(digits
            .iter()
            .fold(0u64, |number, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')))),
        _ => Err(NOT_A_NUMBER),
    };
    Parsed::new(parsed)
}

#[no_mangle]
pub extern "C" fn chat_live() -> usize {
    LIVE.load(Ordering::Relaxed)
}

/* What values own, for consumers that cannot know every case. */
#[no_mangle]
pub unsafe extern "C" fn chat_error_drop(e: *mut Error) {
    std::ptr::drop_in_place(e);
}
#[no_mangle]
pub unsafe extern "C" fn chat_message_drop(m: *mut Message) {
    std::ptr::drop_in_place(m);
}
#[no_mangle]
pub unsafe extern "C" fn chat_event_drop(e: *mut Event) {
    std::ptr::drop_in_place(e);
}
