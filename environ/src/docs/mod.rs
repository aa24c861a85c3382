//! Documentation made from the table that loading uses.

mod text;

use crate::spec::Spec;

/// The variables of a config type; made by
/// [`EnvConfig::help`](crate::EnvConfig::help).
///
/// Displays as text for a terminal, a line for each variable.
#[derive(Clone, Copy, Debug)]
pub struct Help {
    spec: &'static Spec,
}

impl Help {
    pub(crate) fn of(spec: &'static Spec) -> Self {
        Self { spec }
    }
}
