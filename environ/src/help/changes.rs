//! The changes of a release that its deployments must know.

use std::fmt;

use crate::redact::display;

/// Changes in the order of the names; changes that break a deployment come first.
///
/// Displays as a line for each change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

impl Changes {
    pub(super) fn new(mut changes: Vec<Change>) -> Self {
        changes.sort_by_key(|change| !change.is_breaking());
        Self(changes)
    }

    /// Returns each change.
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.0.iter()
    }

    /// Returns whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut end = "";
        for change in &self.0 {
            write!(f, "{end}{change}")?;
            end = "\n";
        }
        Ok(())
    }
}

/// One change of one variable. Displays as a sentence without a subject: `newly requires
/// APP_X`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    name: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    NewlyRequired,
    NoLongerRequired,
    Added,
    Removed,
    /// From an old name, which still works.
    Renamed(String),
    /// From the old default to the new one.
    Default(Option<String>, Option<String>),
    /// From the old text to the new one.
    Property(Property, Option<String>, Option<String>),
    WordRemoved(String),
    WordAdded(String),
    /// Another name of the variable is deprecated.
    Deprecated(String),
    /// Whether the variable is a secret now.
    Secret(bool),
}

/// A property that restricts the value, or when it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    Type,
    Range,
    Separator,
    When,
}

impl Change {
    pub(super) fn new(name: &str, kind: Kind) -> Self {
        let name = name.to_owned();
        Self { name, kind }
    }

    /// Returns whether an environment that was right may be wrong now.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        match self.kind {
            Kind::NewlyRequired | Kind::Removed | Kind::Property(..) | Kind::WordRemoved(_) => true,
            Kind::NoLongerRequired
            | Kind::Added
            | Kind::Renamed(_)
            | Kind::Default(..)
            | Kind::WordAdded(_)
            | Kind::Deprecated(_)
            | Kind::Secret(_) => false,
        }
    }

    fn sentence(&self) -> String {
        let Self { name, kind } = self;
        match kind {
            Kind::NewlyRequired => format!("newly requires {name}"),
            Kind::NoLongerRequired => format!("no longer requires {name}"),
            Kind::Added => format!("newly reads {name}"),
            Kind::Removed => format!("no longer reads {name}"),
            Kind::Renamed(old) => format!("renames {old} to {name}; the old name still works"),
            Kind::Default(Some(old), Some(new)) => {
                let (old, new) = (shown(old), shown(new));
                format!("default of {name} changed from {old} to {new}")
            }
            Kind::Default(Some(old), None) => {
                format!("{name} no longer has the default {}", shown(old))
            }
            Kind::Default(None, new) => {
                let new = new.as_deref().unwrap_or_default();
                format!("{name} newly has the default {}", shown(new))
            }
            Kind::Property(property, old, new) => {
                let old = old.as_deref().unwrap_or("none");
                let new = new.as_deref().unwrap_or("none");
                format!("{property} of {name} changed from {old} to {new}")
            }
            Kind::WordRemoved(word) => format!("{name} can no longer be {word}"),
            Kind::WordAdded(word) => format!("{name} can newly be {word}"),
            Kind::Deprecated(other) => format!("deprecates {other}; write {name} instead"),
            Kind::Secret(true) => format!("{name} is newly a secret"),
            Kind::Secret(false) => format!("{name} is no longer a secret"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&display::line(&self.sentence()))
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Type => "type",
            Self::Range => "range",
            Self::Separator => "separator",
            Self::When => "when",
        })
    }
}

fn shown(default: &str) -> &str {
    if default.is_empty() {
        "nothing"
    } else {
        default
    }
}
