//! Calls all of the library in Rust; `terms.rs` is what `abide bind rust` makes of the interface.
mod terms;
mod values;

use std::ffi::c_void;
use std::mem::zeroed;
use std::sync::atomic::Ordering::SeqCst;
use terms::*;
use values::*;

fn lend(key: &'static str, value: i64) -> pair {
    pair { key: sys_string { ptr: key.as_ptr() as *mut u8, len: key.len(), owner: std::ptr::null_mut() }, value }
}

unsafe fn show_pairs(what: &str, list: own_slice_pair) {
    let words: Vec<String> =
        items(list.ptr, list.len).iter().map(|p| format!("{}={}", take_text(p.key), p.value)).collect();
    end(list.ptr, list.len, list.owner);
    println!("{what}: {}", words.join(" "));
}

/// Counts in its environment how often it was called.
struct Step {
    does: fn(i64) -> i64,
    calls: u32,
}

unsafe extern "C" fn run(x: i64, env: *mut c_void) -> i64 {
    let step = &mut *env.cast::<Step>();
    step.calls += 1;
    (step.does)(x)
}

unsafe fn show_apply() {
    let mut steps = [Step { does: |x| x + 1, calls: 0 }, Step { does: |x| 10 * x, calls: 0 }, Step { does: |x| x - 2, calls: 0 }];
    let names = [("add", None), ("ten", Some(3)), ("bonus", None)];
    let mut list = Vec::new();
    for (step, (name, weight)) in steps.iter_mut().zip(names) {
        let name = sys_str { ptr: name.as_ptr(), len: name.len() };
        let weight = stage_weight {
            tag: weight.is_some().into(),
            payload: stage_weight_payload { some: weight.unwrap_or(0) },
        };
        list.push(stage { name, run: step { fn_: Some(run), env: (&raw mut *step).cast() }, weight });
    }
    let all = apply(list.as_ptr(), 3, 4);
    let none = apply(std::ptr::null(), 0, 4);
    let empty = apply(list.as_ptr(), 0, 4);
    println!("apply: {all} {none} {empty}, calls {}", steps.iter().map(|s| s.calls).sum::<u32>());
}

unsafe fn words_of(s: shape) -> String {
    match s.tag {
        0 => "nothing".into(),
        1 => format!("circle {}", s.payload.circle),
        2 => {
            let p = s.payload.polygon;
            let points: Vec<String> = items(p.ptr, p.len).iter().map(|p| format!("{},{}", p.x, p.y)).collect();
            end(p.ptr, p.len, p.owner);
            format!("polygon {}", points.join(" "))
        }
        _ => format!("named {}", take_text(s.payload.named)),
    }
}

unsafe fn show_parse(of: &str) {
    let mut made: result_shape_fault = zeroed();
    if parse(of.as_ptr(), of.len(), &mut made) == 0 {
        return println!("parse: {}", words_of(made.payload.ok));
    }
    let fault = made.payload.err;
    match fault.tag {
        0 => println!("fault: number {}", fault.payload.number),
        1 => println!("fault: text {}", take_text(fault.payload.text)),
        _ => println!("fault: near {}", words_of(fault.payload.near)),
    }
}

unsafe fn show_split(of: &str, at: char) {
    let (mut head, mut tail, mut places) = (zeroed(), zeroed(), zeroed::<option_u64>());
    let found = split(of.as_ptr(), of.len(), at as u32, &mut head, &mut tail, &mut places);
    let place = if places.tag == 1 { places.payload.some.to_string() } else { "nowhere".into() };
    println!("split: {found} {}|{}|{place}", take_text(head), take_text(tail));
}

unsafe fn show_iterators() {
    let mine = new_pairs("k", 10..15);
    println!("sum: {}", sum(mine, &TABLE, 3));
    TABLE.drop.unwrap()(mine);
    let theirs = range(3, 6);
    let mut words = Vec::new();
    while let Some((key, value)) = next_of(theirs.data, theirs.vtable) {
        let left = (*theirs.vtable).left.unwrap()(theirs.data);
        words.push(format!("{key}={value},{left}"));
    }
    (*theirs.vtable).drop.unwrap()(theirs.data);
    println!("range: {}", words.join(" "));
    let mut all = zeroed();
    take(new_pairs("m", 1..4), &TABLE, &mut all);
    show_pairs("take", all);
    println!("dropped: {}", DROPPED.load(SeqCst));
}

fn main() {
    unsafe {
        let mut merged = zeroed();
        merge([lend("a", 1), lend("b", 2)].as_ptr(), 2, [lend("b", 3), lend("ä", 4)].as_ptr(), 2, &mut merged);
        show_pairs("merge", merged);
        show_apply();
        for text in ["", "circle 1.5", "polygon 3", "named käse", "number -7", "near named x", "what is it"] {
            show_parse(text);
        }
        show_split("key=välue", '=');
        show_split("none", 'ä');
        show_iterators();
    }
}
