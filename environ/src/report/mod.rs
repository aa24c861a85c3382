//! The answers of a load: problems, warnings, and the origin of each value.

mod error;
mod origin;
mod problem;
mod warning;

pub use error::Error;
pub use origin::{Origin, OriginItems, Origins, Place};
pub use problem::Problem;
pub(crate) use problem::{Absence, Fault};
pub use warning::Warning;
