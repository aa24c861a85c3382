//! The version that runs: Dockerflow's `version.json`.

use std::env::current_exe;
use std::path::Path;

use environ::file;
use serde_json::{Value, json};

/// The file that the build of an image writes beside the program, which Dockerflow wants
/// in `/app`.
const FILE: &str = "version.json";

/// The version that runs, as a JSON object with `source`, `version`, `commit` and
/// `build`.
#[derive(Clone, Debug)]
pub(crate) struct Version(Value);

impl Version {
    /// The number of the release, from Cargo.
    pub(crate) const NUMBER: &str = env!("CARGO_PKG_VERSION");

    /// Returns the version of the image, or else the compiled version.
    pub(crate) fn of_this_build() -> Self {
        let program = current_exe().ok();
        let file = program.map(|program| program.with_file_name(FILE));
        let written = file.and_then(|file| written(&file));
        Self(written.unwrap_or_else(compiled))
    }

    /// Returns the number of the version, which may be empty.
    pub(crate) fn number(&self) -> &str {
        self.0["version"].as_str().unwrap_or_default()
    }

    /// Returns the version as JSON.
    pub(crate) fn json(&self) -> &Value {
        &self.0
    }
}

fn written(path: &Path) -> Option<Value> {
    let text = file::read(path).ok()?;
    serde_json::from_slice(&text).ok().filter(Value::is_object)
}

fn compiled() -> Value {
    json!({
        "source": env!("CARGO_PKG_REPOSITORY"),
        "version": Version::NUMBER,
        "commit": option_env!("APP_BUILD_COMMIT").unwrap_or_default(),
        "build": option_env!("APP_BUILD_URL").unwrap_or_default(),
    })
}
