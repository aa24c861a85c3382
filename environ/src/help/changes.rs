//! The changes of a release that its deployments must know.

use std::fmt;

use crate::items::Items;
use crate::redact::display;

/// Changes in the order of the names; changes that break a deployment come first.
///
/// Displays as a line for each change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

impl Changes {
    pub(super) fn new(changes: Vec<Change>) -> Self {
        let (mut changes, others): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(Change::is_breaking);
        changes.extend(others);
        Self(changes)
    }

    /// Returns each change.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Change> + DoubleEndedIterator + Clone {
        self.0.iter()
    }

    /// Returns whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Changes {
    type Item = &'a Change;
    type IntoIter = Items<'a, Change>;

    fn into_iter(self) -> Self::IntoIter {
        Items::new(&self.0)
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
    kind: ChangeKind,
    is_breaking: bool,
}

/// The kind of a [`Change`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeKind {
    /// The variable must be set, where it could be unset before.
    NewlyRequired {
        /// The condition, if the variable is in a group that may be absent:
        /// `APP_SECRETS=vault`.
        when: Option<String>,
    },
    /// The variable may be unset.
    NoLongerRequired,
    /// The variable is newly read.
    Added,
    /// The name is no longer read.
    Removed {
        /// The remedy, if the type has `removed("OLD", "...")` for the name.
        remedy: Option<String>,
    },
    /// The variable has another name; its old name still works.
    Renamed {
        /// The old name.
        from: String,
    },
    /// The default changed.
    Default {
        /// The old default.
        old: Option<String>,
        /// The new default.
        new: Option<String>,
    },
    /// A property changed that restricts the value, or says when it is read.
    Property {
        /// The property.
        property: Property,
        /// Its old text.
        old: Option<String>,
        /// Its new text.
        new: Option<String>,
    },
    /// The variable is read where a selector is unset, because of its new default.
    ReadByDefault {
        /// The condition under which it is read.
        when: Option<String>,
    },
    /// A word is no value any more.
    WordRemoved {
        /// The word.
        word: String,
    },
    /// A word is newly a value.
    WordAdded {
        /// The word.
        word: String,
    },
    /// Another name of the variable is deprecated.
    Deprecated {
        /// The other name.
        name: String,
    },
    /// A name is read by another variable than before, which reads it in another way.
    TakenOver {
        /// The variable that read the name before.
        from: String,
    },
    /// A deprecated name must not be set to another text than the other names.
    Contradicts {
        /// The other names.
        other: String,
    },
    /// Whether an empty text is a value changed.
    AllowEmpty {
        /// Whether an empty text is a value now.
        allowed: bool,
    },
    /// The variable is newly in a rule with others.
    RuleAdded {
        /// The rule: `exactly one of APP_A, APP_B`.
        rule: String,
    },
    /// The variable is no longer in a rule with others.
    RuleRemoved {
        /// The rule.
        rule: String,
    },
    /// Whether the variable is a secret changed.
    Secret {
        /// Whether the variable is a secret now.
        secret: bool,
    },
    /// Stores are asked for the secret under another key, and no longer under the old key.
    Key {
        /// The old key.
        old: String,
        /// The new key.
        new: String,
    },
    /// Whether a new value takes effect without a restart changed.
    Live {
        /// Whether it takes effect without a restart now.
        live: bool,
    },
}

/// A property that restricts the value, or when it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Property {
    /// The type of the value.
    Type,
    /// The range that the value must be in.
    Range,
    /// The text between the elements of a list.
    Separator,
    /// The condition under which the variable is read.
    When,
}

impl Change {
    pub(super) fn new(name: &str, kind: ChangeKind, is_breaking: bool) -> Self {
        let name = name.to_owned();
        Self {
            name,
            kind,
            is_breaking,
        }
    }

    /// Returns the name of the variable.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the kind of the change, for programs. A code keeps its meaning in later
    /// releases, which may add codes; the text of a change may be worded in another way:
    ///
    /// | code | meaning |
    /// |---|---|
    /// | `newly_required` | must be set, and could be unset before |
    /// | `no_longer_required` | may be unset |
    /// | `added` | newly read |
    /// | `removed` | no longer read |
    /// | `renamed` | has another name; its old name still works |
    /// | `default` | has another default |
    /// | `property` | has another type, range, separator or condition |
    /// | `read_by_default` | read where a selector is unset, because of its new default |
    /// | `word_removed` | a word is no value any more |
    /// | `word_added` | a word is newly a value |
    /// | `deprecated` | another name of the variable is deprecated |
    /// | `taken_over` | read by another variable than before, in another way |
    /// | `contradicts` | a deprecated name must be equal to the other names |
    /// | `allow_empty` | an empty text became a value, or ceased to be a value |
    /// | `rule_added` | newly in a rule with other variables |
    /// | `rule_removed` | no longer in a rule with other variables |
    /// | `secret` | became a secret, or ceased to be a secret |
    /// | `key` | stores are asked for the secret under another key |
    /// | `live` | a new value takes effect without a restart, or ceased to |
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            ChangeKind::NewlyRequired { .. } => "newly_required",
            ChangeKind::NoLongerRequired => "no_longer_required",
            ChangeKind::Added => "added",
            ChangeKind::Removed { .. } => "removed",
            ChangeKind::Renamed { .. } => "renamed",
            ChangeKind::Default { .. } => "default",
            ChangeKind::Property { .. } => "property",
            ChangeKind::ReadByDefault { .. } => "read_by_default",
            ChangeKind::WordRemoved { .. } => "word_removed",
            ChangeKind::WordAdded { .. } => "word_added",
            ChangeKind::Deprecated { .. } => "deprecated",
            ChangeKind::TakenOver { .. } => "taken_over",
            ChangeKind::Contradicts { .. } => "contradicts",
            ChangeKind::AllowEmpty { .. } => "allow_empty",
            ChangeKind::RuleAdded { .. } => "rule_added",
            ChangeKind::RuleRemoved { .. } => "rule_removed",
            ChangeKind::Secret { .. } => "secret",
            ChangeKind::Key { .. } => "key",
            ChangeKind::Live { .. } => "live",
        }
    }

    /// Returns the kind of the change, with its details.
    #[must_use]
    pub fn kind(&self) -> &ChangeKind {
        &self.kind
    }

    /// Returns whether an environment that was right may be wrong now.
    ///
    /// There is a breaking change whenever an environment loads with the old specification
    /// and fails with the new specification. The environment belongs to the old release: it
    /// sets none of the names that only the new specification reads. A new key of a secret is
    /// breaking too, because stores that have the secret have it under the old key.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.is_breaking
    }

    fn sentence(&self) -> String {
        let name = &self.name;
        match &self.kind {
            ChangeKind::NewlyRequired { when: None } => format!("newly requires {name}"),
            ChangeKind::NewlyRequired { when: Some(when) } => {
                format!("newly requires {name} where {when}")
            }
            ChangeKind::NoLongerRequired => format!("no longer requires {name}"),
            ChangeKind::Added => format!("newly reads {name}"),
            ChangeKind::Removed { remedy: None } => format!("no longer reads {name}"),
            ChangeKind::Removed {
                remedy: Some(remedy),
            } => format!("no longer reads {name}; {remedy}"),
            ChangeKind::Renamed { from } => {
                format!("renames {from} to {name}; the old name still works")
            }
            ChangeKind::Default { old, new } => default_sentence(name, old.as_ref(), new.as_ref()),
            ChangeKind::Property { property, old, new } => {
                let old = old.as_deref().unwrap_or("none");
                let new = new.as_deref().unwrap_or("none");
                match property {
                    // A range may begin with "from".
                    Property::Range => format!("range of {name} was {old}, and is {new}"),
                    _ => format!("{property} of {name} changed from {old} to {new}"),
                }
            }
            ChangeKind::ReadByDefault { when } => {
                let when = when.as_deref().unwrap_or_default();
                format!("newly reads {name} by default, where {when}")
            }
            ChangeKind::WordRemoved { word } => format!("{name} can no longer be {word}"),
            ChangeKind::WordAdded { word } => format!("{name} can newly be {word}"),
            ChangeKind::Deprecated { name: other } => {
                format!("deprecates {other}; write {name} instead")
            }
            ChangeKind::TakenOver { from } => {
                format!("newly reads {name} in another way than {from} did")
            }
            ChangeKind::Contradicts { other } => {
                format!("{name} can no longer differ from {other}")
            }
            ChangeKind::AllowEmpty { allowed: true } => format!("{name} can newly be empty"),
            ChangeKind::AllowEmpty { allowed: false } => format!("{name} can no longer be empty"),
            ChangeKind::RuleAdded { rule } => format!("newly asks for {rule}"),
            ChangeKind::RuleRemoved { rule } => format!("no longer asks for {rule}"),
            ChangeKind::Secret { secret: true } => format!("{name} is newly a secret"),
            ChangeKind::Secret { secret: false } => format!("{name} is no longer a secret"),
            ChangeKind::Key { old, new } => {
                format!("newly asks stores for {name} under the key {new}, no longer under {old}")
            }
            ChangeKind::Live { live: true } => {
                format!("{name} newly takes effect without a restart")
            }
            ChangeKind::Live { live: false } => format!("{name} newly needs a restart"),
        }
    }
}

fn default_sentence(name: &str, old: Option<&String>, new: Option<&String>) -> String {
    match (old, new) {
        // A variable in it has changed.
        (Some(old), Some(new)) if old == new => {
            format!("the default {} of {name} may newly be invalid", shown(new))
        }
        (Some(old), Some(new)) => {
            let (old, new) = (shown(old), shown(new));
            format!("default of {name} changed from {old} to {new}")
        }
        (Some(old), None) => format!("{name} no longer has the default {}", shown(old)),
        (None, new) => {
            let new = new.map(String::as_str).unwrap_or_default();
            format!("{name} newly has the default {}", shown(new))
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
