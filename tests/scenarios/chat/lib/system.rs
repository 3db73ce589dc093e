//! The system ABI's own types in Rust: what a library or program needs that speaks it without
//! help. Owned values release what they own when they are dropped, whoever made them.
use std::ffi::c_void;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What was given away and has not come back: buffers, and whatever the library counts besides.
pub static LIVE: AtomicUsize = AtomicUsize::new(0);

/// The owner word names one of these.
#[repr(C)]
pub struct Owner {
    pub release: unsafe extern "C" fn(*mut Owner, *mut c_void, usize),
}

/// `slice<T>`, `string`: borrowed. Without elements the pointer has no meaning.
#[repr(C)]
pub struct Slice<'a, T> {
    ptr: *const T,
    len: usize,
    borrowed: PhantomData<&'a T>,
}

pub type Str<'a> = Slice<'a, u8>;

impl<'a, T> Clone for Slice<'a, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<'a, T> Copy for Slice<'a, T> {}

impl<'a, T> Slice<'a, T> {
    pub fn new(values: &'a [T]) -> Self {
        Slice { ptr: values.as_ptr(), len: values.len(), borrowed: PhantomData }
    }
    /// None of an `option<slice<T>>`.
    pub fn none() -> Self {
        Slice { ptr: std::ptr::null(), len: 0, borrowed: PhantomData }
    }
    /// From the two words of a parameter.
    /// # Safety
    /// The words are those of a valid slice.
    pub unsafe fn from_words(ptr: *const T, len: usize) -> Self {
        Slice { ptr, len, borrowed: PhantomData }
    }
    pub fn is_none(&self) -> bool {
        self.ptr.is_null()
    }
    pub fn get(&self) -> &'a [T] {
        match self.len {
            0 => &[],
            len => unsafe { std::slice::from_raw_parts(self.ptr, len) },
        }
    }
}

/// `own slice<T>`, `own string`: dropping it drops the elements and then gives the memory back.
#[repr(C)]
pub struct Owned<T> {
    pub ptr: *mut T,
    pub len: usize,
    pub owner: *mut Owner,
}

pub type OwnedStr = Owned<u8>;

/// Stands in front of what only the maker of a buffer has to know: the capacity of its Vec.
#[repr(C)]
struct VecOwner {
    owner: Owner,
    capacity: usize,
}

unsafe extern "C" fn release_vec<T>(owner: *mut Owner, ptr: *mut c_void, _bytes: usize) {
    let header = Box::from_raw(owner.cast::<VecOwner>());
    drop(Vec::<T>::from_raw_parts(ptr.cast(), 0, header.capacity));
    LIVE.fetch_sub(1, Ordering::Relaxed);
}

impl<T> Owned<T> {
    /// Takes over the Vec's memory as it is: nothing is copied.
    pub fn adopt(values: Vec<T>) -> Self {
        if values.is_empty() {
            return Owned { ptr: std::ptr::NonNull::dangling().as_ptr(), ..Self::none() };
        }
        let mut values = std::mem::ManuallyDrop::new(values);
        let header = VecOwner {
            owner: Owner { release: release_vec::<T> },
            capacity: values.capacity(),
        };
        LIVE.fetch_add(1, Ordering::Relaxed);
        Owned {
            ptr: values.as_mut_ptr(),
            len: values.len(),
            owner: Box::into_raw(Box::new(header)).cast(),
        }
    }
    /// None of an `option<own slice<T>>`; zero bytes.
    pub fn none() -> Self {
        Owned { ptr: std::ptr::null_mut(), len: 0, owner: std::ptr::null_mut() }
    }
    pub fn is_none(&self) -> bool {
        self.ptr.is_null()
    }
    pub fn get(&self) -> &[T] {
        match self.len {
            0 => &[],
            len => unsafe { std::slice::from_raw_parts(self.ptr, len) },
        }
    }
    /// Its three words; whoever has them has to release it.
    pub fn into_words(self) -> (*mut T, usize, *mut Owner) {
        let value = std::mem::ManuallyDrop::new(self);
        (value.ptr, value.len, value.owner)
    }
    /// What lies in a borrowed parameter has no owner and is not released.
    pub fn lent(values: &[T]) -> std::mem::ManuallyDrop<Self> {
        std::mem::ManuallyDrop::new(Owned {
            ptr: values.as_ptr() as *mut T,
            len: values.len(),
            owner: std::ptr::null_mut(),
        })
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        if self.owner.is_null() {
            return; /* of nobody: it lives for ever */
        }
        unsafe {
            for i in 0..self.len {
                std::ptr::drop_in_place(self.ptr.add(i));
            }
            let bytes = self.len * std::mem::size_of::<T>();
            ((*self.owner).release)(self.owner, self.ptr.cast(), bytes);
        }
    }
}

/// `option<T>` of a T without a null niche.
#[repr(C, u8)]
#[derive(Clone, Copy)]
pub enum Opt<T> {
    None,
    Some(T),
}

impl<T> Opt<T> {
    pub fn from(value: Option<T>) -> Self {
        value.map_or(Opt::None, Opt::Some)
    }
    pub fn tag(&self) -> u32 {
        matches!(self, Opt::Some(_)) as u32
    }
}

/// `result<T, E>`.
#[repr(C, u8)]
pub enum Res<T, E> {
    Ok(T),
    Err(E),
}

impl<T, E> Res<T, E> {
    pub fn from(value: Result<T, E>) -> Self {
        match value {
            Ok(value) => Res::Ok(value),
            Err(error) => Res::Err(error),
        }
    }
    pub fn tag(&self) -> u32 {
        matches!(self, Res::Err(_)) as u32
    }
}
