//! How strict a load is.

/// How strict a load is, as its loader was told.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rules {
    pub(crate) unknown: Unknown,
    pub(crate) deny_env_secrets: bool,
}

/// How a variable under the prefix is reported that no field reads.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Unknown {
    #[default]
    Ignored,
    Warning,
    Problem,
}
