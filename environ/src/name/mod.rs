//! How the name of a variable is made. Nothing else in the crate knows where a `_` stands.

mod const_str;
mod hash;
mod join;
pub(crate) mod near;
mod order;
mod path;

pub(crate) use const_str::{is_same, stop, ConstStr};
pub(crate) use hash::Hash;
pub(crate) use join::{
    is_joined, is_under, join, odd_prefix, of_file, prefix, ANY_KEY, ANY_NUMBER, DEFAULT_PREFIX,
    FILE, OF_SECRETS, UNDERSCORE,
};
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
pub(crate) use join::{of_secret_id, SECRET_ID};
#[cfg(feature = "gcp")]
pub(crate) use join::{KMS, KMS_FILE};
pub(crate) use order::order;
pub(crate) use path::Path;
