//! The promises that the stores of all clouds keep.
//!
//! Each suite has these tests. Its module `store` names the types and words of its cloud.

mod documents;
mod hostile;
pub(crate) mod ids;
