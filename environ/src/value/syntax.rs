//! Lists and maps in the syntax of another format: JSON, YAML, quoted elements, another
//! separator. The reason ends with the text to write.

use std::borrow::Cow;

use super::split::{escape, join, split};
use super::Form;
use crate::redact::display;

/// A list or a map that was recognised.
struct Foreign<'t> {
    syntax: &'static str,
    elements: Vec<Cow<'t, str>>,
    /// Whether a separated list cannot be meant.
    is_certain: bool,
    /// Whether a separated list has these elements: a key that contains `=` would end there.
    is_sayable: bool,
}

/// Returns the reason for a text that is not read, or `None` if its syntax is right.
///
/// `reads` tells whether another text is read: only with that is a text to write known. In a list,
/// `depth` lists deep, that text is escaped.
#[cold]
pub(super) fn instead(
    text: &str,
    separator: &str,
    depth: usize,
    reads: &dyn Fn(&str) -> bool,
) -> Option<String> {
    if text.len() > MAX_TEXT_BYTES {
        return None;
    }
    let remedy = Remedy { separator, depth };
    if let Some(foreign) = foreign(text) {
        return Some(foreign.hint(&remedy, reads));
    }
    // JSON that no list says has no remedy.
    if text.trim_start().starts_with('{') {
        return None;
    }
    let separated = SEPARATORS.iter().filter(|other| **other != separator);
    for other in separated {
        let parts = split(text, other);
        // A separator inside of an element would have to be escaped.
        let is_new = parts.len() > 1 && !parts.iter().any(|part| part.contains(separator));
        let written = remedy.joined(&parts).filter(|_| is_new);
        if let Some(written) = written.filter(|written| reads(written)) {
            return Some(remedy.of(&remedy.mistake(), &written));
        }
    }
    let parts = split(text, separator);
    let pairs: Vec<Cow<'_, str>> = parts.iter().map(|part| pair(part)).collect();
    let written = remedy.joined(&pairs).filter(|_| pairs != parts)?;
    reads(&written).then(|| remedy.of("a key ends at =", &written))
}

/// A longer text is not written by hand, and is read once for each separator.
const MAX_TEXT_BYTES: usize = 64 * 1024;

const SEPARATORS: &[&str] = &[",", ";", "|", "\n", " ", ":"];

/// Returns the warning for a list that loads as it is, with the syntax of another
/// format in its elements; or `None`. It quotes the text: for a hidden text the caller
/// shows the part before the semicolon.
pub(crate) fn list_oddity(text: &str, form: &Form, separator: &str) -> Option<String> {
    if !form.is_separated() {
        return None;
    }
    let remedy = Remedy {
        separator,
        depth: 0,
    };
    let Some(foreign) = foreign(text) else {
        return lines(text, &remedy).map(|hint| display::reason(&hint));
    };
    let is_split = separator == "," && foreign.elements.len() > 1;
    // The elements of a list that loads in another syntax are texts, which every text is.
    let hint = (foreign.is_certain || is_split).then(|| foreign.hint(&remedy, &|_| true))?;
    Some(display::reason(&hint))
}

impl Foreign<'_> {
    fn hint(&self, remedy: &Remedy<'_>, reads: &dyn Fn(&str) -> bool) -> String {
        let syntax = self.syntax;
        // White space has no element.
        if self.elements.is_empty() && reads(" ") {
            return format!("{syntax}; write \" \" for no elements");
        }
        match remedy.joined(&self.elements).filter(|_| self.is_sayable) {
            Some(written) if !self.elements.is_empty() && reads(&written) => {
                remedy.of(syntax, &written)
            }
            _ => syntax.to_owned(),
        }
    }
}

/// How a list is written that is an element in other lists.
struct Remedy<'s> {
    separator: &'s str,
    depth: usize,
}

impl Remedy<'_> {
    fn mistake(&self) -> String {
        format!("elements are separated by {:?}", self.separator)
    }

    /// Returns the list with these elements, if a text says it.
    fn joined(&self, elements: &[Cow<'_, str>]) -> Option<String> {
        match join(elements, self.separator) {
            (text, None) => Some(text),
            (_, Some(_)) => None,
        }
    }

    /// Returns the mistake with the text to write, unless a report would cut that.
    fn of(&self, mistake: &str, written: &str) -> String {
        let escaped = |text: &str| {
            (0..self.depth).fold(text.to_owned(), |text, _| escape(&text, self.separator))
        };
        let written = escaped(written);
        if written.len() > MAX_WRITTEN_BYTES {
            let separator = escaped(self.separator);
            return format!("{mistake}; write the elements with {separator:?} between them");
        }
        format!("{mistake}; write {written}")
    }
}

const MAX_WRITTEN_BYTES: usize = 240;

/// `a:1` as `a=1`.
fn pair(part: &str) -> Cow<'_, str> {
    match part.split_once(':') {
        Some((key, value)) if !part.contains('=') => {
            format!("{}={}", key.trim(), value.trim()).into()
        }
        _ => part.into(),
    }
}

fn foreign(text: &str) -> Option<Foreign<'_>> {
    let text = text.trim();
    flow(text)
        .or_else(|| block(text))
        .or_else(|| quoted_elements(text))
}

/// Returns the warning for a single element of several lines, as in a file with an element on each
/// line. A line with white space is a part of a longer text, such as a statement or a certificate.
fn lines(text: &str, remedy: &Remedy<'_>) -> Option<String> {
    // Most lists are on one line, and cost nothing more.
    if !text.contains('\n') || text.len() > MAX_TEXT_BYTES {
        return None;
    }
    if split(text, remedy.separator).len() != 1 {
        return None;
    }
    let lines = split(text, "\n");
    let is_list = lines.len() > 1 && !lines.iter().any(|line| line.contains(char::is_whitespace));
    let written = remedy.joined(&lines).filter(|_| is_list)?;
    Some(remedy.of(&remedy.mistake(), &written))
}

/// `["a", 1]`, `{"a": 1}`, and the same in YAML: `[a, 'b']`.
fn flow(text: &str) -> Option<Foreign<'_>> {
    let (close, is_map) = match text.chars().next()? {
        '[' => (']', false),
        '{' => ('}', true),
        _ => return None,
    };
    let mut rest = text.get(1..)?.trim_start();
    let (mut elements, mut has_quotes, mut is_json) = (Vec::new(), false, true);
    let mut is_sayable = true;
    loop {
        if let Some(after) = rest.strip_prefix(close) {
            let syntax = if is_json {
                "looks like JSON"
            } else {
                "looks like YAML"
            };
            return after.is_empty().then_some(Foreign {
                syntax,
                is_certain: has_quotes || is_map || elements.is_empty(),
                elements,
                is_sayable,
            });
        }
        let mut next = |rest| {
            let (scalar, after) = Scalar::read(rest, is_map)?;
            has_quotes |= scalar.quote.is_some();
            is_json &= scalar.is_json();
            Some((scalar.text, after.trim_start()))
        };
        let (mut element, mut after) = next(rest)?;
        if is_map {
            let (value, end) = next(after.strip_prefix(':')?.trim_start())?;
            is_sayable &= !element.contains('=');
            element = format!("{element}={value}").into();
            after = end;
        }
        elements.push(element);
        rest = match after.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None => after,
        };
        if rest.is_empty() {
            return None;
        }
    }
}

/// A text, number or word in JSON or YAML.
struct Scalar<'t> {
    text: Cow<'t, str>,
    quote: Option<char>,
}

impl<'t> Scalar<'t> {
    fn read(text: &'t str, is_map: bool) -> Option<(Self, &'t str)> {
        if let Some(quote) = text.chars().next().filter(|first| "\"'".contains(*first)) {
            let (inner, after) = quoted(text, quote)?;
            let quote = Some(quote);
            return Some((Self { text: inner, quote }, after));
        }
        let ends = |letter: char| "[]{},\"\n".contains(letter) || (is_map && letter == ':');
        let (bare, after) = text.split_at(text.find(ends)?);
        let bare = bare.trim();
        let quote = None;
        let is_scalar = !bare.is_empty() && bare != "null";
        is_scalar.then(|| {
            (
                Self {
                    text: bare.into(),
                    quote,
                },
                after,
            )
        })
    }

    fn is_json(&self) -> bool {
        match self.quote {
            Some(quote) => quote == '"',
            None => ["true", "false"].contains(&&*self.text) || self.text.parse::<f64>().is_ok(),
        }
    }
}

/// Splits off a text in quotes, with its escapes replaced.
fn quoted(text: &str, quote: char) -> Option<(Cow<'_, str>, &str)> {
    let mut inner = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if letter == quote => return Some((inner.into(), &text[at + 1..])),
            '\\' if quote == '"' => match letters.next()?.1 {
                'n' => inner.push('\n'),
                't' => inner.push('\t'),
                'r' => inner.push('\r'),
                'u' => {
                    let digits: String = letters.by_ref().take(4).map(|(_, digit)| digit).collect();
                    let code = u32::from_str_radix(&digits, 16).ok()?;
                    inner.push(char::from_u32(code)?);
                }
                escaped @ ('"' | '\\' | '/') => inner.push(escaped),
                _ => return None,
            },
            _ => inner.push(letter),
        }
    }
    None
}

/// Lines that begin with `- `, as a list has in YAML.
fn block(text: &str) -> Option<Foreign<'_>> {
    let elements: Option<Vec<_>> = text
        .lines()
        .map(|line| {
            let element = line.trim().strip_prefix("- ")?.trim();
            let quote = element
                .chars()
                .next()
                .filter(|first| "\"'".contains(*first));
            match quote.map(|quote| quoted(element, quote)) {
                Some(Some((inner, ""))) => Some(inner),
                Some(_) => None,
                None => Some(element.into()),
            }
        })
        .collect();
    Some(Foreign {
        syntax: "looks like YAML",
        elements: elements.filter(|elements| !elements.is_empty())?,
        is_certain: true,
        is_sayable: true,
    })
}

/// `"a","b"`, as a list has in CSV.
fn quoted_elements(text: &str) -> Option<Foreign<'_>> {
    let quote = text.chars().next().filter(|first| "\"'".contains(*first))?;
    let (mut elements, mut rest) = (Vec::new(), text);
    loop {
        let (element, after) = quoted(rest, quote).filter(|_| rest.starts_with(quote))?;
        elements.push(element);
        let next = after.trim_start();
        if next.is_empty() {
            break;
        }
        rest = match next.strip_prefix([',', ';']) {
            Some(next) => next.trim_start(),
            None if next.len() < after.len() => next,
            None => return None,
        };
    }
    (elements.len() > 1).then_some(Foreign {
        syntax: "the elements are in quotes",
        elements,
        is_certain: true,
        is_sayable: true,
    })
}

#[cfg(test)]
mod tests {
    use super::{instead, list_oddity};
    use crate::value::Form;

    const TEXTS: Form = Form::list(&Form::text());

    #[test]
    fn a_list_in_another_syntax_is_translated() {
        for (text, hint) in [
            (
                r#"["example.com", "www.example.com"]"#,
                "looks like JSON; write example.com,www.example.com",
            ),
            (r#"["a"]"#, "looks like JSON; write a"),
            (r#" ["a",] "#, "looks like JSON; write a"),
            (
                r#"["a,b","c\"d","\u00e9"]"#,
                "looks like JSON; write a\\,b,c\"d,\u{e9}",
            ),
            ("[1, 2]", "looks like JSON; write 1,2"),
            ("[true, false]", "looks like JSON; write true,false"),
            ("['a', 'b']", "looks like YAML; write a,b"),
            (r"['C:\dir', 'b']", r"looks like YAML; write C:\dir,b"),
            ("[a, b]", "looks like YAML; write a,b"),
            ("- a\n- b\n", "looks like YAML; write a,b"),
            ("- 'a'\n- \"b\"", "looks like YAML; write a,b"),
            (r#"{"a": 1, "b": "x"}"#, "looks like JSON; write a=1,b=x"),
            ("{a: 1, b: x}", "looks like YAML; write a=1,b=x"),
            (r#""a","b""#, "the elements are in quotes; write a,b"),
            ("'a' 'b'", "the elements are in quotes; write a,b"),
            ("[]", "looks like JSON; write \" \" for no elements"),
            (" { } ", "looks like JSON; write \" \" for no elements"),
            // No list has such elements.
            (r#"{"a=b": 1}"#, "looks like JSON"),
            (r#"["a", " b"]"#, "looks like JSON"),
            (r#"["a", ""]"#, "looks like JSON; write a,,"),
        ] {
            assert_eq!(
                list_oddity(text, &TEXTS, ",").as_deref(),
                Some(hint),
                "{text}"
            );
            assert_eq!(
                instead(text, ",", 0, &|_| true).as_deref(),
                Some(hint),
                "{text}"
            );
        }
        let hint = instead(r#"["a\nb", "c\td", "e\rf"]"#, ",", 0, &|_| true);
        let written = "looks like JSON; write a\nb,c\td,e\rf";
        assert_eq!(hint.as_deref(), Some(written));
        let hint = list_oddity(r#"["a", "b"]"#, &TEXTS, ";");
        assert_eq!(hint.as_deref(), Some("looks like JSON; write a;b"));
    }

    #[test]
    fn an_element_on_each_line_is_no_list() {
        let separated = "elements are separated by \",\"";
        for (text, written) in [
            ("a\nb\n", "a,b"),
            ("-a\n-b", "-a,-b"),
            ("a=1\r\n\r\nb=2", "a=1,b=2"),
        ] {
            let hint = format!("{separated}; write {written}");
            assert_eq!(list_oddity(text, &TEXTS, ","), Some(hint), "{text:?}");
        }
    }

    #[test]
    fn a_long_list_is_not_written_out() {
        let text = format!("[{}]", vec!["\"abc\""; 100].join(","));
        let hint = "looks like JSON; write the elements with \",\" between them";
        assert_eq!(list_oddity(&text, &TEXTS, ",").as_deref(), Some(hint));
        assert_eq!(instead(&text, ",", 0, &|_| true).as_deref(), Some(hint));
        let separated = "elements are separated by \",\"";
        let hint = format!("{separated}; write the elements with \",\" between them");
        let longest = "1 ".repeat(32 * 1024);
        assert_eq!(instead(&longest, ",", 0, &|_| true), Some(hint));
        assert_eq!(instead(&(longest + " "), ",", 0, &|_| true), None);
    }

    #[test]
    fn a_separated_list_is_no_other_syntax() {
        for text in [
            "",
            "a",
            "a,b",
            "[::1]:80,[::2]:80",
            "[::1],[::2]",
            "[::1]",
            "[a-z]",
            "[]x",
            "[a",
            "${A},${B}",
            "{{ .Values.x }}",
            "\"a\"",
            "a \"b\" c",
            "'a''b'",
            r#""a""b""#,
            "[[1],[2]]",
            r#"["a", null]"#,
            "{a}",
            "{}x",
        ] {
            assert_eq!(list_oddity(text, &TEXTS, ","), None, "{text}");
        }
        assert_eq!(list_oddity("[a,b]", &TEXTS, ";"), None);
        assert_eq!(list_oddity("a\nb", &TEXTS, "\n"), None);
        assert_eq!(list_oddity("insert\ninto a", &TEXTS, ","), None);
        assert_eq!(list_oddity("a,\nb,\n", &TEXTS, ","), None);
        assert_eq!(list_oddity("a\n", &TEXTS, ","), None);
        assert_eq!(list_oddity(r#"["a","b"]"#, &Form::text(), ","), None);
    }

    #[test]
    fn only_a_text_that_is_read_tells_the_separator() {
        let reads = |text: &str| text == "1,2,3" || text == "a=1,b=2";
        for (text, hint) in [
            ("1 2 3", "elements are separated by \",\"; write 1,2,3"),
            ("1; 2; 3", "elements are separated by \",\"; write 1,2,3"),
            ("1|2|3", "elements are separated by \",\"; write 1,2,3"),
            ("1\n2\n3\n", "elements are separated by \",\"; write 1,2,3"),
            ("a=1;b=2", "elements are separated by \",\"; write a=1,b=2"),
            ("a:1,b: 2", "a key ends at =; write a=1,b=2"),
        ] {
            assert_eq!(
                instead(text, ",", 0, &reads).as_deref(),
                Some(hint),
                "{text}"
            );
        }
        for text in ["1,2,3", "1 2 x", "x", "a:x"] {
            assert_eq!(instead(text, ",", 0, &reads), None, "{text}");
        }
        // A text without another separator, and a separator inside of an element.
        assert_eq!(instead("x", ",", 0, &|_| true), None);
        assert_eq!(instead("a,b;c", ",", 0, &|text| text == r"a\,b,c"), None);
        assert_eq!(
            instead("[]", ",", 0, &reads).as_deref(),
            Some("looks like JSON")
        );
        assert_eq!(
            instead("[1, x]", ",", 0, &reads).unwrap(),
            "looks like YAML"
        );
        // JSON in JSON is no list of pairs.
        assert_eq!(instead(r#"{"a":{"b":1}}"#, ",", 0, &|_| true), None);
    }

    #[test]
    fn a_list_in_a_list_is_escaped() {
        let of = |depth| instead("1;2", ",", depth, &|text| text == "1,2").unwrap();
        let mistake = "elements are separated by \",\"; write";
        assert_eq!(of(1), format!(r"{mistake} 1\,2"));
        assert_eq!(of(2), format!(r"{mistake} 1\\\,2"));
    }
}
