//! The library, in Rust; `terms.rs` is what `abide bind rust` makes of the interface.
#[allow(clippy::missing_safety_doc)]
mod terms;
mod values;

use std::ffi::c_void;
use terms::*;
use values::*;

unsafe fn give_pairs(map: Vec<(String, i64)>, out: *mut own_slice_pair) {
    let list = map.iter().map(|(key, value)| pair { key: give_text(key), value: *value }).collect();
    let (ptr, len, owner) = give::<pair>(list);
    *out = own_slice_pair { ptr, len, owner };
}

#[no_mangle]
unsafe extern "C" fn nested_merge(a: *const pair, a_len: usize, b: *const pair, b_len: usize, out: *mut own_slice_pair) {
    let mut map: Vec<(String, i64)> = Vec::new();
    for p in items(a, a_len).iter().chain(items(b, b_len)) {
        let key = str_of(p.key.ptr, p.key.len);
        match map.iter_mut().find(|(k, _)| k == key) {
            Some((_, value)) => *value += p.value,
            None => map.push((key.to_owned(), p.value)),
        }
    }
    give_pairs(map, out);
}

#[no_mangle]
unsafe extern "C" fn nested_apply(stages: *const stage, stages_len: usize, x: i64) -> i64 {
    if stages.is_null() {
        return -1;
    }
    items(stages, stages_len).iter().fold(x, |x, s| {
        let weight = if s.weight.tag == 1 { s.weight.payload.some } else { 1 };
        let bonus = if str_of(s.name.ptr, s.name.len) == "bonus" { 1000 } else { 0 };
        s.run.fn_.unwrap()(x, s.run.env) * weight + bonus
    })
}

unsafe fn shape_of(word: &str, rest: &str) -> Option<shape> {
    let mut made: shape = std::mem::zeroed();
    match word {
        "" => {}
        "circle" => {
            made.tag = 1;
            made.payload.circle = rest.parse().unwrap();
        }
        "polygon" => {
            let count: i64 = rest.parse().unwrap();
            let (ptr, len, owner) = give((0..count).map(|i| point { x: i as f64, y: (i * i) as f64 }).collect());
            made.tag = 2;
            made.payload.polygon = shape_payload_polygon { ptr, len, owner };
        }
        "named" => {
            made.tag = 3;
            made.payload.named = give_text(rest);
        }
        _ => return None,
    }
    Some(made)
}

#[no_mangle]
unsafe extern "C" fn nested_parse(of: *const u8, of_len: usize, out: *mut result_shape_fault) -> u32 {
    let whole = str_of(of, of_len);
    let (word, rest) = whole.split_once(' ').unwrap_or((whole, ""));
    *out = std::mem::zeroed();
    if let Some(made) = shape_of(word, rest) {
        (*out).payload.ok = made;
        return 0;
    }
    let mut fault: fault = std::mem::zeroed();
    match word {
        "number" => fault.payload.number = rest.parse().unwrap(),
        "near" => {
            let (word, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            fault.tag = 2;
            fault.payload.near = shape_of(word, rest).unwrap();
        }
        _ => {
            fault.tag = 1;
            fault.payload.text = give_text(&format!("cannot read: {whole}"));
        }
    }
    (*out).tag = 1;
    (*out).payload.err = fault;
    1
}

#[no_mangle]
unsafe extern "C" fn nested_split(
    of: *const u8, of_len: usize, at: u32, head: *mut sys_string, tail: *mut sys_string, places: *mut option_u64,
) -> bool {
    let whole = str_of(of, of_len);
    let found = whole.split_once(char::from_u32(at).unwrap());
    let (first, last) = found.unwrap_or((whole, ""));
    *head = give_text(first);
    *tail = give_text(last);
    (*places).tag = found.is_some().into();
    (*places).payload.some = first.len() as u64;
    found.is_some()
}

#[no_mangle]
unsafe extern "C" fn nested_sum(of: *mut c_void, table: *const pairs, most: u32) -> i64 {
    let taken: i64 = (0..most).map_while(|_| next_of(of, table)).map(|(_, value)| value).sum();
    taken + 1000 * (*table).left.unwrap()(of) as i64
}

#[no_mangle]
unsafe extern "C" fn nested_range(first: i64, last: i64) -> range_result {
    range_result { data: new_pairs("n", first..=last), vtable: &TABLE }
}

#[no_mangle]
unsafe extern "C" fn nested_take(of: *mut c_void, table: *const pairs, out: *mut own_slice_pair) {
    let map = std::iter::from_fn(|| next_of(of, table)).collect();
    (*table).drop.unwrap()(of);
    give_pairs(map, out);
}
