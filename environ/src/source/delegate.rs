//! Implementations that ask another value: both traits of this room have them for
//! references and boxes.

/// Implements a trait for types that hold or lead to an implementation of it.
///
/// `[S: Source] Box<S>, |this| &**this;` is one type: its generics, the type, and the
/// value to ask.
macro_rules! delegate {
    ($trait:ident $methods:tt $([$($generics:tt)*] $ty:ty, |$this:ident| $inner:expr;)*) => {$(
        impl<$($generics)*> $trait for $ty {
            $crate::source::delegate::delegate! { @methods $trait |$this| $inner, $methods }
        }
    )*};
    (@methods $trait:ident |$this:ident| $inner:expr, {$(
        fn $method:ident(&self $(, $arg:ident: $arg_ty:ty)*) -> $returns:ty;
    )*}) => {$(
        fn $method(&self $(, $arg: $arg_ty)*) -> $returns {
            let $this = self;
            $trait::$method($inner $(, $arg)*)
        }
    )*};
}

pub(super) use delegate;
