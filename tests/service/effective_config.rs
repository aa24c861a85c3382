//! `/-/config`: the values in effect, and their origins.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::process::Process;

#[test]
fn every_value_is_shown_with_its_origin_and_no_secret_is() {
    let dir = tempfile::tempdir().unwrap();
    let token = dir.path().join("token");
    fs::write(&token, "hunter2-admin-token-hunter2").unwrap();
    fs::set_permissions(&token, PermissionsExt::from_mode(0o600)).unwrap();
    let token = token.to_str().unwrap();
    let process = Process::start(&[
        ("APP_ADMIN_TOKEN_FILE", token),
        ("APP_DRAIN_DELAY", "2s"),
        ("HOST", "127.0.0.1"),
        ("NOBODYS", "hunter2"),
    ]);
    let answer = process.client().get("/-/config");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(!answer.body.contains("hunter2"), "{}", answer.body);
    let config: Value = serde_json::from_str(&answer.body).unwrap();
    let shown = |name: &str| {
        let variables = config["variables"].as_array().unwrap();
        let found = variables.iter().find(|variable| variable["name"] == name);
        let found = found.unwrap_or_else(|| panic!("no {name} in {config}"));
        format!("{} {}", found["value"], found["origin"]).replace('"', "")
    };
    assert_eq!(shown("APP_HOST"), "127.0.0.1 environment, as HOST");
    assert_eq!(shown("APP_PORT"), "0 environment, as PORT");
    assert_eq!(shown("APP_LOG_LEVEL"), "info default");
    assert_eq!(shown("APP_DRAIN_DELAY"), "2s environment");
    assert_eq!(
        shown("APP_ADMIN_TOKEN"),
        format!("[REDACTED] file {token}, from APP_ADMIN_TOKEN_FILE")
    );
    assert_eq!(config["warnings"], json!([]));
}

#[test]
fn what_is_odd_is_shown_too() {
    let process = Process::start(&[("APP_HOST", "127.0.0.1"), ("HOST", "::1")]);
    let config = process.client().get("/-/config").body;
    let config: Value = serde_json::from_str(&config).unwrap();
    assert_eq!(
        config["warnings"],
        json!(["HOST: not read, since APP_HOST is set too"])
    );
}
