//! The path of a store that is a file or a directory.

use std::path::PathBuf;

use crate::source::Source;

/// A path: a given one, or one that a variable names.
#[derive(Clone, Debug)]
pub(super) struct PathFrom {
    pub(super) variable: Option<String>,
    pub(super) default: PathBuf,
}

impl PathFrom {
    pub(super) fn fixed(path: PathBuf) -> Self {
        Self {
            variable: None,
            default: path,
        }
    }

    pub(super) fn variable(name: &str, default: PathBuf) -> Self {
        Self {
            variable: Some(name.to_owned()),
            default,
        }
    }

    pub(super) fn is_named_by(&self, name: &str) -> bool {
        self.variable.as_deref() == Some(name)
    }

    pub(super) fn get(&self, env: &dyn Source) -> PathBuf {
        let text = self.variable.as_ref().and_then(|name| env.get(name));
        match text {
            Some(text) if !text.is_empty() => PathBuf::from(text.into_owned()),
            _ => self.default.clone(),
        }
    }
}
