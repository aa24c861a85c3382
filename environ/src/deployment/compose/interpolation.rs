//! `$NAME` and `${NAME:-default}` in a Compose file, as `compose-go/template` replaces them.

use std::collections::BTreeMap;

/// The maximum depth of nested references; deeper references are hostile.
const MAX_DEPTH: usize = 20;

/// A text after the replacement.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Interpolated {
    /// `None` if a part of it is unknown.
    pub(super) text: Option<String>,
    /// Whether Compose rejects it.
    pub(super) is_malformed: bool,
    /// Whether a bare `$name` is probably a part of a value, not a variable.
    pub(super) is_doubtful: bool,
}

/// Replaces variables by the values of the project's `.env`, or by their defaults. The
/// environment of the command may hold another value, which a deployment cannot count on.
pub(super) fn interpolate(value: &str, env: &BTreeMap<String, Option<String>>) -> Interpolated {
    nested(value, env, MAX_DEPTH)
}

/// Replaces variables in a text inside of so many references fewer than the maximum.
fn nested(value: &str, env: &BTreeMap<String, Option<String>>, depth: usize) -> Interpolated {
    let mut text = Some(String::new());
    let mut result = Interpolated::default();
    let mut push = |part: Option<&str>| match (&mut text, part) {
        (Some(text), Some(part)) => text.push_str(part),
        (text, _) => *text = None,
    };
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
            let replaced = reference(&braced[..length], env, depth);
            result.is_malformed |= replaced.is_malformed;
            push(replaced.text.as_deref());
            rest = &braced[length + 1..];
            before_is_word = false;
        } else {
            let length = after.find(|letter| !is_word(letter)).unwrap_or(after.len());
            let name = &after[..length];
            if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
                result.is_malformed = true;
                return result;
            }
            let is_upper = !name.bytes().any(|byte| byte.is_ascii_lowercase());
            result.is_doubtful |= before_is_word || !is_upper;
            push(env.get(name).and_then(Option::as_deref));
            rest = &after[length..];
            before_is_word = true;
        }
    }
    push(Some(rest));
    result.text = text;
    result
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
fn reference(inner: &str, env: &BTreeMap<String, Option<String>>, depth: usize) -> Interpolated {
    let length = inner.find(|letter| !is_word(letter)).unwrap_or(inner.len());
    let (name, operator) = inner.split_at(length);
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) || depth == 0 {
        return Interpolated {
            is_malformed: true,
            ..Interpolated::default()
        };
    }
    let set = env.get(name);
    let is_empty = set.is_none_or(|text| text.as_deref() == Some(""));
    let known = |text: Option<&Option<String>>| Interpolated {
        text: text.cloned().flatten(),
        ..Interpolated::default()
    };
    let (colon, rest) = match operator.strip_prefix(':') {
        Some(rest) => (true, rest),
        None => (false, operator),
    };
    let is_unset = set.is_none() || colon && is_empty;
    match (rest.chars().next(), rest.get(1..)) {
        (None, _) if !colon => known(set),
        (Some('-'), Some(default)) if is_unset => nested(default, env, depth - 1),
        (Some('-' | '?'), _) => known(set),
        // Whether the alternative counts depends on the environment of the command.
        (Some('+'), _) => Interpolated::default(),
        _ => Interpolated {
            is_malformed: true,
            ..Interpolated::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced_as_compose_does() {
        let env = BTreeMap::from([
            ("A".to_owned(), Some("set".to_owned())),
            ("EMPTY".to_owned(), Some(String::new())),
        ]);
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
        ] {
            let result = interpolate(value, &env);
            assert_eq!(result.text.as_deref(), text, "{value}");
            assert!(!result.is_malformed, "{value}");
        }
        for value in ["$", "a$5", "${", "${}", "${A", "${A!x}", "a$ b"] {
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
        ] {
            assert_eq!(interpolate(value, &env).is_doubtful, is_doubtful, "{value}");
        }
    }
}
