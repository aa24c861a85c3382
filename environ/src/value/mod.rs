//! From a text to a value: the trait of types that a variable can hold, and its
//! implementations.

mod accepted;
mod address;
mod answer;
mod decimal;
mod duration;
mod form;
mod inside;
mod invalid;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "deployment")]
pub(crate) mod known;
mod length;
mod list;
mod noun;
mod number;
mod parts;
mod probe;
mod range;
mod rule;
mod scalar;
#[cfg(feature = "secrecy-0_10")]
mod secrecy;
mod split;
mod syntax;
mod text;
mod validators;
mod wraps;
#[cfg(feature = "json")]
mod written;

pub use accepted::Accepted;
pub(crate) use duration::is_bare;
pub use duration::{in_unit, BareUnit, InUnit};
pub use form::Form;
#[cfg(feature = "json")]
pub(crate) use form::FormKind;
pub use inside::{Inside, Ranged, Within};
pub use invalid::{parsed, Invalid};
pub(crate) use invalid::{Reason, Why};
#[cfg(feature = "json")]
pub use json::json;
#[cfg(feature = "json")]
pub(crate) use json::{does_not_fit, scalars};
pub use length::length;
pub use probe::{Fallback, Probe};
pub use range::{
    Bounds, OrderInnermost, OrderInside, RangeText, ShowDisplay, ShowNothing, TextRange,
};
pub use rule::{Reasons, Rule};
pub use scalar::truthy;
#[cfg(feature = "json")]
pub(crate) use split::join;
pub(crate) use split::split;
pub(crate) use syntax::list_oddity;
pub use text::Text;
pub(crate) use validators::Check;
pub use validators::{because, non_empty, unless_empty, valid};
#[cfg(feature = "json")]
pub(crate) use written::Written;

/// A type that one variable can hold.
///
/// Implemented for the types of the standard library that have a text form, for
/// lists and sets of them, for [`Secret<T>`](crate::Secret), and by
/// `#[derive(EnvValue)]` for enums of words. A type that has [`FromStr`] with an
/// error that displays is read by that and needs nothing from here; implement
/// this trait when the type should say what it expects, or when it can be read
/// from text that is not UTF-8.
///
/// [`FromStr`]: std::str::FromStr
///
/// # Examples
///
/// ```
/// use environ::{EnvConfig, EnvValue, Form, Invalid, Text};
///
/// #[derive(Debug, PartialEq)]
/// struct Percent(u8);
///
/// impl EnvValue for Percent {
///     const FORM: Form = Form::noun("percentage").example("40%");
///
///     fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
///         let digits = text.as_str()?.strip_suffix('%');
///         let digits = digits.ok_or_else(|| Invalid::new("the % is missing"))?;
///         digits.parse().map(Self).map_err(Invalid::new)
///     }
/// }
///
/// #[derive(Debug, EnvConfig)]
/// struct Cache {
///     fill: Percent,
/// }
///
/// let cache = Cache::from_source([("APP_FILL", "40%")])?;
/// assert_eq!(cache.fill, Percent(40));
///
/// let err = Cache::from_source([("APP_FILL", "40")]).unwrap_err();
/// assert_eq!(
///     err.to_string(),
///     "1 problem with the environment:\n  \
///      APP_FILL  \"40\" is not a percentage, like 40%: the % is missing"
/// );
/// # Ok::<(), environ::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a variable",
    label = "not a type that a variable can hold",
    note = "name a function: `#[env(parse = path)]`; or derive `EnvValue` for it; or implement `FromStr`, with an `Err` that implements `Display`",
    note = "if it derives `EnvConfig`, write `#[env(group)]`"
)]
pub trait EnvValue: Sized {
    /// The form of the text, for errors and help.
    const FORM: Form;

    #[doc(hidden)]
    const TEXTS: Accepted = Accepted::Unknown;

    /// Reads the value.
    ///
    /// The text is never empty, unless it is a default or the field says so.
    ///
    /// # Errors
    ///
    /// Why the text is not a value of this type. The text itself need not be
    /// quoted: the report shows it, or withholds it.
    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid>;
}
