//! The path of a group: the beginning of its names, and the text between it and the next
//! segment.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use super::join::is_joined;

/// The path of a group: the beginning of the names of its variables.
///
/// A `_` follows the prefix of a root, unless the root says otherwise, and the delimiter of the root follows every segment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path<'a> {
    text: Cow<'a, str>,
    /// Stands between the text and the next segment.
    joint: &'static str,
    delimiter: &'static str,
}

impl<'a> Path<'a> {
    /// Creates the path of a root.
    pub(crate) const fn root(
        prefix: &'a str,
        after_prefix: &'static str,
        delimiter: &'static str,
    ) -> Self {
        Self {
            text: Cow::Borrowed(prefix),
            joint: after_prefix,
            delimiter,
        }
    }

    /// Creates the path of a group in a list or a map, without that group's beginning.
    pub(crate) fn without_beginning(&self) -> Path<'static> {
        self.with_text(String::new())
    }

    /// Returns this path with another text, as if the text had as many segments.
    pub(crate) fn with_text(&self, text: String) -> Path<'static> {
        Path {
            text: text.into(),
            joint: self.joint,
            delimiter: self.delimiter,
        }
    }

    /// Returns the path of the group that adds a segment. An empty one adds nothing.
    pub(crate) fn join(&self, segment: &str) -> Path<'static> {
        Path {
            text: self.name(segment).into(),
            joint: self.joint_after(segment),
            delimiter: self.delimiter,
        }
    }

    /// Returns the path of the group that adds a segment, whose text is known.
    pub(crate) fn known(&self, text: &'static str, segment: &str) -> Path<'static> {
        Path {
            text: Cow::Borrowed(text),
            joint: self.joint_after(segment),
            delimiter: self.delimiter,
        }
    }

    /// Returns the path of a group that is called by a whole name.
    pub(crate) fn whole(&self, name: &'static str) -> Path<'static> {
        Path {
            text: Cow::Borrowed(name),
            joint: self.delimiter,
            delimiter: self.delimiter,
        }
    }

    /// Returns the name of the variable that adds a segment.
    pub(crate) fn name(&self, segment: &str) -> String {
        let mut name = String::new();
        self.name_in(&mut name, segment);
        name
    }

    /// Writes the name of a variable into `name`, whose allocation is used again.
    pub(crate) fn name_in(&self, name: &mut String, segment: &str) {
        name.clear();
        name.reserve(self.text.len() + self.joint.len() + segment.len());
        name.push_str(&self.text);
        if is_joined(self.text.len(), segment.len()) {
            name.push_str(self.joint);
        }
        name.push_str(segment);
    }

    /// Returns whether `name` is that of the variable that adds a segment.
    pub(crate) fn is_name(&self, name: &str, segment: &str) -> bool {
        let joint = if is_joined(self.text.len(), segment.len()) {
            self.joint
        } else {
            ""
        };
        let rest = name.strip_prefix(&*self.text);
        rest.and_then(|rest| rest.strip_prefix(joint)) == Some(segment)
    }

    /// Returns the beginning of all names in the group, but for an empty path.
    pub(crate) fn beginning(&self) -> String {
        match &*self.text {
            "" => String::new(),
            text => format!("{text}{}", self.joint),
        }
    }

    /// Returns the text for all names in the group: `APP_DB_*`.
    pub(crate) fn any(&self) -> String {
        self.name("*")
    }

    /// Returns whether a name begins as the names in the group, in any letter case.
    pub(crate) fn is_above(&self, name: &str) -> bool {
        let (start, name) = (self.beginning(), name.as_bytes());
        start.is_empty()
            || name.len() > start.len()
                && name[..start.len()].eq_ignore_ascii_case(start.as_bytes())
    }

    pub(crate) fn delimiter(&self) -> &'static str {
        self.delimiter
    }

    fn joint_after(&self, segment: &str) -> &'static str {
        if segment.is_empty() {
            self.joint
        } else {
            self.delimiter
        }
    }
}

impl Deref for Path<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn a_name_is_that_of_a_path_and_a_segment() {
        for delimiter in ["_", "__"] {
            for prefix in ["", "APP"] {
                let root = Path::root(prefix, "_", delimiter);
                for path in [root.clone(), root.join("LOG"), root.join("LOG").join("A")] {
                    for segment in ["", "LEVEL", "LOG_LEVEL"] {
                        let name = path.name(segment);
                        assert!(path.is_name(&name, segment), "{name}");
                        assert!(!path.is_name(&format!("{name}_"), segment));
                    }
                }
            }
        }
        let log = Path::root("APP", "_", "_").join("LOG");
        assert!(!log.is_name("APP_LOGA", "A") && !log.is_name("APP_LOG__A", "A"));
        assert!(!Path::root("", "_", "_").is_name("_LOG", "LOG"));
    }

    #[test]
    fn the_delimiter_joins_all_but_the_prefix() {
        let root = Path::root("APP", "_", "__");
        let log = root.join("LOG");
        assert_eq!(log.name("LEVEL"), "APP_LOG__LEVEL");
        assert_eq!(log.join("FILE").name("PATH"), "APP_LOG__FILE__PATH");
        assert_eq!(root.join("").name("PORT"), "APP_PORT");
        assert_eq!(log.join("").name("PORT"), "APP_LOG__PORT");
        assert_eq!((&*log.any(), &*root.any()), ("APP_LOG__*", "APP_*"));
        let doubled = Path::root("APP", "__", "__");
        assert_eq!(doubled.name("PORT"), "APP__PORT");
        let bare = Path::root("", "_", "__");
        assert_eq!(bare.name("PORT"), "PORT");
        assert_eq!(bare.join("LOG").name("LEVEL"), "LOG__LEVEL");
        assert_eq!((&*bare.any(), &*bare.beginning()), ("*", ""));
    }

    #[test]
    fn a_name_is_under_a_path_only_after_its_joint() {
        let log = Path::root("APP", "_", "__").join("LOG");
        assert!(log.is_above("APP_LOG__LEVEL") && log.is_above("app_log__level"));
        assert!(!log.is_above("APP_LOG_LEVEL") && !log.is_above("APP_LOG__"));
        assert!(Path::root("", "_", "_").is_above("PORT"));
    }
}
