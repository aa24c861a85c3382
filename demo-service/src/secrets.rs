//! Secrets: where from is configuration, what for is everybody else's business.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use environ::Secret;

use crate::config::SecretsConfig;

/// What the service must know and must not show.
#[derive(Debug)]
pub struct Secrets {
    /// The database, with its password.
    pub db_url: Secret<String>,
}

impl Secrets {
    /// Fetches the secrets from where the configuration says.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn fetch(from: &SecretsConfig) -> Result<Self, SecretsError> {
        let db_url = match from {
            SecretsConfig::Fake => "sqlite::memory:".to_owned(),
            SecretsConfig::Dir(dir) => read(&dir.path, "db_url")?,
        };
        Ok(Self {
            db_url: Secret::new(db_url),
        })
    }
}

/// Most tools end a file with a newline, which is not part of the secret.
fn read(dir: &Path, key: &str) -> Result<String, SecretsError> {
    let path = dir.join(key);
    let mut text = fs::read_to_string(&path).map_err(|cause| SecretsError { path, cause })?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

/// A secret that could not be fetched.
#[derive(Debug)]
pub struct SecretsError {
    path: PathBuf,
    cause: io::Error,
}

impl fmt::Display for SecretsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot read the secret {} (see APP_SECRETS_DIR_PATH)",
            self.path.display()
        )
    }
}

impl std::error::Error for SecretsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}
