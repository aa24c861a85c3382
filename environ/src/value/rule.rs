//! How generated code finds whether the reasons of a function are constant.
//!
//! A `&'static str` cannot quote a value, so it is shown, even of a secret. The macro sees
//! only the path of the function. So it writes `is_constant!` and leaves the choice to the
//! compiler: a method of `Rule<F>` is taken before a method of `&Rule<F>`, and the former is
//! there only if `F` returns a `&'static str` for every argument. The function decides and
//! not its error alone, because a `&str` may be borrowed from the value.

/// A function of the user's that may refuse a value.
#[derive(Debug)]
pub struct Rule<F>(pub F);

/// Whether the reasons of a [`Rule`] are constant.
///
/// `V` and `T` are the argument and the result of the function, so that the compiler looks at
/// both; they are inferred.
pub trait Reasons<V: ?Sized, T> {
    /// Returns whether the function returns a `&'static str` for every argument.
    fn are_constant(&self) -> bool;
}

impl<F, V: ?Sized, T> Reasons<V, T> for Rule<F>
where
    F: Fn(&V) -> Result<T, &'static str>,
{
    fn are_constant(&self) -> bool {
        true
    }
}

/// Every other function: found after the implementation for `Rule` itself.
impl<F> Reasons<str, ()> for &Rule<F> {
    fn are_constant(&self) -> bool {
        false
    }
}

/// Returns whether the reasons of a [`Rule`] are constant.
#[doc(hidden)]
#[macro_export]
macro_rules! __is_constant {
    ($rule:expr) => {{
        use $crate::__private::Reasons as _;
        (&$rule).are_constant()
    }};
}
