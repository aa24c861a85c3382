//! Runs rustdoc over `environ`, once for each set of features.
//!
//! Its JSON is not stable yet, so that `RUSTC_BOOTSTRAP` allows it, for rustdoc alone:
//! build scripts that looked at that variable would run again. `cargo` checks the
//! dependencies once, with all features of `environ`, and each run of rustdoc gets the
//! same: a run takes seconds, and `cargo rustdoc` for each set would take minutes.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use environ::{Process, Source};
use serde_json::Value;
use tempfile::TempDir;

/// A crate with built dependencies.
pub(crate) struct Crate {
    dir: PathBuf,
    version: String,
    /// The features that each feature switches on.
    features: BTreeMap<String, Vec<String>>,
    /// The name of each direct dependency, and its file.
    dependencies: BTreeMap<String, PathBuf>,
    out: TempDir,
    /// The APIs so far, by their features.
    apis: RefCell<BTreeMap<BTreeSet<String>, Vec<String>>>,
}

impl Crate {
    /// Builds the dependencies of `environ`.
    pub(crate) fn environ() -> Self {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../environ");
        let metadata = cargo(&dir, &["metadata", "--format-version=1", "--all-features"]);
        let metadata: Value = serde_json::from_str(&metadata).unwrap();
        let packages = metadata["packages"].as_array().unwrap();
        let this = packages.iter().find(|one| one["name"] == "environ-config");
        let this = this.unwrap();
        let features = serde_json::from_value(this["features"].clone()).unwrap();
        let check = ["check", "--lib", "--all-features", "--message-format=json"];
        let messages = cargo(&dir, &check);
        let messages = messages
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        Self {
            version: text(&this["version"]).to_owned(),
            dependencies: dependencies(&metadata, text(&this["id"]), messages),
            features,
            out: tempfile::tempdir().unwrap(),
            apis: RefCell::default(),
            dir,
        }
    }

    pub(crate) fn features(&self) -> impl Iterator<Item = String> {
        let names = self.features.keys().filter(|name| *name != "default");
        names.cloned()
    }

    /// The features that a feature switches on.
    pub(crate) fn implied(&self, feature: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![feature.to_owned()];
        while let Some(feature) = open.pop() {
            let implied = self.features[&feature].iter();
            for implied in implied.filter(|name| self.features.contains_key(*name)) {
                if found.insert(implied.clone()) {
                    open.push(implied.clone());
                }
            }
        }
        found
    }

    /// The public API with these features, a line for each item.
    pub(crate) fn api(&self, features: &BTreeSet<String>) -> Vec<String> {
        let mut apis = self.apis.borrow_mut();
        let api = apis.entry(features.clone());
        api.or_insert_with(|| self.documented(features)).clone()
    }

    fn documented(&self, features: &BTreeSet<String>) -> Vec<String> {
        let mut rustdoc = Command::new("rustdoc");
        rustdoc
            .current_dir(&self.dir)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_PKG_VERSION", &self.version)
            .args(["src/lib.rs", "--crate-name=environ", "--edition=2021"])
            .args(["-Zunstable-options", "--output-format=json"])
            .args(["--cap-lints=allow", "--out-dir"])
            .arg(self.out.path());
        for feature in features {
            rustdoc.args(["--cfg", &format!("feature=\"{feature}\"")]);
        }
        for (name, file) in &self.dependencies {
            let dir = file.parent().unwrap();
            rustdoc.args(["-L", &format!("dependency={}", dir.display())]);
            rustdoc.args(["--extern", &format!("{name}={}", file.display())]);
        }
        let done = rustdoc.output().unwrap();
        let stderr = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{stderr}");
        let json = self.out.path().join("environ.json");
        let api = public_api::Builder::from_rustdoc_json(json)
            .omit_auto_trait_impls(true)
            .omit_blanket_impls(true);
        let api = api.build().unwrap();
        let lines = api.items().map(ToString::to_string);
        // The pages of the manual are in no program.
        lines
            .filter(|line| !line.contains("environ::guide"))
            .collect()
    }
}

/// The file of each direct dependency of a package, by its name in code.
fn dependencies(
    metadata: &Value,
    package: &str,
    messages: impl Iterator<Item = Value>,
) -> BTreeMap<String, PathBuf> {
    let artifacts = messages.filter(|message| message["reason"] == "compiler-artifact");
    let artifacts: Vec<_> = artifacts.filter(is_for_environ).collect();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let node = nodes.iter().find(|node| node["id"] == package).unwrap();
    let direct = node["deps"].as_array().unwrap().iter();
    let direct = direct.filter(|dependency| {
        let kinds = dependency["dep_kinds"].as_array().unwrap();
        kinds.iter().any(|kind| kind["kind"].is_null())
    });
    direct
        .map(|dependency| {
            let is_its = |artifact: &&Value| artifact["package_id"] == dependency["pkg"];
            let of_it: Vec<_> = artifacts.iter().filter(is_its).collect();
            assert_eq!(of_it.len(), 1, "how often {dependency} is built");
            let files = of_it[0]["filenames"].as_array().unwrap().iter();
            let file = files.map(text).next_back().unwrap();
            (text(&dependency["name"]).to_owned(), file.into())
        })
        .collect()
}

/// Whether an artifact is a macro, or a crate that was checked. Crates of build scripts and
/// macros are built with code.
fn is_for_environ(artifact: &Value) -> bool {
    let mut files = artifact["filenames"].as_array().unwrap().iter().map(text);
    artifact["target"]["kind"][0] == "proc-macro" || files.all(is_metadata)
}

fn is_metadata(file: &str) -> bool {
    Path::new(file).extension() == Some("rmeta".as_ref())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Variables with which cargo describes a package to its tests and build scripts.
const DESCRIPTIONS: [&str; 4] = [
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
];

fn cargo(dir: &Path, args: &[&str]) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(dir).args(args).stderr(Stdio::inherit());
    // The outer cargo describes this package. Build scripts, such as that of ring, would
    // take the description for theirs and run again.
    for name in Process.names().unwrap() {
        let shown = name.to_string_lossy();
        if DESCRIPTIONS.iter().any(|group| shown.starts_with(group)) {
            cargo.env_remove(&name);
        }
    }
    let done = cargo.output().unwrap();
    assert!(done.status.success(), "cargo {args:?}");
    String::from_utf8(done.stdout).unwrap()
}
