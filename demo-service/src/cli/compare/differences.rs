//! The differences between instances.

use std::fmt::{self, Write as _};

use super::instance::{Instance, Variable};
use crate::telemetry::letters::is_unsafe;

const KEY: &str = "APP_FINGERPRINT_KEY";

/// A value that may not be seen.
const REDACTED: &str = "[REDACTED]";

/// A longer text is cut.
const MAX_SHOWN: usize = 200;

/// The variables that have several values.
pub(super) struct Differences<'a> {
    instances: &'a [Instance],
    names: Vec<&'a str>,
    /// Whether all instances have the same key, so that their secrets are compared.
    has_same_key: bool,
}

impl<'a> Differences<'a> {
    pub(super) fn between(instances: &'a [Instance]) -> Self {
        let keys: Vec<_> = instances.iter().map(key).collect();
        let has_same_key = keys.iter().all(|key| key.is_some() && *key == keys[0]);
        let mut names: Vec<&str> = Vec::new();
        for variable in instances.iter().flat_map(|instance| &instance.variables) {
            if !names.contains(&&*variable.name) {
                names.push(&variable.name);
            }
        }
        let compared = |name: &str, variable: &'a Variable| {
            let is_compared = has_same_key || name == KEY;
            let fingerprint = variable.fingerprint.as_deref().filter(|_| is_compared);
            (&*variable.value, fingerprint)
        };
        names.retain(|name| {
            let of = |instance: &'a Instance| instance.variable(name).map(|it| compared(name, it));
            instances.iter().any(|it| of(it) != of(&instances[0]))
        });
        Self {
            instances,
            names,
            has_same_key,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// Returns the fingerprint that equal keys have in common.
fn key(instance: &Instance) -> Option<&str> {
    instance.variable(KEY)?.fingerprint.as_deref()
}

/// Each variable, with each of its values and the instances that have it.
impl fmt::Display for Differences<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.instances.len();
        if self.names.is_empty() {
            write!(f, "the {count} instances have the same configuration")?;
            match &self.instances[0].fingerprint {
                Some(fingerprint) if self.has_same_key => {
                    writeln!(f, ", fingerprint {}", shown(fingerprint))?;
                }
                _ => writeln!(f)?,
            }
        }
        for name in &self.names {
            writeln!(f, "{}", shown(name))?;
            let mut values: Vec<(String, Vec<&str>)> = Vec::new();
            for instance in self.instances {
                let value = value(instance.variable(name));
                match values.iter_mut().find(|(other, _)| *other == value) {
                    Some((_, urls)) => urls.push(&instance.url),
                    None => values.push((value, vec![&instance.url])),
                }
            }
            for (value, urls) in values {
                writeln!(f, "  {value}: {}", urls.join(", "))?;
            }
        }
        if !self.has_same_key {
            writeln!(
                f,
                "secrets are not compared: set {KEY} to the same value on all instances"
            )?;
        }
        Ok(())
    }
}

fn value(variable: Option<&Variable>) -> String {
    let Some(variable) = variable else {
        return "unset".to_owned();
    };
    let mut text = match &*variable.value {
        "" => "\"\"".to_owned(),
        value => shown(value),
    };
    if let Some(fingerprint) = variable.fingerprint.as_deref()
        && variable.value == REDACTED
    {
        let _ = write!(text, " {}", shown(fingerprint));
    }
    let _ = write!(text, " ({})", shown(&variable.origin));
    text
}

/// Returns a text of a server on one line, without letters that a terminal obeys.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars().take(MAX_SHOWN) {
        if letter.is_control() || is_unsafe(letter) {
            shown.extend(letter.escape_debug());
        } else {
            shown.push(letter);
        }
    }
    if text.chars().nth(MAX_SHOWN).is_some() {
        shown.push('\u{2026}');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(url: &str, variables: &[(&str, &str, Option<&str>)]) -> Instance {
        let variables = variables.iter().map(|(name, value, fingerprint)| Variable {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
            origin: "environment".to_owned(),
            fingerprint: fingerprint.map(str::to_owned),
        });
        Instance {
            url: url.to_owned(),
            fingerprint: Some("f".to_owned()),
            variables: variables.collect(),
        }
    }

    #[test]
    fn values_of_a_server_cannot_move_the_cursor() {
        let long = "x".repeat(MAX_SHOWN + 1);
        let [a, b] = [
            instance("a", &[("N\n", "\u{1b}[2J\u{202e}", None)]),
            instance("b", &[("N\n", &long, None)]),
        ];
        let text = Differences::between(&[a, b]).to_string();
        let first = "N\\n\n  \\u{1b}[2J\\u{202e} (environment): a\n  xxx";
        assert!(text.starts_with(first), "{text}");
        assert!(text.contains("x\u{2026} (environment): b\n"), "{text}");
    }

    #[test]
    fn instances_with_the_same_value_share_a_line() {
        let all = [
            instance("a", &[("ONE", "1", None), (KEY, REDACTED, Some("k"))]),
            instance("b", &[(KEY, REDACTED, Some("k"))]),
            instance("c", &[("ONE", "1", None), (KEY, REDACTED, Some("k"))]),
        ];
        let differences = Differences::between(&all);
        assert_eq!(
            differences.to_string(),
            "ONE\n  1 (environment): a, c\n  unset: b\n"
        );
        assert!(!differences.is_empty());
    }

    #[test]
    fn secrets_are_compared_with_the_same_key_only() {
        for (keys, differs) in [
            ([Some("k"), Some("k")], true),
            ([Some("k"), Some("l")], false),
            ([None, None], false),
        ] {
            let [a, b] = [("a", keys[0], "1"), ("b", keys[1], "2")].map(|(url, key, token)| {
                let token = key.map(|_| token);
                instance(url, &[(KEY, REDACTED, key), ("TOKEN", REDACTED, token)])
            });
            let text = Differences::between(&[a, b]).to_string();
            assert_eq!(text.contains("TOKEN"), differs, "{text}");
            assert_eq!(text.contains("are not compared"), !differs, "{text}");
        }
    }
}
