//! How much of a value may be shown: secrets and passwords never are.

pub(crate) mod display;
pub(crate) mod password;
mod secret;

pub(crate) use secret::Redacted;
pub use secret::Secret;
