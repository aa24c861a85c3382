//! How much of a value may be shown: secrets and passwords never are.

pub(crate) mod display;
pub(crate) mod password;
mod secret;

pub use secret::{Redacted, Secret};
