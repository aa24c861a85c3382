//! The token of operators.

use environ::{EnvConfig, Secret};

/// Who may change what runs.
#[derive(Debug, EnvConfig)]
pub struct AdminConfig {
    /// What `/-/log-level` wants as `Authorization: Bearer` before it changes
    /// anything; not set, nobody may.
    #[env(example = "at-least-16-letters", validate = can_be_sent)]
    pub token: Option<Secret<String>>,
}

/// A header cannot carry anything but visible ASCII, and the newline at the end of a file
/// is the usual mistake.
fn can_be_sent(token: &Secret<String>) -> Result<(), &'static str> {
    let token = token.expose();
    if token.len() < 16 {
        return Err("it is too short: at least 16 characters");
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "it cannot be sent in a header: only letters, digits and signs of ASCII, without \
             white space",
        );
    }
    Ok(())
}
