//! The token of operators.

use environ::{EnvConfig, Secret};

use super::rules::looks_like_a_token;

/// Who may change what runs.
#[derive(Debug, EnvConfig)]
pub struct AdminConfig {
    /// What `/-/log-level` wants as `Authorization: Bearer` before it changes
    /// anything; not set, nobody may.
    #[env(example = "at-least-16-letters", validate = looks_like_a_token)]
    pub token: Option<Secret<String>>,
}
