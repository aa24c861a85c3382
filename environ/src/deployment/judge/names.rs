//! Names that no field has: in another letter case, with white space, of files.

use super::Case;
use crate::deployment::finding::Finding;
use crate::deployment::workload::Setting;
use crate::name;

impl Case<'_> {
    /// Returns whether a name is `X_FILE` for a variable `X` that a type elsewhere is known to
    /// read.
    pub(super) fn is_name_of_file(&self, name: &str) -> bool {
        let bare = name.strip_suffix(name::FILE);
        bare.is_some_and(|bare| self.judge.is_known_elsewhere(bare))
    }

    pub(super) fn odd_name(&self, name: &str, setting: &Setting) -> Option<Finding> {
        let place = setting.name_at.clone();
        if name.contains(char::is_whitespace) {
            let message = "white space in the name; remove it";
            let is_own = name::is_under(self.judge.prefix, name.trim_start());
            return is_own.then(|| Finding::error(place, name, "name", message));
        }
        let upper = corrected(name)?;
        let is_own = self.own.contains(&upper)
            || !self.judge.prefix.is_empty() && name::is_under(self.judge.prefix, &upper);
        if !is_own || self.own.contains(name) {
            return None;
        }
        let message = format!("no field reads a name in this spelling; write {upper}");
        let finding = if name::is_under(self.judge.prefix, &upper) {
            Finding::error(place, name, "case", message)
        } else {
            Finding::warning(place, name, "case", message)
        };
        Some(finding)
    }
}

/// Returns the name as fields have it, if it is spelt otherwise.
pub(super) fn corrected(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase().replace(['-', '.'], "_");
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (upper != name && upper.bytes().all(is_name)).then_some(upper)
}
