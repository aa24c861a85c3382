//! Rules for every text that `environ` or the service shows.

use std::fmt::Display;

use environ::{EnvConfig, Error, Loaded};

/// What is hidden in every input that holds a password. No 8 of its letters in a row
/// may be shown.
pub(crate) const PASSWORD: &str = "hunter2.Correct-horse_Battery";

/// How many letters in a row give a secret away.
const GIVEAWAY: usize = 8;

/// Asserts that nothing of a load breaks a rule: neither the report, as text and as
/// JSON, nor the warnings and origins.
pub(crate) fn assert_load<T: EnvConfig>(loaded: &Result<Loaded<T>, Error>) {
    match loaded {
        Ok(loaded) => {
            for warning in &loaded.warnings {
                assert_line(warning);
                assert_line(warning.name());
            }
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
    let lines = err.to_string().replace('\n', " ");
    assert_line(&lines);
    assert_line(err.to_json());
    assert_secret_is_hidden(&format!("{err:?}"));
}

/// Asserts that a text is one line that holds no secret and does not change how what
/// stands around it is shown.
pub(crate) fn assert_line(text: impl Display) {
    let text = text.to_string();
    assert_secret_is_hidden(&text);
    let odd = text.chars().find(|letter| is_odd(*letter));
    assert!(odd.is_none(), "{odd:?} is shown as it is in {text:?}");
}

/// The same of an error, with all that `Debug` gives and all that caused it.
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

/// Whether a text has enough of the password that its parts could give it away.
pub(crate) fn holds_password(text: &[u8]) -> bool {
    let mut parts = text.windows(GIVEAWAY / 2);
    parts.any(|part| {
        let mut words = PASSWORD.as_bytes().windows(GIVEAWAY / 2);
        words.any(|word| word == part)
    })
}

/// Control and bidi characters: a terminal that gets them shows something else than what
/// is there.
pub(crate) fn is_odd(letter: char) -> bool {
    letter.is_control() || is_bidi(letter)
}

/// Characters that turn the direction of the text after them, or break the line.
pub(crate) fn is_bidi(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}
