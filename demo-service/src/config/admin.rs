//! The token of operators.

use environ::{EnvConfig, Secret};

/// Who may change what runs.
#[derive(Debug, EnvConfig)]
pub struct AdminConfig {
    /// What `/-/log-level` wants as `Authorization: Bearer` before it changes
    /// anything; not set, nobody may.
    #[env(example = "at-least-16-letters")]
    pub token: Option<Secret<String>>,
}

impl AdminConfig {
    /// Returns the rule that the token breaks. No validator of the field does this, because a
    /// report withholds the reason if the token occurs in it, as `short` does.
    ///
    /// A header cannot carry anything but visible ASCII, and the newline at the end of a file
    /// is the usual mistake.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let Some(token) = &self.token else {
            return Ok(());
        };
        let token = token.expose();
        if token.len() < 16 {
            return Err("APP_ADMIN_TOKEN is too short: at least 16 characters");
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(
                "APP_ADMIN_TOKEN cannot be sent in a header: only letters, digits and signs of \
                 ASCII, without white space",
            );
        }
        Ok(())
    }
}
