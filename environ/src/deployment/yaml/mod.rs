//! YAML as a tree with places.

mod read;
mod scalar;
mod tree;

pub(super) use read::{documents, Malformed};
pub(super) use scalar::Type;
pub(super) use tree::{Entry, Node};
