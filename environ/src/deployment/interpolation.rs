//! `$NAME` and `${NAME:-default}` in a Compose file, as `compose-go/template` replaces them.

use crate::help::expansion::Joined;

/// The maximum depth of nested references; deeper references are hostile.
const MAX_DEPTH: usize = 20;

/// A text after the replacement.
#[derive(Debug, Default, PartialEq)]
pub(in crate::deployment) struct Interpolated {
    /// `None` if a part of it is unknown.
    pub(in crate::deployment) text: Option<String>,
    /// Whether Compose rejects it.
    pub(in crate::deployment) is_malformed: bool,
    /// Whether a `$` begins no variable: older versions of Compose reject it.
    pub(in crate::deployment) is_bare: bool,
    /// Whether a bare `$name` is probably a part of a value, not a variable.
    pub(in crate::deployment) is_doubtful: bool,
}

impl Interpolated {
    /// Creates a text in which nothing is replaced.
    pub(in crate::deployment) fn of(text: String) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }
}

/// Returns the text of a variable that is set, `None` in it if the text is unknown.
pub(in crate::deployment) type Known<'k> = &'k dyn Fn(&str) -> Option<Option<String>>;

/// Replaces variables by the values of the project's `.env`, or by their defaults. The
/// environment of the command may hold another value, which a deployment cannot count on.
pub(in crate::deployment) fn interpolate(value: &str, known: Known<'_>) -> Interpolated {
    nested(value, known, MAX_DEPTH)
}

/// Replaces variables in a text inside of so many references fewer than the maximum.
fn nested(value: &str, known: Known<'_>, depth: usize) -> Interpolated {
    let mut joined = Joined::new();
    let mut result = Interpolated::default();
    let mut push = |part: Option<&str>| joined.push(part);
    let mut rest = value;
    let mut before_is_word = false;
    while let Some((before, after)) = rest.split_once('$') {
        push(Some(before));
        before_is_word = before.ends_with(is_word) || before.is_empty() && before_is_word;
        if let Some(after) = after.strip_prefix('$') {
            push(Some("$"));
            rest = after;
            before_is_word = true;
        } else if let Some(braced) = after.strip_prefix('{') {
            let Some(length) = closing(braced) else {
                result.is_malformed = true;
                return result;
            };
            let replaced = reference(&braced[..length], known, depth);
            result.is_malformed |= replaced.is_malformed;
            result.is_bare |= replaced.is_bare;
            push(replaced.text.as_deref());
            rest = &braced[length + 1..];
            before_is_word = false;
        } else {
            let length = after.find(|letter| !is_word(letter)).unwrap_or(after.len());
            let name = &after[..length];
            if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
                result.is_bare = true;
                push(Some("$"));
                rest = after;
                before_is_word = true;
                continue;
            }
            let is_upper = !name.bytes().any(|byte| byte.is_ascii_lowercase());
            result.is_doubtful |= before_is_word || !is_upper;
            push(known(name).flatten().as_deref());
            rest = &after[length..];
            before_is_word = true;
        }
    }
    push(Some(rest));
    result.text = joined.text();
    result
}

/// Returns the reason why a replacement is probably not meant.
pub(in crate::deployment) fn oddity(replaced: &Interpolated) -> Option<&'static str> {
    if replaced.is_doubtful {
        Some(
            "Compose takes a `$` and the letters after it for a variable; write `$$` for `$`, or \
             `${NAME}` for a variable",
        )
    } else if replaced.is_bare {
        Some("some versions of Compose reject a `$` that begins no variable; write `$$` for `$`")
    } else {
        None
    }
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// Returns the place of the closing brace; nested references are skipped.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' if at > 0 && bytes[at - 1] == b'$' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Replaces the inside of a `${...}`.
fn reference(inner: &str, known: Known<'_>, depth: usize) -> Interpolated {
    let length = inner.find(|letter| !is_word(letter)).unwrap_or(inner.len());
    let (name, operator) = inner.split_at(length);
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) || depth == 0 {
        return Interpolated {
            is_malformed: true,
            ..Interpolated::default()
        };
    }
    let set = known(name);
    let is_empty = (set.as_ref()).is_none_or(|text| text.as_deref() == Some(""));
    let own = |text: Option<Option<String>>| Interpolated {
        text: text.flatten(),
        ..Interpolated::default()
    };
    let (colon, rest) = match operator.strip_prefix(':') {
        Some(rest) => (true, rest),
        None => (false, operator),
    };
    let is_unset = set.is_none() || colon && is_empty;
    match (rest.chars().next(), rest.get(1..)) {
        (None, _) if !colon => own(set),
        // Compose takes a brace in a default for the end of another reference, or for none.
        (Some('-'), Some(default)) if is_unset && has_brace(default) => Interpolated::default(),
        (Some('-'), Some(default)) if is_unset => nested(default, known, depth - 1),
        (Some('-' | '?'), _) => own(set),
        // Whether the alternative counts depends on the environment of the command.
        (Some('+'), _) => Interpolated::default(),
        _ => Interpolated {
            is_malformed: true,
            ..Interpolated::default()
        },
    }
}

/// Returns whether a brace opens that no `$` is before.
fn has_brace(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|letter| {
        let is_bare = letter == '{' && before != '$';
        before = letter;
        is_bare
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{interpolate, Interpolated, MAX_DEPTH};

    #[test]
    fn references_are_replaced_as_compose_does() {
        let env = BTreeMap::from([
            ("A".to_owned(), Some("set".to_owned())),
            ("EMPTY".to_owned(), Some(String::new())),
        ]);
        let env = |name: &str| env.get(name).cloned();
        for (value, text) in [
            ("$A", Some("set")),
            ("x${A}y", Some("xsety")),
            ("$$A", Some("$A")),
            ("${B:-d}", Some("d")),
            ("${EMPTY:-d}", Some("d")),
            ("${EMPTY-d}", Some("")),
            ("${B:-${A}}", Some("set")),
            ("${B:-a:b}", Some("a:b")),
            ("${A:?no}", Some("set")),
            ("${B}", None),
            ("${B:?no}", None),
            ("${A:+x}", None),
            ("${B-{}}", None),
            ("a$ b", Some("a$ b")),
            ("$5$", Some("$5$")),
            ("a$é$A", Some("a$éset")),
            ("${A}${EMPTY}$A_", None),
            ("${A-d}${A:-d}", Some("setset")),
            ("${B-}", Some("")),
            ("${B-${C:-{}}", None),
            ("${B:-x${C:-y}z}{}", Some("xyz{}")),
            ("${A?}", Some("set")),
        ] {
            let result = interpolate(value, &env);
            assert_eq!(result.text.as_deref(), text, "{value}");
            assert!(!result.is_malformed, "{value}");
        }
        for value in [
            "${",
            "${}",
            "${A",
            "${A!x}",
            "${5}",
            "${A:}",
            "${A:x}",
            "x${B:-${}}",
            "${Aé}",
        ] {
            assert!(interpolate(value, &env).is_malformed, "{value}");
        }
        for (value, is_doubtful) in [
            ("pa$word", true),
            ("pa$WORD", true),
            ("$word", true),
            ("$WORD", false),
            ("//$WORD:80", false),
            ("${word}", false),
            ("pa$$word", false),
            ("$A$B", true),
            ("$$B", false),
            ("$$$B", true),
            ("$ $B", false),
            ("$5$B", true),
            ("${A}$B", false),
            ("a${A}b$B", true),
            ("pa-$WORD", false),
        ] {
            assert_eq!(interpolate(value, &env).is_doubtful, is_doubtful, "{value}");
        }
        for (value, is_bare) in [
            ("a$ b", true),
            ("$5", true),
            ("$", true),
            ("${B:-$ }", true),
            ("$$5", false),
            ("$A", false),
            ("${B:-$A}", false),
        ] {
            assert_eq!(interpolate(value, &env).is_bare, is_bare, "{value}");
        }
    }

    #[test]
    fn references_nest_up_to_a_maximum() {
        let nested = |depth| format!("{}x{}", "${B:-".repeat(depth), "}".repeat(depth));
        let most = interpolate(&nested(MAX_DEPTH), &|_| None);
        assert_eq!(most, Interpolated::of("x".to_owned()));
        assert!(interpolate(&nested(MAX_DEPTH + 1), &|_| None).is_malformed);
    }
}
