//! Texts and numbers as a page shows them.

use std::fmt::Write as _;
use std::time::Duration;

use maud::{Escaper, Render};

use crate::telemetry::letters::is_unsafe;

/// A text of somebody else. Letters that are invisible or turn the text around are escaped.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a>(pub(super) &'a str);

impl Render for Shown<'_> {
    fn render_to(&self, buffer: &mut String) {
        let mut escaper = Escaper::new(buffer);
        for letter in self.0.chars() {
            // Writing to a `String` cannot fail.
            let _ = if letter.is_control() || is_unsafe(letter) {
                write!(escaper, "{}", letter.escape_unicode())
            } else {
                escaper.write_char(letter)
            };
        }
    }
}

/// A name. A line ends at `_` rather than within a word.
#[derive(Clone, Copy)]
pub(super) struct Name<'a>(pub(super) &'a str);

impl Render for Name<'_> {
    fn render_to(&self, buffer: &mut String) {
        for part in self.0.split_inclusive('_') {
            Shown(part).render_to(buffer);
            buffer.push_str("<wbr>");
        }
    }
}

/// A line of documentation. Words in backticks are code.
#[derive(Clone, Copy)]
pub(super) struct Doc<'a>(pub(super) &'a str);

impl Render for Doc<'_> {
    fn render_to(&self, buffer: &mut String) {
        let mut parts = self.0.split('`');
        Shown(parts.next().unwrap_or_default()).render_to(buffer);
        while let Some(code) = parts.next() {
            let Some(words) = parts.next() else {
                buffer.push('`');
                return Shown(code).render_to(buffer);
            };
            buffer.push_str("<code>");
            Shown(code).render_to(buffer);
            buffer.push_str("</code>");
            Shown(words).render_to(buffer);
        }
    }
}

/// Returns a number with its noun: `1 request`, `2 requests`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// Returns a span of time in its two largest units: `1 h 5 min`.
pub(super) fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];
    let mut parts = Vec::new();
    let mut left = seconds;
    for (unit, length) in units {
        if left >= length {
            parts.push(format!("{} {unit}", left / length));
            left %= length;
        }
    }
    parts.truncate(2);
    if parts.is_empty() {
        "less than 1 s".to_owned()
    } else {
        parts.join(" ")
    }
}

/// Returns a bound of latency: `at most 5 ms`.
pub(super) fn latency(seconds: f64) -> String {
    if seconds.is_finite() {
        format!("\u{2264} {} ms", seconds * 1_000.0)
    } else {
        "> 10 s".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_are_text() {
        for (text, shown) in [
            (
                "<script>alert(1)</script>",
                "&lt;script&gt;alert(1)&lt;/script&gt;",
            ),
            ("\" onload=\"x", "&quot; onload=&quot;x"),
            ("a\u{202e}b\u{2066}", "a\\u{202e}b\\u{2066}"),
            ("a\nb\u{1b}[31m", "a\\u{a}b\\u{1b}[31m"),
            ("&amp;", "&amp;amp;"),
            ("\u{fc}", "\u{fc}"),
        ] {
            assert_eq!(Shown(text).render().into_string(), shown);
        }
    }

    #[test]
    fn documentation_has_code_and_names_break_at_underscores() {
        for (doc, shown) in [
            ("no code", "no code"),
            ("`a` and `<b>`", "<code>a</code> and <code>&lt;b&gt;</code>"),
            ("a ` alone", "a ` alone"),
            ("`a` and `b", "<code>a</code> and `b"),
        ] {
            assert_eq!(Doc(doc).render().into_string(), shown);
        }
        assert_eq!(Name("A_<").render().into_string(), "A_<wbr>&lt;<wbr>");
    }

    #[test]
    fn spans_have_two_units() {
        for (seconds, shown) in [
            (0, "less than 1 s"),
            (59, "59 s"),
            (3_660, "1 h 1 min"),
            (90_061, "1 d 1 h"),
        ] {
            assert_eq!(span(Duration::from_secs(seconds)), shown);
        }
    }
}
