//! A type's spelling in the words of an operator: `Vec<IpNet>` is a list, each an IP
//! network.

use std::borrow::Cow;

use super::form::article;
use crate::name::is_same;

/// Types of other crates with a name that people do not use for the thing.
const NOUNS: &[(&[&str], &str)] = &[
    (&["IpAddr"], "IP address"),
    (&["Ipv4Addr"], "IPv4 address"),
    (&["Ipv6Addr"], "IPv6 address"),
    (
        &["SocketAddr", "SocketAddrV4", "SocketAddrV6"],
        "socket address",
    ),
    (&["IpNet", "IpNetwork", "IpCidr", "IpInet"], "IP network"),
    (
        &["Ipv4Net", "Ipv4Network", "Ipv4Cidr", "Ipv4Inet"],
        "IPv4 network",
    ),
    (
        &["Ipv6Net", "Ipv6Network", "Ipv6Cidr", "Ipv6Inet"],
        "IPv6 network",
    ),
    (&["MacAddr", "MacAddr6", "MacAddress"], "MAC address"),
    (&["Url"], "URL"),
    (&["Uri"], "URI"),
    (&["Uuid"], "UUID"),
    (&["Ulid"], "ULID"),
    (&["ByteSize"], "size, like 10MiB"),
    (&["Regex", "RegexSet"], "regular expression"),
    (&["Version"], "version, like 1.2.3"),
    (&["VersionReq"], "version requirement, like ^1.2"),
    (&["LevelFilter"], "log level"),
    (&["EnvFilter"], "log filter"),
    (&["Tz", "TimeZone"], "time zone"),
    (&["NaiveDate"], "date"),
    (&["NaiveTime"], "time of day"),
    (
        &["DateTime", "NaiveDateTime", "OffsetDateTime", "Zoned"],
        "date and time",
    ),
    (&["SignedDuration", "Span"], "duration"),
    (&["Decimal", "BigDecimal"], "decimal number"),
    (&["BigInt", "BigUint"], "whole number"),
    (&["Mime"], "media type"),
    (
        &["String", "str", "OsString", "CompactString", "SmolStr"],
        "text",
    ),
    (&["PathBuf", "Path", "Utf8PathBuf"], "path"),
    (&["char"], "single character"),
];

/// Types that are read by reading the type inside.
const AROUND: &[&str] = &[
    "Option",
    "Box",
    "Arc",
    "Rc",
    "Cow",
    "Secret",
    "SecretBox",
    "Wrapping",
    "Saturating",
];

const LISTS: &[&str] = &[
    "Vec", "VecDeque", "HashSet", "BTreeSet", "IndexSet", "SmallVec", "ArrayVec",
];

const MAPS: &[&str] = &["HashMap", "BTreeMap", "IndexMap"];

/// Returns the noun of a type with its article.
pub(super) fn with_article(spelled: &str) -> String {
    let spelled = spelled.trim().trim_start_matches("&'static ");
    let spelled = spelled.trim_start_matches('&');
    if let Some(inner) = enclosed(spelled, '[', ']') {
        let (element, len) = inner.rsplit_once(';').unwrap_or((inner, ""));
        return match len.trim().parse() {
            Ok(1) => format!("1 element, {}", with_article(element)),
            Ok(len @ 0_usize..) => format!("{len} elements, each {}", with_article(element)),
            Err(_) => format!("a list, each {}", with_article(element)),
        };
    }
    if let Some(inner) = enclosed(spelled, '(', ')') {
        let nouns: Vec<String> = arguments(inner).into_iter().map(with_article).collect();
        return format!("{} elements: {}", nouns.len(), nouns.join(", "));
    }
    let (path, inner) = match spelled.split_once('<') {
        Some((path, inner)) => (path, inner.strip_suffix('>').unwrap_or(inner)),
        None => (spelled, ""),
    };
    let name = path.trim_end_matches(':').rsplit("::").next();
    let name = name.unwrap_or_default();
    let name = name.trim().trim_start_matches("r#");
    match &*arguments(inner) {
        [.., inner] if AROUND.contains(&name) => with_article(inner),
        [inner, ..] if LISTS.contains(&name) => format!("a list, each {}", with_article(inner)),
        [key, value, ..] if MAPS.contains(&name) => format!(
            "pairs like key=value, {} and {}",
            with_article(key),
            with_article(value)
        ),
        _ => {
            let noun = noun(name);
            let is_spelt = spelt(&noun);
            format!("{} {noun}", if is_spelt { "an" } else { article(&noun) })
        }
    }
}

/// Returns whether the first letter of a word of capitals has a name that begins with a vowel:
/// an HTTP method, an S3 bucket.
fn spelt(noun: &str) -> bool {
    let mut letters = noun.chars();
    let is_vowel = letters
        .next()
        .is_some_and(|first| "FHLMNRSX".contains(first));
    let is_capital = |next: char| next.is_uppercase() || next.is_ascii_digit();
    is_vowel && letters.next().is_some_and(is_capital) && !noun.starts_with("MAC ")
}

/// Whether the type is a list, a map, an array or a tuple.
pub(super) const fn is_several(spelled: &str) -> bool {
    let spelled = spelled.as_bytes();
    if matches!(spelled, [b'[' | b'(', ..]) {
        return true;
    }
    let mut end = 0;
    while end < spelled.len() && spelled[end] != b'<' {
        end += 1;
    }
    let mut path = spelled.split_at(end).0.trim_ascii();
    let mut start = path.len();
    while start > 0 && path[start - 1] != b':' {
        start -= 1;
    }
    path = path.split_at(start).1.trim_ascii();
    is_any(LISTS, path) || is_any(MAPS, path)
}

const fn is_any(names: &[&str], name: &[u8]) -> bool {
    let mut i = 0;
    while i < names.len() {
        if is_same(names[i].as_bytes(), name) {
            return true;
        }
        i += 1;
    }
    false
}

fn enclosed(text: &str, open: char, close: char) -> Option<&str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// Splits type arguments at the commas that no bracket encloses.
fn arguments(text: &str) -> Vec<&str> {
    let (mut arguments, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '<' | '(' | '[' => depth += 1,
            '>' | ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                arguments.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments.push(text[start..].trim());
    arguments.retain(|argument| !argument.is_empty());
    arguments
}

/// `PoolSize` is a pool size, `HTTPMethod` an HTTP method.
fn noun(name: &str) -> Cow<'static, str> {
    if let Some((_, noun)) = NOUNS.iter().find(|(names, _)| names.contains(&name)) {
        return (*noun).into();
    }
    // A type parameter, or a type that has no name.
    if name.len() < 2 || !name.starts_with(|first: char| first.is_alphabetic()) {
        return "valid value".into();
    }
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before));
        let follows_lower = before.is_some_and(|before| !before.is_uppercase());
        let begins_word = letters
            .get(index + 1)
            .is_some_and(|next| next.is_lowercase());
        if *letter == '_' || (letter.is_uppercase() && (follows_lower || begins_word)) {
            words.push(String::new());
        }
        if let (Some(word), true) = (words.last_mut(), *letter != '_') {
            word.push(*letter);
        }
    }
    words.retain(|word| !word.is_empty());
    let words = words.into_iter().map(|word| {
        let is_capital = |letter: char| letter.is_uppercase() || letter.is_ascii_digit();
        if word.len() > 1 && word.chars().all(is_capital) {
            word
        } else {
            word.to_lowercase()
        }
    });
    words.collect::<Vec<_>>().join(" ").into()
}

#[cfg(test)]
mod tests {
    use super::with_article;

    #[test]
    fn a_type_is_called_as_people_call_it() {
        for (spelled, words) in [
            ("IpNet", "an IP network"),
            ("ipnet::IpNet", "an IP network"),
            ("Vec<IpNet>", "a list, each an IP network"),
            (
                "alloc::vec::Vec<ipnet::IpNet>",
                "a list, each an IP network",
            ),
            ("Option<Box<Url>>", "a URL"),
            ("std::borrow::Cow<'static, str>", "a text"),
            (
                "HashMap<String, Vec<Even>>",
                "pairs like key=value, a text and a list, each an even",
            ),
            ("[Even; 3]", "3 elements, each an even"),
            ("[Even; 1]", "1 element, an even"),
            ("(Even, u8)", "2 elements: an even, a u8"),
            ("Token<'static>", "a token"),
            ("PoolSize", "a pool size"),
            ("MacAddr", "a MAC address"),
            ("S3Bucket", "an S3 bucket"),
            ("HTTPMethod", "an HTTP method"),
            ("Http2Mode", "a http2 mode"),
            ("log_level", "a log level"),
            ("r#Type", "a type"),
            ("u32", "a u32"),
            ("f64", "an f64"),
            ("T", "a valid value"),
            ("", "a valid value"),
        ] {
            assert_eq!(with_article(spelled), words, "{spelled}");
        }
    }
}
