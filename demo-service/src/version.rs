//! What is running: Dockerflow's `version.json`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

/// Where an image keeps the file that its build wrote.
const FILE: &str = "/app/version.json";

/// What is running, as a JSON object with `source`, `version`, `commit` and
/// `build`.
#[derive(Clone, Debug)]
pub struct Version(Value);

impl Version {
    /// The number of the release, from Cargo.
    pub const NUMBER: &str = env!("CARGO_PKG_VERSION");

    /// Gives what the image says, or else what was compiled in.
    #[must_use]
    pub fn of_this_build() -> Self {
        Self(written(Path::new(FILE)).unwrap_or_else(compiled))
    }

    /// Gives the number of what is running, which may be empty.
    #[must_use]
    pub fn number(&self) -> &str {
        self.0["version"].as_str().unwrap_or_default()
    }

    /// Gives the version as JSON.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0
    }
}

fn written(path: &Path) -> Option<Value> {
    let text = fs::read(path).ok()?;
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
