//! Defaults with the texts of other fields in them.

use super::{Item, Kind, Presence, Spec};
use crate::name::{stop, ConstStr, Path};

/// A part of a default.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// A text as it is.
    Text(&'static str),
    /// The text of the field with this index in the table, which is before the field.
    Field(usize),
}

impl Item {
    /// Is read as if the variable held the text of these parts.
    #[must_use]
    pub const fn default_from(mut self, parts: &'static [Part]) -> Self {
        self.presence = Presence::From(parts);
        self
    }
}

impl Spec {
    /// Checks that a secret stands in the default of a secret only: the macro does not know
    /// all types that are secret.
    ///
    /// # Panics
    ///
    /// While compiling.
    #[must_use]
    #[track_caller]
    pub const fn with_composed_defaults(self) -> Self {
        let mut i = 0;
        while i < self.items.len() {
            if let (Presence::From(parts), Kind::Var(var)) =
                (self.items[i].presence, &self.items[i].kind)
            {
                if !var.secret {
                    check(self.items, i, parts);
                }
            }
            i += 1;
        }
        self
    }
}

#[track_caller]
const fn check(items: &[Item], index: usize, parts: &[Part]) {
    let mut i = 0;
    while i < parts.len() {
        if let Part::Field(source) = parts[i] {
            if let Kind::Var(var) = &items[source].kind {
                if var.secret {
                    let mut message = ConstStr::<512>::of("`");
                    message.push(items[source].field);
                    message.push("` is a secret, which may stand in a secret only; make `");
                    message.push(items[index].field);
                    message.push("` a secret too");
                    stop(message.as_str());
                }
            }
        }
        i += 1;
    }
}

/// Returns the text of a default for documentation: `$APP_DATA_FOLDER/tmp`, or
/// `${APP_RETRIES}0` where the text after a name could be a part of the name.
pub(crate) fn documented(parts: &[Part], items: &[Item], path: &Path<'_>) -> String {
    let text = |(index, part): (usize, &Part)| match part {
        Part::Text(text) => (*text).to_owned(),
        Part::Field(field) => {
            let name = items[*field].full_name(path);
            if needs_braces(parts, index) {
                format!("${{{name}}}")
            } else {
                format!("${name}")
            }
        }
    };
    parts.iter().enumerate().map(text).collect()
}

/// Returns the parts of a default as [`documented`] returns it. The name of a variable of `items`
/// is taken for that variable wherever the name follows a `$`.
#[cfg(feature = "deployment")]
pub(super) fn parts(default: &'static str, items: &[Item], path: &Path<'_>) -> Vec<Part> {
    let (mut parts, mut text, mut rest) = (Vec::new(), 0, 0);
    while let Some(dollar) = default[rest..].find('$') {
        let start = rest + dollar;
        rest = start + 1;
        let named = items.iter().enumerate().find_map(|(index, item)| {
            let len = name_at(&default[rest..], &item.full_name(path))?;
            matches!(item.kind, Kind::Var(_)).then_some((index, len))
        });
        if let Some((index, len)) = named {
            if text < start {
                parts.push(Part::Text(&default[text..start]));
            }
            parts.push(Part::Field(index));
            rest += len;
            text = rest;
        }
    }
    if text < default.len() {
        parts.push(Part::Text(&default[text..]));
    }
    parts
}

/// Returns the length of a name in braces, or of a name that no further letter follows.
#[cfg(feature = "deployment")]
fn name_at(text: &str, name: &str) -> Option<usize> {
    if text.starts_with(&format!("{{{name}}}")) {
        return Some(name.len() + 2);
    }
    let rest = text.strip_prefix(name)?;
    let is_longer = rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
    (!is_longer).then_some(name.len())
}

/// Returns whether the text after the name of a part could be a part of the name.
pub(super) const fn needs_braces(parts: &[Part], index: usize) -> bool {
    if index + 1 >= parts.len() {
        return false;
    }
    match parts[index + 1] {
        Part::Text(text) => {
            let text = text.as_bytes();
            !text.is_empty() && (text[0].is_ascii_alphanumeric() || text[0] == b'_')
        }
        Part::Field(_) => false,
    }
}

/// Returns whether a default shows a value that is never shown.
pub(crate) fn is_hidden(parts: &[Part], items: &[Item]) -> bool {
    parts.iter().any(|part| match part {
        Part::Text(_) => false,
        Part::Field(index) => match (&items[*index].kind, items[*index].presence) {
            (Kind::Var(var), _) if var.is_hidden() => true,
            (_, Presence::From(parts)) => is_hidden(parts, items),
            _ => false,
        },
    })
}
