//! Texts that operators and strangers give the service.
//!
//! An input is a letter, then texts with a zero byte between them: `e` an environment,
//! `NAME=value` each; `c` the arguments of the program; `h` the state that HAProxy sends.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use demo_service::balancers::ServerState;
use demo_service::cli;
use demo_service::config::{AppConfig, Bootstrap};
use environ::EnvConfig;

use crate::{faults, shown};

pub(crate) fn fuzz(input: &[u8]) {
    let Some((kind, bytes)) = input.split_first() else {
        return;
    };
    let parts = bytes.split(|byte| *byte == 0);
    match kind {
        b'e' => environment(parts),
        b'c' => arguments(parts),
        b'h' => server_state(bytes),
        _ => {}
    }
}

fn environment<'b>(variables: impl Iterator<Item = &'b [u8]>) {
    let pairs = variables.filter_map(|variable| {
        let equals = variable.iter().position(|byte| *byte == b'=')?;
        let (name, value) = (&variable[..equals], &variable[equals + 1..]);
        Some((OsStr::from_bytes(name), OsStr::from_bytes(value)))
    });
    let pairs: Vec<_> = pairs.collect();
    let has_odd_name =
        |(name, _): &(&OsStr, &OsStr)| name.to_string_lossy().contains(shown::is_odd);
    if faults::ODD_NAMES && pairs.iter().any(has_odd_name) {
        return;
    }
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

fn arguments<'b>(arguments: impl Iterator<Item = &'b [u8]>) {
    let arguments = arguments.map(|argument| OsStr::from_bytes(argument).to_owned());
    let arguments: Vec<_> = arguments.collect();
    let is_odd = |argument: &OsString| argument.to_string_lossy().contains(shown::is_odd);
    if faults::ODD_ARGUMENTS && arguments.iter().any(is_odd) {
        return;
    }
    // An argument is no secret.
    if arguments
        .iter()
        .any(|argument| shown::holds_password(argument.as_bytes()))
    {
        return;
    }
    if let Err(reason) = cli::parse(arguments) {
        shown::assert_line(reason);
    }
}

fn server_state(header: &[u8]) {
    let Ok(header) = str::from_utf8(header) else {
        return;
    };
    if let Some(state) = ServerState::parse(header) {
        assert!(header.len() >= state.node.len() + state.name.len());
        let _ = state.has_let_go();
    }
}
