//! How much of a value may be shown, and how: secrets and passwords never are, and every
//! letter that is shown is seen.
//!
//! Each text goes into an output by a function of `display`. `leak` finds hidden texts in
//! reasons, `password` the passwords in plain texts, `oddity` letters that nobody meant.

pub(crate) mod display;
pub(crate) mod escape;
pub(crate) mod leak;
pub(crate) mod oddity;
pub(crate) mod password;
mod secret;

pub use secret::{Redacted, Secret};
