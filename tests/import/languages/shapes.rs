// Types that C has not, whose bytes debug information tells all the same.
#[repr(C)]
pub struct Point {
    x: f64,
    y: f64,
}
pub struct Mixed {
    a: u8,
    b: u64,
    c: u16,
}
pub enum Niche {
    Empty,
    Text(String),
    Gone,
}
pub enum Tagged {
    Small(u8),
    Large { x: u8, y: u64 },
    None,
}
#[repr(u8)]
pub enum Small {
    X = 3,
    Y = 200,
}
#[no_mangle]
pub extern "C" fn area(p: &Point, s: Small) -> f64 {
    p.x * p.y * (s as u8 as f64)
}
#[no_mangle]
pub extern "C" fn look(m: &Mixed, n: &Niche, t: &Tagged, o: Option<&Point>) -> bool {
    m.a == 0 && matches!(n, Niche::Gone) && matches!(t, Tagged::None) && o.is_none()
}
#[no_mangle]
pub extern "C" fn keep(m: Mixed, t: Tagged) -> u64 {
    m.b + m.c as u64 + if let Tagged::Large { x, y } = t { x as u64 + y } else { 0 }
}
pub fn mangled(p: Point) -> f64 {
    p.x
}
