//! A place where the text of a variable is, or should be.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::rc::Rc;

use crate::name::Path;
use crate::redact::Secret;
use crate::source::file::{self, FileError};
use crate::source::StoreError;
use crate::spec::{Item, Var};

/// The text of a file, or why it cannot be read.
pub(crate) type FileText = Result<file::Contents, FileError>;

/// A place where a variable's text is, or should be.
pub(crate) struct Place<'s> {
    /// The variable that is set; for a store, the one that need not be.
    pub(crate) name: String,
    pub(crate) rank: Rank,
    pub(crate) contents: Contents<'s>,
}

/// Which of a variable's names it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    Main,
    Alias,
    Deprecated,
}

/// The text of a variable, by where it stands.
pub(crate) enum Contents<'s> {
    Variable {
        text: Cow<'s, OsStr>,
        /// The name of the layer, unless it stands for the environment.
        layer: Option<&'s str>,
    },
    File {
        path: PathBuf,
        text: Rc<FileText>,
    },
    Store {
        store: Cow<'s, str>,
        /// Where it is, if the store is but variables.
        variable: Option<String>,
        text: Result<Secret<String>, StoreError>,
    },
}

impl Place<'_> {
    /// The variable that the text itself is in.
    pub(super) fn variable(&self) -> Option<&str> {
        match &self.contents {
            Contents::Variable { .. } => Some(&self.name),
            Contents::Store { variable, .. } => variable.as_deref(),
            Contents::File { .. } => None,
        }
    }
}

#[cfg(feature = "deployment")]
impl Place<'_> {
    /// Returns whether the text cannot be known before the start, in a load that foresees.
    pub(super) fn is_unknown(&self) -> bool {
        self.contents
            .text()
            .is_some_and(|text| text == super::foresight::UNKNOWN)
    }
}

impl<'s> Contents<'s> {
    /// The text, unless it could not be read.
    pub(crate) fn text(&self) -> Option<&OsStr> {
        match self {
            Self::Variable { text, .. } => Some(text),
            Self::File { text, .. } => (**text).as_ref().ok().map(|file| &*file.text),
            Self::Store { text, .. } => text.as_ref().ok().map(|text| text.expose().as_ref()),
        }
    }

    /// Whether a file had the line ends of Windows.
    pub(crate) fn has_return(&self) -> bool {
        match self {
            Self::File { text, .. } => (**text).as_ref().is_ok_and(|file| file.has_return),
            Self::Variable { .. } | Self::Store { .. } => false,
        }
    }

    pub(crate) fn into_text(self) -> Option<Cow<'s, OsStr>> {
        match self {
            Self::Variable { text, .. } => Some(text),
            Self::File { text, .. } => {
                let file = (*text).as_ref().ok();
                file.map(|file| Cow::Owned(file.text.clone()))
            }
            Self::Store { text, .. } => {
                text.ok().map(|text| Cow::Owned(text.into_exposed().into()))
            }
        }
    }
}

/// Returns all names that the text itself may stand under, the preferred first.
pub(crate) fn ranked_names(item: &Item, var: &Var, path: &Path<'_>) -> Vec<(String, Rank)> {
    let mut names = vec![(item.full_name(path), Rank::Main)];
    let aliases = var.details.aliases.iter().map(|it| (*it, Rank::Alias));
    let deprecated = var.details.deprecated.iter();
    let deprecated = deprecated.map(|it| (*it, Rank::Deprecated));
    for (name, rank) in aliases.chain(deprecated) {
        // With another prefix, the own name may be an alias too.
        if names[0].0 != name {
            names.push((name.to_owned(), rank));
        }
    }
    names
}
