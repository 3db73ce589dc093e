//! The types of chat.abi.yaml under the system ABI.
use crate::system::{Opt, Owned, OwnedStr, Res, Str};
use std::mem::ManuallyDrop;

pub type PeerId = [u8; 32];

pub const OFFLINE: u8 = 0;
pub const ONLINE: u8 = 1;
pub const AWAY: u8 = 2;
pub const FILES: u32 = 1;
pub const VOICE: u32 = 2;
pub const VIDEO: u32 = 4;

#[repr(C)]
pub struct Options<'a> {
    pub name: Str<'a>,
    pub nick: Str<'a>, /* option: a null pointer is none */
    pub want: u32,
    pub state: u8,
}

#[repr(C)]
pub struct Rejection {
    pub reason: OwnedStr,
    pub retry_ms: Opt<u32>,
}

pub const INVALID_BUNDLE: u32 = 0;
pub const IO: u32 = 1;
pub const REJECTED: u32 = 2;

#[repr(C)]
pub union ErrorPayload {
    pub io: i32,
    pub rejected: ManuallyDrop<Rejection>,
    reserved: [u64; 7],
}

/// Open: other tags than the three are legal, which no `enum` of Rust allows.
#[repr(C)]
pub struct Error {
    pub tag: u32,
    pub payload: ErrorPayload,
}

impl Error {
    pub fn io(number: i32) -> Self {
        Error { tag: IO, payload: ErrorPayload { io: number } }
    }
    pub fn invalid_bundle() -> Self {
        Error { tag: INVALID_BUNDLE, payload: ErrorPayload { reserved: [0; 7] } }
    }
    pub fn rejected(reason: &str, retry_ms: Option<u32>) -> Self {
        let rejected = ManuallyDrop::new(Rejection {
            reason: Owned::adopt(reason.as_bytes().to_vec()),
            retry_ms: Opt::from(retry_ms),
        });
        Error { tag: REJECTED, payload: ErrorPayload { rejected } }
    }
}

impl Drop for Error {
    fn drop(&mut self) {
        if self.tag == REJECTED {
            unsafe { ManuallyDrop::drop(&mut self.payload.rejected) }
        }
    }
}

pub const EMPTY: u32 = 1;
pub const NOT_A_NUMBER: u32 = 2;

#[repr(C)]
pub struct Draft<'a> {
    pub text: Str<'a>,
    pub at: Opt<u64>,
}

#[repr(C)]
pub struct Message {
    pub id: u64,
    pub sender: PeerId,
    pub sent: u64,
    pub text: OwnedStr,
}

#[repr(C, u8)]
pub enum Event {
    Typing,
    Joined(PeerId),
    Renamed(OwnedStr),
    Said(Message),
}

#[repr(C, u8)]
#[derive(Clone, Copy)]
pub enum Reaction {
    Like,
    Stars(u32),
    Score(f64),
}

#[repr(C)]
pub struct Period {
    pub first: u64,
    pub last: u64,
}

#[repr(C)]
#[derive(Default)]
pub struct Totals {
    pub messages: u64,
    pub bytes: u64,
    pub longest: u32,
    pub mean: f64,
}

pub type Sent = Res<u64, Error>;
/// What two words are returned as: the tag, and the number or the error.
#[repr(C)]
pub struct Parsed {
    tag: u32,
    value: u64,
}
impl Parsed {
    pub fn new(parsed: Result<u64, u32>) -> Self {
        match parsed {
            Ok(number) => Self { tag: 0, value: number },
            Err(error) => Self { tag: 1, value: u64::from(error) },
        }
    }
    pub fn get(self) -> Result<u64, u32> {
        if self.tag == 0 { Ok(self.value) } else { Err(self.value as u32) }
    }
}

/* What a 64-bit C compiler says (chat.h). */
const _: () = {
    use std::mem::{offset_of, size_of};
    assert!(size_of::<Options>() == 40 && offset_of!(Options, state) == 36);
    assert!(size_of::<Rejection>() == 32 && size_of::<Error>() == 64);
    assert!(offset_of!(Error, payload) == 8 && size_of::<Sent>() == 72);
    assert!(size_of::<Draft>() == 32 && size_of::<Message>() == 72);
    assert!(size_of::<Opt<Message>>() == 80 && size_of::<Event>() == 80);
    assert!(size_of::<Opt<Event>>() == 88 && size_of::<Reaction>() == 16);
    assert!(size_of::<Opt<Reaction>>() == 24 && size_of::<Parsed>() == 16);
};
