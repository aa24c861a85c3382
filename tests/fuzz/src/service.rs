//! The environment of the service.
//!
//! An input is variables with a zero byte between them, as in `/proc/self/environ`.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use demo_service::config::{AppConfig, Bootstrap};
use environ::EnvConfig;

use crate::shown;

pub(crate) fn fuzz(input: &[u8]) {
    let variables = input.split(|byte| *byte == 0);
    let pairs = variables.filter_map(|variable| {
        let equals = variable.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (&variable[..equals], &variable[equals + 1..]);
        Some((OsStr::from_bytes(name), OsStr::from_bytes(value)))
    });
    let pairs: Vec<_> = pairs.collect();
    let secrets = AppConfig::secret_vars();
    let is_secret = |name: &OsStr| secrets.iter().any(|secret| name == &**secret);
    let shows_secret = |(name, value): &(&OsStr, &OsStr)| {
        let name_shows = shown::holds_password(name.as_bytes());
        name_shows || !is_secret(name) && shown::holds_password(value.as_bytes())
    };
    // A password that is no secret may be shown.
    if pairs.iter().any(shows_secret) {
        return;
    }
    shown::assert_load(&AppConfig::loader().source(&pairs[..]).strict().load());
    shown::assert_load(&Bootstrap::loader().source(&pairs[..]).load());
}
