//! Values of the system ABI, and what is expected of them.
#[path = "owned.rs"]
mod owned;
pub use owned::*;

static EXPECTATIONS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
pub fn expected() {
    EXPECTATIONS.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
}
/// How many expectations have held.
pub fn expectations() -> u32 {
    EXPECTATIONS.load(std::sync::atomic::Ordering::SeqCst)
}
/// Ends the process if it does not hold.
#[macro_export]
macro_rules! expect {
    ($condition:expr) => {
        assert!($condition);
        $crate::values::expected();
    };
}
