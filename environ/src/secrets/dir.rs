//! A directory with one file for each secret.

use std::borrow::Cow;
use std::fs;
use std::path::PathBuf;

use super::path::PathFrom;
use crate::redact::{display, Secret};
use crate::source::file::{self, FileError};
use crate::source::stamp;
use crate::source::{Found, Request, SecretStore, Source, StoreError};

/// The maximum number of keys that are listed.
const MAX_KEYS: usize = 10_000;

/// A directory with a file for each secret, named after the key of the secret, as Docker and
/// Kubernetes mount it, and as in `$CREDENTIALS_DIRECTORY` of systemd.
///
/// A newline at the end of a file is not part of the secret. A missing file is no error, and
/// neither is a missing directory: the next place of the secret is read.
///
/// # Examples
///
/// ```
/// use environ::secrets::DirSecrets;
/// use environ::{EnvConfig, Secret};
///
/// #[derive(Debug, EnvConfig)]
/// struct Db {
///     password: Secret<String>,
/// }
///
/// # let dir = std::env::temp_dir().join(format!("environ-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&dir).unwrap();
/// # let dir = &dir;
/// std::fs::write(dir.join("password"), "hunter2\n").unwrap();
/// let loaded = Db::loader()
///     .source(())
///     .secrets(DirSecrets::from_path(dir))
///     .load()?;
/// assert_eq!(loaded.config.password.expose(), "hunter2");
/// # std::fs::remove_dir_all(dir).unwrap();
/// # Ok::<(), environ::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct DirSecrets {
    path: PathFrom,
}

impl DirSecrets {
    /// Takes the path of the directory.
    #[must_use]
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        Self {
            path: PathFrom::fixed(path.into()),
        }
    }

    /// Takes the path from a variable, or else `default`.
    #[must_use]
    pub fn from_path_in_env(variable: &str, default: impl Into<PathBuf>) -> Self {
        Self {
            path: PathFrom::variable(variable, default.into()),
        }
    }
}

impl SecretStore for DirSecrets {
    fn name(&self) -> Cow<'_, str> {
        match &self.path.variable {
            Some(name) => format!("the files in the directory {name} names").into(),
            None => format!("the files in {}", self.path.default.display()).into(),
        }
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        let path = self.path.get(request.env()).join(request.key());
        let failed = |err| StoreError::new(format_args!("{}: {err}", request.key()));
        match file::read_text(&path) {
            Ok(file) => {
                let text = file.text.into_string().map_err(|_| FileError::NotUtf8);
                let found = text.map(|text| Some(Secret::new(text).into()));
                found.map_err(failed)
            }
            Err(err) if err.is_not_found() => Ok(None),
            Err(err) => Err(failed(err)),
        }
    }

    /// A hidden file is none: Kubernetes keeps the files behind the links in such.
    fn keys(&self, env: &dyn Source) -> Result<Vec<String>, StoreError> {
        let path = self.path.get(env);
        let failed =
            |err| StoreError::new(format_args!("cannot list {}: {err}", display::path(&path)));
        let mut keys: Vec<String> = fs::read_dir(&path)
            .map_err(failed)?
            .take(MAX_KEYS)
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        keys.sort_unstable();
        Ok(keys)
    }

    fn reads(&self, name: &str, _: &dyn Source) -> bool {
        self.path.is_named_by(name)
    }

    fn version(&self, env: &dyn Source) -> Option<String> {
        Some(stamp::of_dir(&self.path.get(env)))
    }
}
