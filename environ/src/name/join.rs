//! The one rule of names: how segments are joined, and where a `_` stands.

/// The prefix of a root type that names none.
pub(crate) const DEFAULT_PREFIX: &str = "APP";

/// A prefix as names begin with it, however it was written.
pub(crate) fn prefix(text: &str) -> String {
    text.trim_end_matches('_').to_ascii_uppercase()
}

/// Why no name can begin with a prefix, in the words of the derive.
pub(crate) fn odd_prefix(prefix: &str) -> Option<String> {
    let odd = |letter: &char| !letter.is_ascii_alphanumeric() && *letter != '_';
    if prefix.starts_with(|first: char| first.is_ascii_digit()) {
        return Some("a prefix must not begin with a digit".to_owned());
    }
    let letter = prefix.chars().find(odd)?;
    Some(format!(
        "{letter:?} cannot be part of a prefix; use A-Z, 0-9 and `_`"
    ))
}

/// Stands for the number and for the key of one of several groups.
pub(crate) const ANY_NUMBER: &str = "<N>";
pub(crate) const ANY_KEY: &str = "<KEY>";

/// The delimiter of the segments of a name, unless a root has another.
pub(crate) const UNDERSCORE: &str = "_";

/// Whether a joint stands between a path and a segment of these lengths.
pub(crate) const fn is_joined(path: usize, segment: usize) -> bool {
    path > 0 && segment > 0
}

/// Joins a prefix and the name in a store that is but variables.
pub(crate) fn join(prefix: &str, name: &str) -> String {
    let joint = if is_joined(prefix.len(), name.len()) {
        UNDERSCORE
    } else {
        ""
    };
    format!("{prefix}{joint}{name}")
}

/// The variable that names a file instead.
pub(crate) fn of_file(name: &str) -> String {
    format!("{name}{FILE}")
}

/// The end of the name of a variable that names a file.
pub(crate) const FILE: &str = "_FILE";

/// The variable that holds the id of a secret in a store.
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
pub(crate) fn of_secret_id(name: &str) -> String {
    format!("{name}{SECRET_ID}")
}

/// The end of the name of a variable that holds an id.
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
pub(crate) const SECRET_ID: &str = "_SECRET_ID";

/// The end of the name of a variable that holds a ciphertext of Cloud KMS.
#[cfg(feature = "gcp")]
pub(crate) const KMS: &str = "_KMS";

/// The end of the name of a variable that names a file with a ciphertext of Cloud KMS.
#[cfg(feature = "gcp")]
pub(crate) const KMS_FILE: &str = "_KMS_FILE";

/// The ends of the names of variables that stores of clouds read beside a secret.
pub(crate) const OF_SECRETS: &[&str] = &[
    #[cfg(any(feature = "aws", feature = "azure", feature = "gcp"))]
    SECRET_ID,
    #[cfg(feature = "gcp")]
    KMS,
    #[cfg(feature = "gcp")]
    KMS_FILE,
];

/// Whether `name` begins with `prefix` and a `_`, in any letter case.
pub(crate) fn is_under(prefix: &str, name: &str) -> bool {
    let (name, end) = (name.as_bytes(), prefix.len());
    prefix.is_empty()
        || name.get(end) == Some(&b'_') && name[..end].eq_ignore_ascii_case(prefix.as_bytes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_underscore_joins_two_segments_and_none_stands_beside_an_empty_one() {
        let joined = |segments: &[&str]| {
            let join = |path: String, segment: &&str| super::join(&path, segment);
            segments.iter().fold(String::new(), join)
        };
        assert_eq!(joined(&["APP", "LOG", "LEVEL"]), "APP_LOG_LEVEL");
        assert_eq!(joined(&["", "LOG"]), "LOG");
        assert_eq!(joined(&["APP", ""]), "APP");
    }

    #[test]
    fn a_name_is_under_a_prefix_only_after_an_underscore() {
        assert!(super::is_under("APP", "APP_PORT"));
        assert!(super::is_under("APP", "app_port"));
        assert!(super::is_under("", "PORT"));
        assert!(!super::is_under("APP", "APPLE_PORT"));
        assert!(!super::is_under("APP", "APP"));
        assert!(!super::is_under("APP", "ÄPP_PORT"));
    }
}
