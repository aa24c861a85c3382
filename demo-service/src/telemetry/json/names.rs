//! The names of an event's fields, quoted once for each callsite.

use tracing::Metadata;
use tracing::callsite::Identifier;

use super::text::string;

/// The renaming of a format.
pub(super) type Rename = fn(&'static str) -> &'static str;

/// The names of the fields of one callsite: most events are of the same callsite as
/// the event before.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The callsite and the renaming: functions at the same address rename alike.
    of: Option<(Identifier, usize)>,
    /// Each with its quotes and its colon, one after the other.
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Names {
    /// Switches to the names of a callsite.
    pub(super) fn of(&mut self, metadata: &Metadata<'static>, rename: Rename) -> &Self {
        let of = Some((metadata.callsite(), rename as usize));
        if self.of != of {
            self.text.clear();
            self.ends.clear();
            for field in metadata.fields() {
                let name = field.name();
                self.add(rename(name.strip_prefix("r#").unwrap_or(name)));
            }
            self.of = of;
        }
        self
    }

    /// Adds a name, with an underscore for each field before that has the name.
    fn add(&mut self, name: &str) {
        let start = self.text.len();
        string(&mut self.text, name);
        self.text.push(b':');
        if (0..self.ends.len()).any(|before| self.get(before) == &self.text[start..]) {
            self.text.truncate(start);
            self.add(&format!("_{name}"));
        } else {
            self.ends.push(self.text.len());
        }
    }

    /// Returns the name of the field that has this place among the callsite's.
    pub(super) fn get(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[index]]
    }
}
