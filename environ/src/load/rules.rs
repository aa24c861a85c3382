//! How strict a load is.

/// How strict a load is, as its loader was told.
#[derive(Clone, Copy)]
pub(crate) struct Rules {
    /// For a variable under the prefix that no field reads.
    pub(crate) unknown: Level,
    /// For a secret whose value is in the environment.
    pub(crate) env_secrets: Level,
}

/// The answer of a load to an oddity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Level {
    /// Says nothing.
    Allow,
    /// Warns.
    Warn,
    /// Reports a problem, so that nothing is loaded.
    Deny,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            unknown: Level::Allow,
            env_secrets: Level::Warn,
        }
    }
}
