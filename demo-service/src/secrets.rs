//! Secrets: where from is configuration, what for is everybody else's business.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use environ::Secret;

use crate::config::{AppConfig, SecretsConfig};

/// What the service runs on when it is given no database. It is gone with the
/// process.
const EMBEDDED: &str = "sqlite::memory:";

/// What the service must know and must not show.
#[derive(Debug)]
pub struct Secrets {
    /// The database, with its password.
    pub db_url: Secret<String>,
}

impl Secrets {
    /// Fetches the secrets from where the configuration says. What is not there may
    /// be a variable.
    ///
    /// # Errors
    ///
    /// If one is not there either, or cannot be read.
    pub fn fetch(config: &AppConfig) -> Result<Self, SecretsError> {
        let variable = config.db.url.as_ref();
        let db_url = match &config.secrets {
            SecretsConfig::Fake => {
                let embedded = || Secret::new(EMBEDDED.to_owned());
                variable.cloned().unwrap_or_else(embedded)
            }
            SecretsConfig::Dir(dir) => match (read(&dir.path, "db_url"), variable) {
                (Err(err), Some(url)) if err.is_missing() => url.clone(),
                (read, _) => read?,
            },
        };
        Ok(Self { db_url })
    }
}

/// Most tools end a file with a newline, which is not part of the secret.
fn read(dir: &Path, key: &str) -> Result<Secret<String>, SecretsError> {
    let path = dir.join(key);
    let mut text = fs::read_to_string(&path).map_err(|cause| SecretsError { path, cause })?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(Secret::new(text))
}

/// A secret that could not be fetched.
#[derive(Debug)]
pub struct SecretsError {
    path: PathBuf,
    cause: io::Error,
}

impl SecretsError {
    fn is_missing(&self) -> bool {
        self.cause.kind() == io::ErrorKind::NotFound
    }
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
