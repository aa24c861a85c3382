//! The operators: their token, and the reach of their endpoints.

use environ::{EnvConfig, Live, Secret};

/// The operators.
#[derive(Debug, EnvConfig)]
pub struct AdminConfig {
    /// Token of operators in `Authorization: Bearer`, for changes and for remote clients.
    #[env(live, example = "at-least-16-letters", validate = can_be_sent)]
    pub token: Live<Option<Secret<String>>>,
    /// Access to operator endpoints without a token, for every client.
    #[env(default = false)]
    pub open: bool,
}

/// The token, for a command that asks an instance.
#[derive(Debug, EnvConfig)]
#[env(prefix = "APP_ADMIN")]
pub(crate) struct AdminToken {
    /// Token of operators.
    #[env(validate = can_be_sent)]
    pub(crate) token: Option<Secret<String>>,
}

/// The metrics.
#[derive(Debug, EnvConfig)]
pub struct MetricsConfig {
    /// Access to `/-/metrics` without a token, for every client.
    #[env(default = false)]
    pub open: bool,
}

/// The endpoints that answer every client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exposure {
    /// Whether all endpoints do.
    pub(crate) operators: bool,
    /// Whether the metrics do.
    pub(crate) metrics: bool,
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
