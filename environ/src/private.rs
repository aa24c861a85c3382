//! The items that generated code may touch. Semver covers none of them.

pub use std::default::Default;
pub use std::option::Option::{self, None, Some};
pub use std::primitive::usize;
pub use std::result::Result::{self, Err, Ok};
pub use std::stringify;

pub use crate::__is_constant as is_constant;
pub use crate::config::EnvConfig;
pub use crate::load::Loading as Pass;
pub use crate::spec::{Details, Item, Items, Part, RuleKind, Spec};
#[cfg(feature = "json")]
pub use crate::value::json;
pub use crate::value::{
    because, in_unit, length, non_empty, parsed, truthy, unless_empty, valid, Accepted as Texts,
    BareUnit, Bounds, EnvValue, Fallback, Form, InUnit, Inside, Invalid, OrderInnermost,
    OrderInside, Probe, RangeText, Ranged, Reasons, Rule, ShowDisplay, ShowNothing, Text,
    TextRange, Within,
};

use crate::name;
use crate::spec::unique;

/// Stops the compiler if the macro of another release made the code, because the items of
/// this module have no stable names or signatures.
///
/// # Panics
///
/// While compiling.
#[track_caller]
pub const fn assert_release(of_macro: &str) {
    const OWN: &str = env!("CARGO_PKG_VERSION");
    if !name::is_same(of_macro.as_bytes(), OWN.as_bytes()) {
        let mut message = name::ConstStr::<256>::of("the macro is of `environ-derive` ");
        message.push(of_macro);
        message.push(", and the crate is `environ` ");
        message.push(OWN);
        message.push("; depend on one version of `environ`, and not on `environ-derive`");
        name::stop(message.as_str());
    }
}

/// Stops the compiler if two fields of a type that may be a group read one variable.
///
/// # Panics
///
/// While compiling.
#[track_caller] // the compiler's report leaves out functions that are marked so
pub const fn assert_unique_in_group<T: EnvConfig>() {
    unique::assert_unique_in_group(T::SPEC);
}

pub use crate::__bounds as bounds;
pub use crate::__editor as editor;
pub use crate::__fallback as fallback;
pub use crate::__release as release;
pub use crate::__text_bounds as text_bounds;

/// Stops the compiler if the macro of another release made the code.
// The first arm is a shortcut: it spares the compiler a constant for each type. The second arm
// is right for every release.
#[doc(hidden)]
#[macro_export]
macro_rules! __release {
    ("0.1.0") => {};
    ($of_macro:literal) => {
        const _: () = $crate::__private::assert_release($of_macro);
    };
}

/// The range of a field, with the way to show its ends that the compiler finds for the
/// type.
#[doc(hidden)]
#[macro_export]
macro_rules! __bounds {
    ($ty:ty, ..) => {
        $crate::__private::Bounds::<$ty>::all()
    };
    ($ty:ty, $range:expr) => {
        $crate::__private::Bounds::<$ty, _>::new(
            &$range,
            |end| {
                use $crate::__private::{ShowDisplay as _, ShowNothing as _};
                (&$crate::__private::Probe::of(end)).show(end)
            },
            $crate::__private::stringify!($range),
        )
    };
}

/// The range of a field with texts as its ends, with the order that the compiler finds for the
/// type.
#[doc(hidden)]
#[macro_export]
macro_rules! __text_bounds {
    ($ty:ty, $range:expr, $read:expr) => {
        $crate::__private::TextRange::<$ty>::new(&$range, $read, |one, other| {
            use $crate::__private::{OrderInnermost as _, OrderInside as _};
            (&$crate::__private::Probe::<$ty>::NEW).order(one, other)
        })
    };
}

/// The items of an implementation that stands in for an implementation with mistakes.
#[doc(hidden)]
#[macro_export]
macro_rules! __fallback {
    (EnvConfig) => {
        const SPEC: &'static $crate::__private::Spec = &$crate::__private::Spec::new("", &[]);
        fn load(_: &mut $crate::__private::Pass<'_>) -> $crate::__private::Option<Self> {
            $crate::__private::None
        }
    };
    (EnvValue) => {
        const FORM: $crate::__private::Form = $crate::__private::Form::text();
        fn from_text(
            _: &mut $crate::__private::Text<'_>,
        ) -> $crate::__private::Result<Self, $crate::__private::Invalid> {
            $crate::__private::Err($crate::__private::Invalid::word())
        }
    };
}

/// Nothing, but for an editor: see `expand/editor.rs` of the derive.
#[cfg(not(rust_analyzer))]
#[doc(hidden)]
#[macro_export]
macro_rules! __editor {
    ($($tokens:tt)*) => {};
}

/// Imports the keys of `#[env(...)]` by name, so that rust-analyzer looks them up.
// The condition is on the macro, because in the crate of the user it would be a warning.
#[cfg(rust_analyzer)]
#[doc(hidden)]
#[macro_export]
macro_rules! __editor {
    ($($place:ident { $($keys:tt)* })*) => {
        const _: () = {
            $(mod $place {
                use $crate::__private::keys::$place::*;
                use self::{ $($keys)* };
            })*
        };
    };
}

/// The keys of `#[env(...)]`, as modules with their documentation.
#[cfg(rust_analyzer)]
pub mod keys {
    environ_derive::keys!();
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_release_of_the_shortcut_is_this_release() {
        let source = include_str!("private.rs");
        let arm = format!("(\"{}\") => {{}};", env!("CARGO_PKG_VERSION"));
        assert!(source.contains(&arm), "write `{arm}` in `__release`");
    }
}
