//! Rules for every text that `environ` or the service shows.

use std::fmt::Display;

use environ::{EnvConfig, Error, Loaded, Warning};

/// The password that targets put into secrets and URLs. No output may have 8 of its
/// letters in a row.
pub(crate) const PASSWORD: &str = "hunter2CorrectHorseBattery";

/// How many letters in a row give a secret away.
const GIVEAWAY: usize = 8;

/// Asserts that nothing of a load breaks a rule: neither the report, as text and as
/// JSON, nor the warnings and origins.
pub(crate) fn assert_load<T: EnvConfig>(loaded: &Result<Loaded<T>, Error>) {
    match loaded {
        Ok(loaded) => {
            assert_warnings(&loaded.warnings);
            for (name, origin) in loaded.origins.iter() {
                assert_line(name);
                assert_line(origin);
                assert_secret_is_hidden(&format!("{origin:?}"));
                let shown = loaded.origins.shown(name).unwrap_or_default();
                assert_secret_is_hidden(shown);
            }
        }
        Err(err) => assert_report(err),
    }
}

fn assert_report(err: &Error) {
    assert!(err.problems().len() > 0, "an error has a problem");
    for problem in err.problems() {
        assert_line(problem);
        assert_line(problem.name());
        assert_secret_is_hidden(&format!("{problem:?}"));
    }
    assert_warnings(err.warnings());
    // With `#`, the warnings follow the problems.
    for text in [err.to_string(), format!("{err:#}")] {
        assert_line(text.replace('\n', " "));
    }
    assert_line(err.to_json());
    assert_secret_is_hidden(&format!("{err:?}"));
}

fn assert_warnings<'w>(warnings: impl IntoIterator<Item = &'w Warning>) {
    for warning in warnings {
        assert_line(warning);
        assert_line(warning.name());
    }
}

/// Asserts that a text is one line, without the password, control or bidi characters.
pub(crate) fn assert_line(text: impl Display) {
    let text = text.to_string();
    assert_secret_is_hidden(&text);
    let odd = text.chars().find(|letter| is_odd(*letter));
    assert!(odd.is_none(), "{odd:?} is shown as it is in {text:?}");
}

/// Asserts that an error, its `Debug` and its sources are such lines.
pub(crate) fn assert_error(err: &impl std::error::Error) {
    assert_line(err);
    assert_secret_is_hidden(&format!("{err:?}"));
    let mut cause = err.source();
    while let Some(inner) = cause {
        assert_line(inner);
        cause = inner.source();
    }
}

pub(crate) fn assert_secret_is_hidden(text: &str) {
    let parts = (0..=PASSWORD.len() - GIVEAWAY).map(|at| &PASSWORD[at..at + GIVEAWAY]);
    for part in parts {
        assert!(!text.contains(part), "the secret is shown in {text:?}");
    }
}

/// Returns whether a text has 4 letters of the password in a row.
pub(crate) fn holds_password(text: &[u8]) -> bool {
    let mut parts = text.windows(GIVEAWAY / 2);
    parts.any(|part| {
        let mut words = PASSWORD.as_bytes().windows(GIVEAWAY / 2);
        words.any(|word| word == part)
    })
}

/// Returns whether a terminal may obey the character instead of showing it: control and
/// bidi characters.
pub(crate) fn is_odd(letter: char) -> bool {
    letter.is_control() || is_bidi(letter)
}

/// Returns whether the character turns the direction of text, or breaks the line.
pub(crate) fn is_bidi(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}
