//! The conditions under which a group is read.

use std::collections::BTreeSet;

/// The names of a group that a person is told, if they have nothing in common.
const MAX_NAMES: usize = 3;

/// The condition of a group.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::help) enum Condition {
    /// A variable with any of the names is set.
    AnySet {
        /// The beginning of the names, and `*`.
        path: String,
        /// Whether no name outside of the group begins so.
        is_own_path: bool,
        /// Whether it is a group of a list or a map.
        is_of_several: bool,
        names: BTreeSet<String>,
    },
    /// The selector is the word.
    Chosen { selector: String, word: String },
}

impl Condition {
    pub(in crate::help) fn words(&self) -> String {
        match self {
            Self::Chosen { selector, word } => format!("{selector}={word}"),
            Self::AnySet {
                path,
                is_own_path,
                names,
                ..
            } => {
                let start = path.trim_end_matches('*');
                let is_shown = |name: &&String| !is_own_path || !name.starts_with(start);
                let mut shown: Vec<&str> = is_own_path.then_some(&**path).into_iter().collect();
                let others: Vec<&String> = names.iter().filter(is_shown).collect();
                shown.extend(others.iter().take(MAX_NAMES).map(|name| name.as_str()));
                if others.len() > MAX_NAMES {
                    shown.push("...");
                }
                let any = if *is_own_path { "any " } else { "" };
                format!("{any}{} is set", shown.join(" or "))
            }
        }
    }

    pub(in crate::help) fn is_of_several(&self) -> bool {
        matches!(
            self,
            Self::AnySet {
                is_of_several: true,
                ..
            }
        )
    }

    /// Returns whether a person would call both conditions the same.
    pub(in crate::help) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::AnySet { path, .. }, Self::AnySet { path: other, .. }) => path == other,
            (one, other) => one == other,
        }
    }
}
