//! What a load tells: what is wrong, what is odd, and where each value came from.

mod error;
mod origin;
mod warning;

pub(crate) use error::{Absence, What};
pub use error::{Error, Problem};
pub use origin::{Origin, Origins};
pub use warning::Warning;
