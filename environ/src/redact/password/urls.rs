//! Passwords in URLs: `scheme://user:password@host`, `scheme://token@host`, and
//! `user:password@host` without a scheme.

use std::ops::Range;

const SCHEME_END: &str = "://";

/// Returns the places of passwords and of lone users, which may be tokens: in each URL,
/// or in a text that was meant to be a URL.
pub(super) fn places(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let starts = starts(text);
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    for (start, end) in starts.iter().zip(ends) {
        in_url(&text[*start..end], *start, &mut places);
    }
    let mut encoded = encoded(text);
    places.append(&mut encoded);
    places
}

/// Returns where each URL begins, and the start of the text.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    // Whether the password of the URL before has not ended.
    let mut open = false;
    let mut seen = 0;
    for (at, _) in text.match_indices(SCHEME_END) {
        let start = scheme(&text[..at]);
        let Some(before) = text[..start].chars().next_back() else {
            continue;
        };
        if start == at || !is_before_url(before) {
            continue;
        }
        if seen == 0 || !open {
            let last = starts.last().copied().unwrap_or_default();
            open = is_open(&text[last..start]);
        } else {
            open = !text[seen..start].contains('@');
        }
        seen = start;
        // `a://u:x=b://y@h` is a single URL, `a://u:x,b://y@h` are two.
        if !open || is_between(before) {
            starts.push(start);
            open = false;
            seen = 0;
        }
    }
    starts
}

/// Returns where the scheme begins that `before` ends with: `jdbc:postgresql`.
fn scheme(before: &str) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.:".contains(byte);
    let length = before.bytes().rev().take_while(is_part).count();
    before.len() - length
}

/// Returns whether a URL may begin after the letter. After any other letter, `://` may be
/// a part of a password.
fn is_before_url(letter: char) -> bool {
    is_between(letter) || "=\"'`([{<".contains(letter)
}

/// Returns whether the letter may stand between two URLs.
fn is_between(letter: char) -> bool {
    letter.is_whitespace() || ",;|".contains(letter)
}

/// Returns whether a URL has a password that no `@` ends.
fn is_open(url: &str) -> bool {
    let Some(start) = url.find(SCHEME_END).map(|at| at + SCHEME_END.len()) else {
        return false;
    };
    let authority = authority(&url[start..]);
    !url.contains('@') && authority.contains(':') && !ends_with_port(authority)
}

/// Adds the place in a URL.
fn in_url(url: &str, offset: usize, places: &mut Vec<Range<usize>>) {
    let has_user = url.contains('@');
    let start = match url.find(SCHEME_END) {
        Some(at) if !has_user || scheme(&url[..at]) == 0 => at + SCHEME_END.len(),
        _ => return without_scheme(url, offset, places),
    };
    let rest = &url[start..];
    let authority = authority(rest);
    let end = start + authority.len();
    if ends_with_port(authority) && url[end..].starts_with(char::is_whitespace) {
        return without_scheme(&url[end..], offset + end, places);
    }
    let place = if has_user {
        before_host(rest)
    } else {
        without_host(rest, authority)
    };
    let offset = offset + start;
    places.extend(place.map(|place| offset + place.start..offset + place.end));
}

/// Returns the place before the last `@`. A password begins after the first `:`, and may
/// have a `/` in it, which breaks a URL. Without a password the user may be a token.
fn before_host(rest: &str) -> Option<Range<usize>> {
    let (first, last) = (rest.find('@')?, rest.rfind('@')?);
    let colon = rest.find(':').filter(|colon| *colon < last);
    if let Some(colon) = colon.filter(|colon| *colon < first) {
        return Some(colon + 1..last);
    }
    let is_path = |at: usize| rest[..at].contains(['/', '?', '#']);
    if is_path(first) {
        return None;
    }
    let has_port = colon.is_some_and(|_| ends_with_port(authority(&rest[first + 1..])));
    if has_port || colon.is_none() && is_path(last) {
        return Some(0..first);
    }
    Some(0..last)
}

/// Returns the place where no `@` follows: everything after a `:` that is not a port. The
/// URL of a server has no fragment, so that a `#` is a part of the password.
fn without_host(rest: &str, authority: &str) -> Option<Range<usize>> {
    let colon = authority.find(':')?;
    if ends_with_port(authority) {
        return None;
    }
    if rest.contains(SCHEME_END) {
        return Some(colon + 1..rest.len());
    }
    let (word, _) = rest.split_once([',', ' ']).unwrap_or((rest, ""));
    let path = word.find(['/', '?']).filter(|_| !word.contains('#'));
    let end = path.unwrap_or(word.len());
    (colon < end).then_some(colon + 1..end)
}

/// Adds the place in a text like `user:password@host`. A time, a port and a label such
/// as `From: ` are no users.
fn without_scheme(text: &str, offset: usize, places: &mut Vec<Range<usize>>) {
    let Some(end) = text.rfind('@') else {
        return;
    };
    let mut start = 0;
    for word in text[..end].split(char::is_whitespace) {
        let is_last = start + word.len() == end;
        if let Some(colon) = word.find(':') {
            let is_user = is_last || !(is_time(word) || ends_with_port(word));
            if is_user && (colon + 1 < word.len() || is_last) && &word[..colon] != "mailto" {
                places.push(offset + start + colon + 1..offset + end);
                return;
            }
        }
        let rest = &text[start + word.len()..];
        start += word.len() + rest.chars().next().map_or(0, char::len_utf8);
    }
}

fn is_time(word: &str) -> bool {
    word.bytes()
        .all(|byte| byte.is_ascii_digit() || b":.,-+TZ".contains(&byte))
}

/// Returns the user and the host that a text begins with.
fn authority(rest: &str) -> &str {
    let is_end = |letter: char| letter.is_whitespace() || "/?#,;|\"'`)]}>".contains(letter);
    // The host may be in brackets.
    let from = rest.find(']').filter(|_| rest.starts_with('['));
    let from = from.map_or(0, |at| at + 1);
    let end = rest[from..].find(is_end).map_or(rest.len(), |at| from + at);
    &rest[..end]
}

/// `host:80`, `[::1]:80`
fn ends_with_port(authority: &str) -> bool {
    let host_and_port = authority.rsplit_once(':');
    host_and_port.is_some_and(|(host, port)| {
        let is_host = !host.contains(':') || host.ends_with(']');
        is_host && port.bytes().all(|byte| byte.is_ascii_digit())
    }) || authority.ends_with(']')
}

/// Returns the places in URLs that are encoded in another: `postgres%3A%2F%2Fme%3Apw%40db`.
fn encoded(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(at) = find(&text[from..], "%3a%2f%2f") {
        let start = from + at + "%3a%2f%2f".len();
        let is_end = |letter: char| letter.is_whitespace() || "&,;\"'".contains(letter);
        let end = text[start..].find(is_end);
        from = end.map_or(text.len(), |end| start + end);
        let url = &text[start..from];
        let Some(at) = url.rfind("%40").or_else(|| url.rfind('@')) else {
            continue;
        };
        let colon = find(&url[..at], "%3a").map_or(0, |colon| colon + 3);
        places.push(start + colon..start + at);
    }
    places
}

/// Returns where an escape in lower case stands, in any letter case.
fn find(text: &str, escape: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = text[from..].find('%') {
        let at = from + at;
        let found = bytes.get(at..at + escape.len());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(escape.as_bytes())) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
