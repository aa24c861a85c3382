//! Visits of a page with Chromium.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::component::component;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/visit.mjs");

/// Takes screenshots of the page, and returns the findings of each.
pub(crate) fn look(address: SocketAddr, name: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    fs::create_dir_all(&folder).unwrap();
    let looks = visit("look", address, &[folder.to_str().unwrap(), name]);
    let looks = looks.as_array().unwrap().clone();
    assert_eq!(looks.len(), 4, "light and dark, narrow and wide");
    for look in &looks {
        let file = format!(
            "{name}-{}-{}.png",
            look["scheme"].as_str().unwrap(),
            look["width"]
        );
        assert!(folder.join(file).exists());
    }
    looks
}

/// Changes the log level on the page, by keyboard, and returns the findings.
pub(crate) fn change(address: SocketAddr, token: &str) -> Value {
    visit("change", address, &[token])
}

/// Runs the script. There is a single browser at a time.
fn visit(task: &str, address: SocketAddr, arguments: &[&str]) -> Value {
    static BROWSER: Mutex<()> = Mutex::new(());
    let _alone = BROWSER.lock().unwrap_or_else(PoisonError::into_inner);
    let output = Command::new("node")
        .args([SCRIPT, task, &format!("http://{address}/-/")])
        .args(arguments)
        .env("CHROMIUM", "/usr/bin/chromium")
        .env("COMPONENTS", component("browser"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{task}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}
