//! `$(NAME)` in the value of a variable, as Kubernetes expands it: `Expand` and
//! `tryReadVariableName` of its `third_party/forked/golang/expansion`.

/// The maximum length of a text that is put together of others. Linux takes no longer variable
/// (`MAX_ARG_STRLEN`), and forty lines that repeat each other twice would fill any memory.
pub(crate) const MAX_TEXT: usize = 128 * 1024;

/// A text that is put together of parts, and unknown if a part is unknown or it is too long.
pub(crate) struct Joined(Option<String>);

impl Joined {
    pub(crate) fn new() -> Self {
        Self(Some(String::new()))
    }

    /// Adds a part, which is `None` if it is unknown.
    pub(crate) fn push(&mut self, part: Option<&str>) {
        let Some(text) = &mut self.0 else { return };
        match part.filter(|part| text.len() + part.len() <= MAX_TEXT) {
            Some(part) => text.push_str(part),
            None => self.0 = None,
        }
    }

    pub(crate) fn text(self) -> Option<String> {
        self.0
    }
}

/// A value after the expansion.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Expanded {
    /// `None` if a part of it is unknown.
    pub(crate) text: Option<String>,
    /// Whether a `$(NAME)` stays as it is, because nothing sets the name before.
    pub(crate) is_unset: bool,
    /// Whether a `$$` becomes `$` that protects no `$(`.
    pub(crate) is_halved: bool,
}

/// The text of a variable that was set before: `None` if it is not, `Some(None)` if its text
/// is unknown.
pub(crate) type Lookup<'l> = &'l dyn Fn(&str) -> Option<Option<String>>;

pub(crate) fn expand(value: &str, lookup: Lookup<'_>) -> Expanded {
    let mut joined = Joined::new();
    let mut expanded = Expanded::default();
    let mut push = |part: Option<&str>| joined.push(part);
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('$') {
        push(Some(before));
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            push(Some("$"));
            expanded.is_halved |= !after.starts_with('(');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('(') {
            if let Some((name, after)) = after.split_once(')') {
                if let Some(text) = lookup(name) {
                    push(text.as_deref());
                } else {
                    push(Some("$("));
                    push(Some(name));
                    push(Some(")"));
                    expanded.is_unset = true;
                }
                rest = after;
            } else {
                push(Some("$("));
                rest = after;
            }
        } else {
            push(Some("$"));
        }
    }
    push(Some(rest));
    expanded.text = joined.text();
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_unknown_if_it_is_longer_than_linux_takes() {
        let joined = |parts: [usize; 2]| {
            let mut joined = Joined::new();
            for length in parts {
                joined.push(Some(&"x".repeat(length)));
            }
            joined.text().map(|text| text.len())
        };
        assert_eq!(joined([1_000, 1_000]), Some(2_000));
        assert_eq!(joined([MAX_TEXT - 1, 1]), Some(MAX_TEXT));
        assert_eq!(joined([MAX_TEXT, 1]), None);
    }

    #[test]
    fn values_expand_as_the_test_table_of_kubernetes_says() {
        for (value, text) in [
            ("$(A)", "set"),
            ("___$(A)___", "___set___"),
            ("$$(A)", "$(A)"),
            ("$$$(A)", "$set"),
            ("$$$$(A)", "$$(A)"),
            ("$(B)", "$(B)"),
            ("$(A", "$(A"),
            ("$A", "$A"),
            ("$", "$"),
            ("$$", "$"),
            ("$()", "$()"),
            ("$($(A))", "$($(A))"),
            ("$$A$$", "$A$"),
            ("é$(A)", "éset"),
        ] {
            let expanded = expand(value, &|name| (name == "A").then(|| Some("set".to_owned())));
            assert_eq!(expanded.text.as_deref(), Some(text), "{value}");
        }
        let unknown = expand("x$(A)", &|_| Some(None));
        assert_eq!((unknown.text, unknown.is_unset), (None, false));
        assert!(expand("$(A)", &|_| None).is_unset);
        assert!(expand("a$$b", &|_| None).is_halved);
        assert!(!expand("$$(A)", &|_| None).is_halved);
    }
}
