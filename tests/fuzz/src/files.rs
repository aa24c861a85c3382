//! Files of a deployment, layers of variables in files, and specifications of releases.
//!
//! An input is the letter of a [name](NAMES), then the bytes of a file of this name: the
//! check of deployments judges the file. `v` is a `.env` file as a layer, `o` a JSON
//! document as a layer, `s` the specification of an earlier release, or a program with it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use environ::deployment::Report;
use environ::embedded;
use environ::{Document, DotEnv, EnvConfig, EnvValue, Secret};
use serde_json::Value;
use tempfile::TempDir;

use crate::shown;

/// The names that formats are known by.
const NAMES: &[(u8, &str)] = &[
    (b'k', "app.yaml"),
    (b'j', "app.json"),
    (b'u', "app.service"),
    (b'e', ".env"),
    (b'd', "Dockerfile"),
    (b'p', "Procfile"),
];

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only the report is looked at")]
struct Config {
    #[env(default = 8000, alias = "PORT")]
    port: u16,
    #[env(group)]
    db: BTreeMap<String, Db>,
    #[env(group)]
    up: Vec<Up>,
    #[env(group)]
    storage: Storage,
    #[env(file)]
    motd: Option<String>,
    level: Option<Level>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only the report is looked at")]
struct Db {
    url: Secret<String>,
    timeout: Option<Duration>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only the report is looked at")]
struct Up {
    host: String,
    #[env(json)]
    labels: Option<Value>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only the report is looked at")]
enum Storage {
    #[env(default)]
    Memory,
    S3(Bucket),
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only the report is looked at")]
struct Bucket {
    bucket: String,
}

#[derive(Debug, EnvValue)]
enum Level {
    Debug,
    Info,
}

pub(crate) fn fuzz(input: &[u8]) {
    let Some((kind, bytes)) = input.split_first() else {
        return;
    };
    // Nothing here is marked as a secret for certain.
    if shown::holds_password(bytes) {
        return;
    }
    DIR.with(|dir| {
        let named = NAMES.iter().find(|(letter, _)| letter == kind);
        match (kind, named) {
            (_, Some((_, name))) => deployment(&dir.path().join(name), bytes),
            (b'v', _) => dotenv(&dir.path().join("layer.env"), bytes),
            (b'o', _) => document(bytes),
            (b's', _) => spec(bytes),
            _ => {}
        }
    });
}

thread_local! {
    static DIR: TempDir = tempfile::tempdir().expect("there is room for files");
}

fn deployment(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("there is room for a file");
    let plain = Config::deployment().file(path).check();
    let strict = Config::deployment()
        .file(path)
        .program("app")
        .strict()
        .secrets_elsewhere();
    for report in [plain, strict.check()] {
        assert_report(&report);
    }
    fs::remove_file(path).expect("the file is there");
}

fn assert_report(report: &Report) {
    for finding in report.findings() {
        shown::assert_line(finding);
        let place = finding.place();
        assert!(place.line() > 0 && place.column() > 0, "{finding}");
    }
    let count = report.findings().count();
    assert_eq!(report.to_github().lines().count(), count);
    let json: Value = serde_json::from_str(&report.to_json()).expect("the report is JSON");
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(count));
    let sarif: Value = serde_json::from_str(&report.to_sarif("app")).expect("the report is SARIF");
    let results = &sarif["runs"][0]["results"];
    assert_eq!(results.as_array().map(Vec::len), Some(count));
}

fn dotenv(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("there is room for a file");
    shown::assert_load(
        &Config::loader()
            .source(DotEnv::from_path(path))
            .strict()
            .load(),
    );
}

fn document(bytes: &[u8]) {
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        let document = Document::from_serialize("app.toml", &value);
        shown::assert_load(&Config::loader().source(document).strict().load());
    }
}

fn spec(bytes: &[u8]) {
    let text = match embedded::read(bytes) {
        Ok(text) => text,
        Err(err) => return shown::assert_error(&err),
    };
    match Config::help().diff(&text) {
        Ok(changes) => changes.iter().for_each(shown::assert_line),
        Err(err) => shown::assert_error(&err),
    }
}
