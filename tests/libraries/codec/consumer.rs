//! A program in Rust, in the terms of the system ABI; `terms.rs` is what `abide bind rust` makes of the interface.
#![allow(dead_code)]
mod terms;
#[macro_use]
mod values;

use std::ffi::c_void;
use std::mem::{offset_of, size_of, zeroed};
use terms::*;
use values::*;

const COLOURS: &[u8] = b"PX10\x03\x02\x08abcdefghijkl\0\0\0\0qrstuvwx";
const GRAY: &[u8] = b"PX10\x02\x02\x01\0\x40\x80\xff";

unsafe fn usual() -> options {
    options { size: size_of::<options>() as u32, quality: 0.5, ..zeroed() }
}

unsafe fn decoded(data: &[u8], opts: &options) -> Result<image, fault> {
    let mut out: result_image_fault = zeroed();
    let tag = decode(data.as_ptr(), data.len(), opts, &mut out);
    expect!(tag == out.tag.into());
    if tag == 0 { Ok(out.payload.ok) } else { Err(out.payload.err) }
}

/// Its notes, as one text; all that it has is released.
unsafe fn end_image(i: image) -> String {
    let mut words = String::new();
    for n in items(i.notes.ptr, i.notes.len) {
        words += &take_text(n.key);
        words += &if n.value.ptr.is_null() { "-".into() } else { format!("={}", take_text(n.value)) };
    }
    end(i.notes.ptr, i.notes.len, i.notes.owner);
    match i.pixels.tag {
        0 => end(i.pixels.payload.gray.ptr, i.pixels.payload.gray.len, i.pixels.payload.gray.owner),
        1 => end(i.pixels.payload.colours.ptr, i.pixels.payload.colours.len, i.pixels.payload.colours.owner),
        _ => end(i.pixels.payload.deep.ptr, i.pixels.payload.deep.len, i.pixels.payload.deep.owner),
    }
    words
}

unsafe fn look() {
    let (mut own, mut found) = ([0; 4], zeroed::<option_info>());
    magic(own.as_mut_ptr());
    expect!(&own == b"PX10" && supported() == features_lossless | features_metadata);
    expect!(probe(COLOURS.as_ptr(), COLOURS.len(), &mut found) == 1 && found.payload.some.features == 3);
    expect!(found.payload.some.width == 3 && found.payload.some.colours.tag == 0);
    expect!(probe(GRAY.as_ptr(), GRAY.len(), &mut found) == 1 && found.payload.some.colours.payload.some == 2);
    expect!(probe(1 as *const u8, 0, &mut found) == 0);
}

unsafe extern "C" fn see(done: f32, env: *mut c_void) -> bool {
    *env.cast::<f32>() += done;
    *env.cast::<f32>() < 2.0
}

unsafe fn decode_and_encode() {
    let (mut opts, mut seen) = (usual(), 0f32);
    opts.wanted = features_metadata;
    opts.background = options_background { tag: 1, payload: options_background_payload { some: colour { r: 1, g: 2, b: 3, a: 4 } } };
    opts.progress = closure_done_f32_bool { fn_: Some(see), env: (&raw mut seen).cast() };
    let made = decoded(COLOURS, &opts).ok().unwrap();
    let pixels = items(made.pixels.payload.colours.ptr, made.pixels.payload.colours.len);
    expect!(made.height == 2 && made.depth == 8 && seen == 1.5 && pixels.len() == 6 && pixels[3].b == 3 && pixels[5].a == b'x');
    let (mut counts, mut packed) = ([9u32; 4], zeroed::<result_own_slice_u8_fault>());
    let p = made.pixels.payload.colours;
    histogram(1, p.ptr.cast(), p.len, p.owner.cast(), counts.as_mut_ptr());
    expect!(counts == [1, 5, 0, 0]);
    expect!(encode(&made, &opts, &mut packed) == 0);
    let data = packed.payload.ok;
    expect!(items(data.ptr, data.len)[..19] == COLOURS[..19] && data.len == 31 && *data.ptr.add(19) == 1);
    end(data.ptr, data.len, data.owner);
    opts.wanted = features_animation;
    expect!(encode(&made, &opts, &mut packed) == 1 && packed.payload.err.tag == 2);
    expect!(take_text(packed.payload.err.payload.unsupported) == "animätion");
    expect!(end_image(made) == "quality=50 %wänted-");
    expect!(decoded(COLOURS, &opts).err().unwrap().tag == 4);
}

unsafe fn fail() {
    let mut opts = usual();
    let magic = decoded(b"QX10\x01\x01\x01.", &opts).err().unwrap();
    expect!(magic.tag == 1 && &magic.payload.bad_magic == b"QX10");
    let odd = decoded(b"PX10\x01\x01\x07.", &opts).err().unwrap();
    expect!(odd.tag == 2 && take_text(odd.payload.unsupported) == "depth 7");
    expect!(decoded(&GRAY[..9], &opts).err().unwrap().payload.truncated == 9);
    opts.most = 3;
    let limit = decoded(GRAY, &opts).err().unwrap();
    expect!(limit.tag == 3 && limit.payload.limit.wanted == 4 && limit.payload.limit.most == 3);
    opts.size = offset_of!(options, most) as u32; // a program that does not know it yet
    expect!(end_image(decoded(GRAY, &opts).ok().unwrap()) == "quality=50 %");
}

unsafe fn change() {
    let (mut gray, mut made, mut most) = (decoded(GRAY, &usual()).ok().unwrap(), zeroed::<image>(), zeroed());
    convert(&mut gray, depth_eight, &mut made);
    expect!(made.pixels.tag == 1 && made.depth == 8);
    let all = made.pixels.payload.colours;
    expect!(all.len == 4 && (*all.ptr.add(2)).g == 128);
    palette(all.ptr, all.len, &mut most);
    expect!(most.field0.r == 255 && most.field1 == 447.0 / 4.0);
    expect!(end_image(made) == "quality=50 %");
}

unsafe extern "C" fn see_row(y: u32, row: *const colour, len: usize, env: *mut c_void) -> bool {
    let seen = env.cast::<usize>();
    *seen += 100 * y as usize + 10 * len + usize::from((*row).r == b'a');
    *seen < 200
}

unsafe fn stream() {
    let (mut into, mut count, mut out) = ([zeroed::<colour>(); 8], 77, zeroed::<result_size_fault>());
    expect!(decode_into(COLOURS.as_ptr(), COLOURS.len(), into.as_mut_ptr(), 8, &mut count, &mut out) == 0);
    expect!(out.payload.ok == 6 && count == 2 && into[5].r == b'u' && into[6].a == 0);
    expect!(decode_into(COLOURS.as_ptr(), COLOURS.len(), into.as_mut_ptr(), 5, &mut count, &mut out) == 1);
    expect!(out.payload.err.tag == 3 && out.payload.err.payload.limit.most == 5 && count == 0);
    let (mut seen, mut done) = (0usize, zeroed::<result_u32_fault>());
    expect!(rows(COLOURS.as_ptr(), COLOURS.len(), Some(see_row), (&raw mut seen).cast(), &mut done) == 0);
    expect!(done.payload.ok == 2 && seen == 161);
    expect!(rows(COLOURS.as_ptr(), COLOURS.len(), Some(see_row), (&raw mut seen).cast(), &mut done) == 1);
    expect!(done.payload.err.tag == 4 && seen == 322);
}

#[no_mangle]
unsafe extern "C" fn consume() -> u32 {
    let before = expectations();
    look();
    decode_and_encode();
    fail();
    change();
    stream();
    expectations() - before
}
