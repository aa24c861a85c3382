//! What a load tells: problems, warnings, and where each value came from.

mod error;
mod origin;
mod problem;
mod warning;

pub use error::Error;
pub use origin::{Origin, Origins};
pub use problem::Problem;
pub(crate) use problem::{Absence, Fault};
pub use warning::Warning;
