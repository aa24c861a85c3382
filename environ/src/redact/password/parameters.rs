//! Passwords after their names: `?password=...&x=1`, `host=db password='...'`,
//! `{"password": "..."}`, `Authorization: Bearer ...`, `--token ...`.

use std::ops::Range;

use super::name::{self, Kind};

/// Which names of values count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    All,
    /// Not before a `:`, for a text in which a reason stands before another reason.
    NoLabels,
}

/// Returns the places of values with the name of a password.
pub(super) fn places(text: &str, names: Names) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut places, mut from, mut at) = (Vec::<Range<usize>>::new(), 0, 0);
    while at < bytes.len() {
        let separator = separator(bytes, at);
        let separator = separator.filter(|separator| *separator != ":" || names == Names::All);
        let Some(separator) = separator else {
            at += 1;
            continue;
        };
        let from_here = match places.last() {
            Some(last) if separator == " " => from.max(last.end),
            _ => from,
        };
        let value = value(text, from_here, at, separator);
        at += separator.len();
        if let Some(place) = value {
            // In `token= key = x` and `token= key= x`, the value of an empty parameter is
            // the next name.
            from = place.start;
            at = at.max(end_of_name(bytes, &place));
            places.push(place);
        } else if separator != " " {
            from = at;
        }
    }
    places
}

/// Returns the end of a value without a separator behind it.
fn end_of_name(bytes: &[u8], place: &Range<usize>) -> usize {
    let last = |length: usize| {
        place
            .end
            .checked_sub(length)
            .filter(|at| *at >= place.start)
    };
    let separators = [1, 3].into_iter().filter_map(last);
    let mut ends = separators.filter(|at| {
        let separator = separator(bytes, *at).filter(|separator| *separator != " ");
        separator.is_some_and(|separator| at + separator.len() == place.end)
    });
    ends.next().unwrap_or(place.end)
}

/// Returns the separator at `at`, if it ends the name of a value.
fn separator(bytes: &[u8], at: usize) -> Option<&'static str> {
    match bytes[at] {
        b'=' => Some("="),
        b':' => Some(":"),
        // Several spaces separate like a single space.
        b' ' if at > 0 && bytes[at - 1] != b' ' => Some(" "),
        b'%' if bytes[at..].len() > 2 && bytes[at + 1] == b'3' => match bytes[at + 2] {
            b'd' | b'D' => Some("%3D"),
            b'a' | b'A' => Some("%3A"),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the place of the value after a separator at `at`, if its name is that of a
/// password. The name begins after `from`.
fn value(text: &str, from: usize, at: usize, separator: &str) -> Option<Range<usize>> {
    let name = Name::before(text, from, at);
    let before = text[from..name.start].chars().next_back();
    let start = at + separator.len();
    let rest = &text[start..];
    if separator == " " {
        return spaced(text, &name, before, start);
    }
    let kind = name::kind(name.text)?;
    if separator == ":" && !is_labelled(&name, kind, text, rest) {
        return None;
    }
    let blank: &[char] = if separator == "=" {
        &[' ', '\t', '\r', '\n']
    } else {
        &[' ', '\t']
    };
    let value = rest.trim_start_matches(blank);
    let start = text.len() - value.len();
    let is_label = separator == ":";
    if is_label && (value.is_empty() || value.starts_with(['\n', '\r'])) {
        return None;
    }
    let length = if kind == Kind::Header {
        line(value)
    } else {
        length(value, is_label)
    };
    Some(start..start + length)
}

/// A name, and how it stands in the text.
struct Name<'t> {
    text: &'t str,
    start: usize,
    is_quoted: bool,
}

impl<'t> Name<'t> {
    fn before(text: &'t str, from: usize, at: usize) -> Self {
        let before = text[from..at].trim_end_matches([' ', '\t']);
        let bare = before.trim_end_matches(['"', '\'', '`', '\\']);
        let bytes = bare.as_bytes().iter().rev();
        let length = bytes.take_while(|byte| name::is_part(**byte)).count();
        let end = from + bare.len();
        Self {
            text: &text[end - length..end],
            start: end - length,
            is_quoted: bare.len() < before.len(),
        }
    }
}

/// Returns whether a name before a `:` is a label, and no scheme, host or word in a
/// sentence.
fn is_labelled(name: &Name<'_>, kind: Kind, text: &str, rest: &str) -> bool {
    if name.is_quoted {
        return true;
    }
    let before = &text[..name.start];
    if rest.starts_with("//") || rest.starts_with(':') || before.ends_with("::") {
        return false;
    }
    if before.ends_with("//") || before.ends_with('@') {
        return false;
    }
    // `arn:aws:secretsmanager:eu-west-1:1:secret:app/db`
    if kind == Kind::Sure && before.ends_with(':') {
        return false;
    }
    let is_word = before.trim_end_matches(' ').len() < before.len()
        && before.trim_end().ends_with(char::is_alphanumeric);
    let is_compound = name.text.contains(['_', '-', '.']);
    kind >= Kind::Password || !is_port(rest) && (kind == Kind::Sure || is_compound || !is_word)
}

/// Returns whether a text begins with a port.
fn is_port(rest: &str) -> bool {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_end = |letter: char| !letter.is_alphanumeric() && !"_-.".contains(letter);
    (1..=5).contains(&digits) && rest[digits..].chars().next().is_none_or(is_end)
}

/// Returns the place of a value that only a space separates: that of an option, of a
/// property, or after the name of a scheme.
fn spaced(text: &str, name: &Name<'_>, before: Option<char>, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..];
    let value = rest.trim_start_matches(' ');
    let start = text.len() - value.len();
    if value.is_empty() || value.starts_with(['=', ':', '-']) {
        return None;
    }
    let is_option = name.text.starts_with('-');
    let is_first = before.is_none_or(|letter| letter == '\n');
    let is_property = is_first && name.text.contains('.') && !name.text.contains("..");
    let is_scheme = name.text.eq_ignore_ascii_case("bearer")
        || is_first && name.text.eq_ignore_ascii_case("basic") && is_alone(value);
    if is_scheme || (is_option || is_property) && name::kind(name.text).is_some() {
        return Some(start..start + length(value, false));
    }
    None
}

/// Returns whether a text is a single word that may be base64.
fn is_alone(value: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte);
    value.len() >= 8 && value.bytes().all(is_base64)
}

/// Returns the length of the line that `text` begins with.
fn line(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

/// Returns the length of the value that `text` begins with. In quotes or braces anything
/// may stand, and behind a backslash, too: libpq and ODBC read it so. A label is that of
/// JSON or YAML, where a quoted value ends at its quote.
fn length(text: &str, is_label: bool) -> usize {
    let quoted = match text.chars().next() {
        Some(quote @ ('\'' | '"')) => quoted(text, quote),
        Some('{') if !is_label => quoted(text, '}'),
        Some('[' | '{') => nested(text),
        // In quotes itself, as `{:?}` has it.
        Some('\\') if text[1..].starts_with(['\'', '"']) => {
            let end = text[2..].find(&text[..2]);
            end.map_or(text.len(), |at| 2 + at + 2)
        }
        _ => scheme(text),
    };
    let ends = if is_label && quoted > 0 { ",}])" } else { "" };
    let mut letters = text[quoted..].char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => _ = letters.next(),
            '&' | ';' => return quoted + at,
            space if space.is_whitespace() || ends.contains(space) => return quoted + at,
            _ => {}
        }
    }
    text.len()
}

/// Returns the length of the name of a scheme before a value: `Bearer `.
fn scheme(text: &str) -> usize {
    let schemes = ["bearer ", "basic ", "token ", "digest ", "apikey "];
    let found = schemes.iter().find(|scheme| {
        let start = text.as_bytes().get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
    });
    found.map_or(0, |scheme| {
        let value = text[scheme.len()..].trim_start();
        text.len() - value.len()
    })
}

/// Returns the length up to the quote that ends a value. Two quotes are a quote in it.
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

/// Returns the length of a list or an object in JSON.
fn nested(text: &str) -> usize {
    let (mut depth, mut in_string) = (0, false);
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => _ = bytes.next(),
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}
