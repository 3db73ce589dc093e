#[repr(C)]
pub struct Reading {
    sensor: u16,
    ok: bool,
    value: f64,
    when: i64,
    unit: [u8; 8],
}

#[no_mangle]
pub extern "C" fn latest(sensor: u16) -> Reading {
    Reading { sensor, ok: true, value: f64::from(sensor) * 0.5, when: -1, unit: *b"mm\0\0\0\0\0\0" }
}

extern "C" {
    fn mine_latest(sensor: u16, out: *mut Reading);
}

fn main() {
    let mut got = std::mem::MaybeUninit::<Reading>::uninit();
    let got = unsafe {
        mine_latest(42, got.as_mut_ptr());
        got.assume_init()
    };
    let unit = std::str::from_utf8(&got.unit).unwrap().trim_end_matches('\0');
    println!("{} {} {} {} {}", got.sensor, got.ok as u8, got.value, got.when, unit);
}
