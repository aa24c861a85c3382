//! An INI file with one option for each secret.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use configparser::ini::Ini;

use super::path::PathFrom;
use crate::redact::{display, Secret};
use crate::source::file::{self, FileError};
use crate::source::stamp;
use crate::source::{Found, Request, SecretStore, Source, StoreError};

/// An INI file with one option for each secret, called after its key, in one
/// section: `secrets`, unless another is named.
///
/// It is environ-config's `INISecrets`: the format is that of Python's
/// `RawConfigParser`. A `#` or `;` begins a comment at the start of a line only,
/// and `%` means nothing. The section has the options of `[DEFAULT]` too. A file that is not there
/// is no error.
///
/// # Examples
///
/// ```
/// use environ::secrets::IniSecrets;
/// use environ::{EnvConfig, Secret};
///
/// #[derive(Debug, EnvConfig)]
/// struct Db {
///     password: Secret<String>,
/// }
///
/// # let path = std::env::temp_dir().join(format!("environ-doc-{}.ini", std::process::id()));
/// # let path = &path;
/// std::fs::write(path, "[secrets]\npassword = 50%; of it #1\n").unwrap();
/// let loaded = Db::loader()
///     .source([("APP_INI", path)])
///     .secrets(IniSecrets::from_path_in_env("APP_INI", "/etc/app/secrets.ini"))
///     .load()?;
/// assert_eq!(loaded.config.password.expose(), "50%; of it #1");
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), environ::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct IniSecrets {
    path: PathFrom,
    section: String,
}

impl IniSecrets {
    /// Takes the path of the file.
    #[must_use]
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        Self::new(PathFrom::fixed(path.into()))
    }

    /// Takes the path from a variable, or else `default`.
    #[must_use]
    pub fn from_path_in_env(variable: &str, default: impl Into<PathBuf>) -> Self {
        Self::new(PathFrom::variable(variable, default.into()))
    }

    /// Looks in another section than `secrets`.
    #[must_use]
    pub fn section(mut self, section: &str) -> Self {
        section.clone_into(&mut self.section);
        self
    }

    fn new(path: PathFrom) -> Self {
        Self {
            path,
            section: "secrets".to_owned(),
        }
    }

    /// Returns the names of the sections to look in, as the parser has them: the section, and
    /// `DEFAULT`, whose options each section of the file has.
    fn sections(&self, ini: &Ini) -> Vec<String> {
        let section = self.section.to_lowercase();
        if ini.get_map_ref().contains_key(&section) {
            vec![section, "default".to_owned()]
        } else {
            Vec::new()
        }
    }

    /// Returns the options of the file, or why there is no file.
    fn read(path: &Path) -> Result<Result<Ini, FileError>, StoreError> {
        let text = match file::read_text(path) {
            Ok(file) => file.text,
            Err(err) if err.is_not_found() => return Ok(Err(err)),
            Err(err) => return Err(StoreError::new(err)),
        };
        let Ok(text) = text.into_string() else {
            return Err(StoreError::new(FileError::NotUtf8));
        };
        let mut ini = Ini::new();
        ini.set_multiline(true);
        ini.set_inline_comment_symbols(Some(&[]));
        // The parser may quote the line, and so the secret.
        ini.read(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
            .map_err(|_| StoreError::new("it is not an INI file; the place is not shown"))?;
        Ok(Ok(ini))
    }
}

impl SecretStore for IniSecrets {
    fn name(&self) -> Cow<'_, str> {
        match &self.path.variable {
            Some(name) => format!("the INI file {name} names").into(),
            None => format!("the INI file {}", self.path.default.display()).into(),
        }
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        match Self::read(&self.path.get(request.env()))? {
            Ok(ini) => {
                let sections = self.sections(&ini);
                let mut found = sections.iter().map(|it| ini.get(it, request.key()));
                Ok(found.find_map(|secret| Some(Secret::new(secret?).into())))
            }
            Err(_) => Ok(None),
        }
    }

    fn keys(&self, env: &dyn Source) -> Result<Vec<String>, StoreError> {
        let path = self.path.get(env);
        let ini = Self::read(&path)?;
        let ini = ini.map_err(|err| {
            StoreError::new(format_args!("cannot read {}: {err}", display::path(&path)))
        })?;
        let sections = self.sections(&ini);
        let sections = sections.iter().filter_map(|it| ini.get_map_ref().get(it));
        let keys = sections.flat_map(HashMap::keys);
        let mut keys: Vec<String> = keys.cloned().collect();
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }

    fn reads(&self, name: &str, _: &dyn Source) -> bool {
        self.path.is_named_by(name)
    }

    fn version(&self, env: &dyn Source) -> Option<String> {
        Some(stamp::of_file(&self.path.get(env)))
    }
}
