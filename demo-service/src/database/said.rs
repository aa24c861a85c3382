//! Filters a text of a database before a person reads the text.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use environ::Secret;
use percent_encoding::percent_decode_str;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::{PgDatabaseError, PgSeverity};
use url::Url;

use crate::telemetry::letters::is_unsafe;

/// The maximum number of characters of a text.
const MAX_SHOWN: usize = 200;

/// The letters and digits in a row that give a password away.
const REVEALING: usize = 8;

/// Texts that a server must not be quoted with: it may have them from the login.
#[derive(Default)]
pub(super) struct Hidden(Vec<Secret<String>>);

impl Hidden {
    /// Hides the password of a URL, as the server and as the URL has it, unless it is the name of
    /// the user.
    pub(super) fn of_login(url: &Url) -> Self {
        let password = url
            .password()
            .filter(|password| *password != url.username());
        let Some(password) = password.filter(|password| !password.is_empty()) else {
            return Self::default();
        };
        let decoded = percent_decode_str(password).decode_utf8_lossy();
        let texts = [decoded.into_owned(), password.to_owned()];
        Self(texts.map(Secret::new).into())
    }

    /// Filters the texts of an error.
    pub(super) fn filter(&self, err: sqlx::Error) -> sqlx::Error {
        match err {
            sqlx::Error::Database(err) => sqlx::Error::database(self.answer(&*err)),
            sqlx::Error::Protocol(text) => sqlx::Error::Protocol(self.shown(&text).into_owned()),
            err => err,
        }
    }

    fn answer(&self, err: &dyn DatabaseError) -> ServerError {
        let severity = err.try_downcast_ref().map(PgDatabaseError::severity);
        let code = err.code();
        ServerError {
            message: self.shown(err.message()).into_owned(),
            code: code.map(|code| self.shown(&code).into_owned()),
            ends_connection: matches!(severity, Some(PgSeverity::Fatal | PgSeverity::Panic)),
        }
    }

    /// Returns a text as one line of at most 200 characters, unless it quotes a hidden text: in
    /// any letter case, and in part if the hidden text is long.
    fn shown<'t>(&self, text: &'t str) -> Cow<'t, str> {
        // What the line begins with, and twice its length: a quote is found where the line is cut.
        let begun =
            text.trim_start_matches(|letter: char| letter.is_whitespace() || is_odd(letter));
        let said: String = begun.chars().take(2 * MAX_SHOWN).collect();
        let said = said.to_lowercase();
        if self.0.iter().any(|hidden| is_quoted(hidden, &said)) {
            return "the message of the server quotes the password, and is left out".into();
        }
        line(text)
    }
}

fn is_quoted(hidden: &Secret<String>, said: &str) -> bool {
    let hidden = hidden.expose().to_lowercase();
    let (parts, letters) = (letters(&hidden), letters(said));
    let mut parts = parts.windows(REVEALING);
    parts.any(|part| letters.windows(REVEALING).any(|other| other == part))
        || said.match_indices(&hidden).any(|(at, quote)| {
            let is_part = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
            let (before, after) = (&said[..at], &said[at + quote.len()..]);
            !is_part(before.chars().next_back()) && !is_part(after.chars().next())
        })
}

fn letters(text: &str) -> Vec<char> {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

/// Returns whether a line shows a space instead of the letter.
fn is_odd(letter: char) -> bool {
    letter.is_control() || is_unsafe(letter)
}

/// Returns a text as one line of at most 200 characters.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_SHOWN && !text.contains(is_odd) {
        return text.into();
    }
    let shown = |letter| if is_odd(letter) { ' ' } else { letter };
    let shown: String = text.chars().map(shown).collect();
    let line = shown.trim();
    match line.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}...", &line[..end]).into(),
        None => line.to_owned().into(),
    }
}

/// The answer of a server, without the line of its source that the driver's own error has.
#[derive(Debug)]
pub(super) struct ServerError {
    message: String,
    code: Option<String>,
    /// Whether the severity of PostgreSQL is that of the connection.
    pub(super) ends_connection: bool,
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{} (code {code})", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl Error for ServerError {}

impl DatabaseError for ServerError {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        self.code.as_deref().map(Cow::Borrowed)
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_of_at_most_200_characters() {
        let hidden = Hidden::default();
        for (said, shown) in [
            ("größe 大", "größe 大"),
            ("", ""),
            ("\u{1b}[31mred\u{1b}[0m\nnext\u{202e}", "[31mred [0m next"),
        ] {
            assert_eq!(hidden.shown(said), shown);
        }
        assert_eq!(hidden.shown(&"é".repeat(200)), "é".repeat(200));
        let long = hidden.shown(&"é".repeat(1_000_000)).into_owned();
        assert_eq!(long, "é".repeat(200) + "...");
    }

    #[test]
    fn a_text_that_quotes_the_password_is_left_out() {
        let hidden = |url: &str| Hidden::of_login(&url.parse().unwrap());
        let (long, short) = (
            hidden("postgres://app:hunter2%2DCanary@db/app"),
            hidden("postgres://app:s3c@db/app"),
        );
        let left_out = "the message of the server quotes the password, and is left out";
        for said in [
            "got hunter2-Canary, bye",
            "HUNTER2_C",
            "unter2\u{1b}Canary",
            "hunter2%2DCanary",
        ] {
            assert_eq!(long.shown(said), left_out, "{said:?}");
        }
        // What a line begins with counts, however much blank is before it.
        for blank in [" ", "\u{1b}", "\u{200b}"] {
            let said = blank.repeat(400) + "hunter2-Canary";
            assert_eq!(long.shown(&said), left_out);
        }
        assert_eq!(short.shown("it is \"S3C\""), left_out);
        for said in ["hunter2", "permission denied to s3cure", ""] {
            assert_eq!(long.shown(said), said);
            assert_eq!(short.shown(said), said);
        }
        let same = hidden("postgres://app:app@db/app");
        assert_eq!(same.shown("no user \"app\""), "no user \"app\"");
    }
}
