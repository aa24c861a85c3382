//! Where a password stands in a text that is not marked as a secret.
//!
//! A value is shown just when something is wrong with it, so nothing here relies
//! on its being right: where two readings are possible, more is masked.

use std::ops::Range;

/// The places of all passwords, in order.
pub(crate) fn places(text: &str) -> Vec<Range<usize>> {
    let mut places = in_urls(text);
    for place in in_parameters(text) {
        let before = places.partition_point(|other| other.start <= place.start);
        places.insert(before, place);
    }
    let mut apart: Vec<Range<usize>> = Vec::new();
    for place in places {
        match apart.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

/// In each URL, even a broken one: everything from the first `:` after
/// the scheme to the last `@`, for a password with a `/` in it breaks a URL; where
/// there is no `@`, everything that is not a port.
fn in_urls(text: &str) -> Vec<Range<usize>> {
    let mut starts: Vec<usize> = text
        .match_indices(SCHEME_END)
        .filter_map(|(at, _)| {
            let start = scheme(&text[..at]);
            let is_new = start < at && text[..start].chars().next_back().is_none_or(is_before_url);
            is_new.then_some(start)
        })
        .collect();
    if starts.first() != Some(&0) {
        starts.insert(0, 0);
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| in_url(&text[*start..end], *start))
        .collect()
}

const SCHEME_END: &str = "://";

/// Where the scheme begins that `before` ends with: `jdbc:postgresql`.
fn scheme(before: &str) -> usize {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+-.:".contains(letter);
    before.trim_end_matches(is_part).len()
}

/// Returns whether a URL may begin after this letter. After any other letter, `://` may be
/// a part of a password.
fn is_before_url(letter: char) -> bool {
    letter.is_whitespace() || ",;|=\"'`([{<".contains(letter)
}

fn in_url(url: &str, offset: usize) -> Option<Range<usize>> {
    let authority = url.find(SCHEME_END).map(|at| at + SCHEME_END.len());
    let (user, end) = match (url.rfind('@'), authority) {
        (Some(at), _) => {
            let is_scheme = authority.filter(|start| scheme(&url[..start - 3]) == 0);
            (is_scheme.unwrap_or(0), at)
        }
        (None, Some(start)) if url[start..].contains(SCHEME_END) => (start, url.len()),
        (None, Some(start)) => {
            let end = url[start..]
                .find(['/', '?', '#', ',', ' '])
                .map_or(url.len(), |at| start + at);
            if ends_with_port(&url[start..end]) {
                return None;
            }
            (start, end)
        }
        (None, None) => return None,
    };
    let colon = user + url.get(user..end)?.find(':')? + 1;
    Some(offset + colon..offset + end)
}

/// `host:80`, `[::1]:80`
fn ends_with_port(authority: &str) -> bool {
    let host_and_port = authority.rsplit_once(':');
    host_and_port.is_some_and(|(host, port)| {
        let is_host = !host.contains(':') || host.ends_with(']');
        is_host && port.bytes().all(|byte| byte.is_ascii_digit())
    }) || authority.ends_with(']')
}

/// The ends of the names of parameters that hold a password.
const PARAMETERS: &[&str] = &[
    "password", "passwd", "pwd", "secret", "token", "api_key", "apikey",
];

/// `?password=...&x=1`, `host=db password='...'`
fn in_parameters(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(at) = lower[from..].find('=') {
        let name = lower[..from + at].trim_end();
        from += at + 1;
        if PARAMETERS.iter().any(|word| name.ends_with(word)) {
            let value = text[from..].trim_start();
            let start = text.len() - value.len();
            from = start + length(value);
            places.push(start..from);
        }
    }
    places
}

/// How long the value is that `text` begins with. In quotes or in braces anything
/// may stand, and behind a backslash too: so libpq and ODBC have it.
fn length(text: &str) -> usize {
    let quoted = match text.chars().next() {
        Some(quote @ ('\'' | '"')) => quoted(text, quote),
        Some('{') => quoted(text, '}'),
        // In quotes itself, as `{:?}` has it.
        Some('\\') if text[1..].starts_with(['\'', '"']) => {
            let end = text[2..].find(&text[..2]);
            end.map_or(text.len(), |at| 2 + at + 2)
        }
        _ => 0,
    };
    let mut letters = text[quoted..].char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => _ = letters.next(),
            '&' | ';' => return quoted + at,
            space if space.is_whitespace() => return quoted + at,
            _ => {}
        }
    }
    text.len()
}

/// Returns the length up to the quote that ends the value. Two quotes stand for a quote
/// inside of it.
fn quoted(text: &str, end: char) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if letter == end && letters.next_if(|(_, next)| *next == end).is_none() {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use crate::redact::display::without_password;

    #[test]
    fn the_password_in_a_url_is_masked() {
        for (url, shown) in [
            ("http://host:80/path", "http://host:80/path"),
            (
                "postgres://me:hunter2@db:5432/x",
                "postgres://me:***@db:5432/x",
            ),
            ("postgres://me:hun/ter@2@db/x", "postgres://me:***@db/x"),
            ("postgres://me:hun://ter2@db/x", "postgres://me:***@db/x"),
            ("redis://:hunter2@cache", "redis://:***@cache"),
            ("jdbc:x://me:hunter2@db", "jdbc:x://me:***@db"),
            ("mail me@example.org", "mail me@example.org"),
            ("http://me@host:80", "http://me@host:80"),
            ("http://[::1]:80/x", "http://[::1]:80/x"),
            ("http://[::1]/x", "http://[::1]/x"),
            ("me:hunter2@db", "me:***@db"),
            ("postgres://me:hunter2", "postgres://me:***"),
            ("postgres://me:hunter2/x", "postgres://me:***/x"),
            ("12:30:00", "12:30:00"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }

    #[test]
    fn the_password_in_each_of_several_urls_is_masked() {
        for (urls, shown) in [
            ("a://u:hunter2@h,b://u:hunter2@h", "a://u:***@h,b://u:***@h"),
            ("a://u:hunter2,b://u:hunter2@h", "a://u:***,b://u:***@h"),
            ("a://u:hunter2@h b://u:hunter2", "a://u:***@h b://u:***"),
            ("u:hunter2@h,http://h:80", "u:***@h,http://h:80"),
            (
                "a=a://u:hunter2@h;b=b://u:hunter2@h",
                "a=a://u:***@h;b=b://u:***@h",
            ),
            ("a://u:hunter2/b://u:hunter2", "a://u:***"),
            (
                r#"bad "a://u:hunter2": a://u:hunter2"#,
                r#"bad "a://u:*** a://u:***"#,
            ),
        ] {
            assert_eq!(without_password(urls), shown);
        }
    }

    #[test]
    fn the_password_among_parameters_is_masked() {
        for (text, shown) in [
            (
                "postgres://db/x?Password=hunter2&y=1",
                "postgres://db/x?Password=***&y=1",
            ),
            ("host=db password=hunter2", "host=db password=***"),
            (
                "Token=hunter2;x=1;password=hunter=2;pwd=hunter2;y=2",
                "Token=***;x=1;password=***;pwd=***;y=2",
            ),
            ("password='hunter2 x' user=me", "password=*** user=me"),
            ("password = 'hunter2 x' user=me", "password = *** user=me"),
            (r"password='hun\'ter 2' user=me", "password=*** user=me"),
            (r"password=hunter\ 2 user=me", "password=*** user=me"),
            ("PWD={hun;}}ter 2};UID=me", "PWD=***;UID=me"),
            ("PWD=\"hun;ter 2\";UID=me", "PWD=***;UID=me"),
            (r#""PWD=\"hun;ter 2\";UID=me""#, r#""PWD=***;UID=me""#),
            ("password='hunter2 x user=me", "password=***"),
            ("password=", "password=***"),
            ("password", "password"),
        ] {
            assert_eq!(without_password(text), shown);
        }
    }
}
