//! Decides which names are names of passwords.

/// How sure it is that a name is that of a password.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `key`: in a sentence, no name at all.
    Vague,
    /// `token`, `secret`: may be the name of a host, too.
    Sure,
    /// `password`: before `:1234`, it is no host that a port follows.
    Password,
    /// A header: its value is the rest of the line.
    Header,
}

/// Words that make a name that of a password, wherever in the name they stand.
const PASSWORDS: &[&str] = &["passw", "passphrase", "passcode", "pwd"];

const SURE: &[&str] = &[
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "accesskey",
    "access_key",
    "access-key",
    "privatekey",
    "private_key",
    "private-key",
    "credential",
    "signature",
];

/// Words that make a name that of a password if they are a part of the name, or its end.
const VAGUE: &[&str] = &["key", "keys", "sig", "auth", "pass", "pw", "jwt"];

/// A longer name is looked at from its end.
const MAX_NAME: usize = 64;

/// Returns the kind of password that a name stands for, if any.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let name = name.as_bytes();
    let end = &name[name.len().saturating_sub(MAX_NAME)..];
    let lower = String::from_utf8_lossy(end).to_ascii_lowercase();
    if lower.contains("authorization") || lower == "cookie" || lower == "set-cookie" {
        return Some(Kind::Header);
    }
    if contains(&lower, PASSWORDS) {
        return Some(Kind::Password);
    }
    if lower.contains("public") {
        return None;
    }
    if contains(&lower, SURE) {
        return Some(Kind::Sure);
    }
    let is_vague = VAGUE.iter().any(|word| {
        let mut parts = lower.split(|letter: char| !letter.is_ascii_alphanumeric());
        lower.ends_with(word) || parts.any(|part| part == *word)
    });
    is_vague.then_some(Kind::Vague)
}

fn contains(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.contains(word))
}

/// Returns whether a byte may be a part of a name.
pub(super) fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)
}
