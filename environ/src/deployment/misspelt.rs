//! Keys of a format that are misspelt: the format ignores or rejects such a key, and the
//! variables below it are not set.

use crate::name::near::distance;

/// Returns the known key that a key is probably meant to be.
pub(super) fn meant(key: &str, known: &[&'static str]) -> Option<&'static str> {
    // `x-image` and `X-Environment` are extensions, which formats leave alone.
    let is_extension = key
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("x-"));
    if known.contains(&key) || is_extension {
        return None;
    }
    let folded = |key: &str| key.to_ascii_lowercase().replace(['_', '-'], "");
    let own = folded(key);
    let most = |known: &str| match known.len() {
        ..5 => 1,
        _ => 2,
    };
    let mut known = known.iter().copied();
    known.find(|known| {
        let other = folded(known);
        distance(own.as_bytes(), other.as_bytes(), most(known) + 1).is_some()
    })
}

/// Returns whether a name, as people choose it, is probably meant to be `other`. Names that differ
/// in digits alone are names of different things.
pub(super) fn is_near(name: &str, other: &str) -> bool {
    let letters = |name: &str| name.replace(|letter: char| letter.is_ascii_digit(), "");
    let most = if other.len() < 5 { 2 } else { 3 };
    name != other
        && letters(name) != letters(other)
        && distance(name.as_bytes(), other.as_bytes(), most).is_some()
}

#[cfg(test)]
mod tests {
    use super::{is_near, meant};

    #[test]
    fn names_that_differ_in_digits_alone_are_not_near() {
        for (name, other, is) in [
            ("settings", "setting", true),
            ("wbe", "web", true),
            ("settings-v1", "settings-v2", false),
            ("a", "b", true),
            ("shop-env", "shop-secrets", false),
            ("web", "web", false),
            ("weba", "shop", false),
            ("shxx", "shop", false),
            ("shoxx", "shops", true),
            ("shxxx", "shops", false),
        ] {
            assert_eq!(is_near(name, other), is, "{name}");
        }
    }

    #[test]
    fn a_key_near_a_known_key_is_found_and_keys_of_the_format_are_not() {
        let known = ["environment", "env_file", "env", "envFrom"];
        for (key, is_meant) in [
            ("enviroment", Some("environment")),
            ("Environment", Some("environment")),
            ("envfile", Some("env_file")),
            ("env-file", Some("env_file")),
            ("envs", Some("env")),
            ("envForm", Some("envFrom")),
            ("environment", None),
            ("x-environment", None),
            ("X-Environment", None),
            ("tty", None),
            ("ent", Some("env")),
            ("ett", None),
            ("envForma", Some("envFrom")),
            ("envSoups", None),
            ("expose", None),
        ] {
            assert_eq!(meant(key, &known), is_meant, "{key}");
        }
    }
}
