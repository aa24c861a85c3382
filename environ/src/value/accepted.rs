//! The texts that a type accepts, as far as they are known while the user's crate
//! compiles: a default that is not among them stops the compiler.

use super::form::{Form, WordAliases};
use crate::name::{stop, ConstStr};

/// Which texts a type reads.
#[derive(Clone, Copy, Debug)]
pub enum Accepted {
    /// Only reading one can tell.
    Unknown,
    /// The words for each value, in any letter case.
    Words(&'static [&'static [&'static str]]),
    /// Each of these words and of their aliases, in any letter case.
    AnyOf(&'static [&'static str], WordAliases),
    /// Whole numbers from the first to the last.
    Unsigned(u128, u128),
    /// Whole numbers that may be below 0, from the first to the last.
    Signed(i128, i128),
}

impl Accepted {
    /// The words for each value.
    #[must_use]
    pub const fn words(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Words(words) => words,
            Self::Unknown | Self::AnyOf(..) | Self::Unsigned(..) | Self::Signed(..) => &[],
        }
    }

    /// Stops the compiler if a default is known not to be read.
    ///
    /// # Panics
    ///
    /// While compiling.
    #[track_caller] // the compiler's report leaves out functions that are marked so
    pub const fn assert_default(self, text: &str, form: &Form) {
        self.assert_has(text, "the default", form);
    }

    /// Stops the compiler if an example is known not to be read.
    ///
    /// # Panics
    ///
    /// While compiling.
    #[track_caller]
    pub const fn assert_example(self, text: &str, form: &Form) {
        self.assert_has(text, "the example", form);
    }

    /// Stops the compiler if the end of a range is known not to be read.
    ///
    /// # Panics
    ///
    /// While compiling.
    #[track_caller]
    pub const fn assert_end(self, text: &str, form: &Form) {
        self.assert_has(text, "the end of the range", form);
    }

    #[track_caller]
    const fn assert_has(self, text: &str, what: &str, form: &Form) {
        if self.may_have(text) {
            return;
        }
        let mut message = ConstStr::<1024>::of(what);
        message.push(" is not ");
        form.push_to(&mut message);
        stop(message.as_str());
    }

    const fn may_have(self, text: &str) -> bool {
        match self {
            Self::Unknown => true,
            // Their letter cases are not known here.
            Self::Words(_) | Self::AnyOf(..) if !text.is_ascii() => true,
            Self::AnyOf(words, aliases) => has_word(words, text) || has_alias(aliases, text),
            Self::Words(words) => {
                let mut i = 0;
                while i < words.len() {
                    if has_word(words[i], text) {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            Self::Unsigned(least, most) => match u128::from_str_radix(text, 10) {
                Ok(number) => least <= number && number <= most,
                Err(_) => false,
            },
            Self::Signed(least, most) => match i128::from_str_radix(text, 10) {
                Ok(number) => least <= number && number <= most,
                Err(_) => false,
            },
        }
    }
}

const fn has_alias(aliases: WordAliases, text: &str) -> bool {
    let mut i = 0;
    while i < aliases.len() {
        if is_word(aliases[i].0.as_bytes(), text.as_bytes()) {
            return true;
        }
        i += 1;
    }
    false
}

/// As [`Text::word`](super::Text::word) has it of ASCII, in constant evaluation.
const fn has_word(words: &[&str], text: &str) -> bool {
    let mut i = 0;
    while i < words.len() {
        if is_word(words[i].as_bytes(), text.as_bytes()) {
            return true;
        }
        i += 1;
    }
    false
}

/// Returns whether the text is the word, in any letter case, with `_` for `-` too.
pub(super) const fn is_word(word: &[u8], text: &[u8]) -> bool {
    let mut i = 0;
    while i < word.len() && i < text.len() {
        let is_joint = matches!((word[i], text[i]), (b'-' | b'_', b'-' | b'_'));
        if !is_joint && !word[i].eq_ignore_ascii_case(&text[i]) {
            return false;
        }
        i += 1;
    }
    word.len() == text.len()
}

#[cfg(test)]
mod tests {
    use std::num::{NonZeroI8, NonZeroU8};

    use super::Accepted;
    use crate::value::{EnvValue, Text};

    /// Whether the compiler would accept each text, where the type is asked too.
    #[track_caller]
    fn assert_reads<T: EnvValue>(texts: &[&str], others: &[&str]) {
        for text in texts.iter().chain(others) {
            let is_read = T::from_text(&mut Text::borrowed(text, ",")).is_ok();
            assert_eq!(is_read, texts.contains(text), "{text:?}");
            let may_be_read = T::TEXTS.may_have(text);
            assert_eq!(may_be_read, is_read, "{text:?}");
        }
    }

    #[test]
    fn whole_numbers_are_those_that_the_type_reads() {
        let odd = ["", "+", "-", "x", "1.0", "1_0", "0x1", " 1", "1 ", "٣"];
        assert_reads::<u8>(&["0", "+0", "007", "255"], &odd);
        assert_reads::<u8>(&[], &["256", "-1", "-0", "1e2"]);
        assert_reads::<u128>(&[&u128::MAX.to_string()], &odd);
        assert_reads::<u128>(&[], &["340282366920938463463374607431768211456"]);
        assert_reads::<usize>(&[&usize::MAX.to_string()], &["18446744073709551616"]);
        assert_reads::<i8>(&["-128", "-0", "+127"], &["-129", "128"]);
        assert_reads::<i128>(&[&i128::MIN.to_string()], &odd);
        assert_reads::<isize>(&[&isize::MIN.to_string()], &["9223372036854775808"]);
        assert_reads::<NonZeroU8>(&["1", "255"], &["0", "256", "-1"]);
    }

    #[test]
    fn words_may_be_in_any_letter_case() {
        assert_reads::<bool>(
            &["true", "OFF", "1", "No", "t", "F", "y", "N"],
            &["", "tru", "truee", "01"],
        );
    }

    #[test]
    fn of_what_is_not_known_nothing_is_refused() {
        assert!(matches!(NonZeroI8::TEXTS, Accepted::Unknown));
        assert!(NonZeroI8::TEXTS.may_have("x"));
        assert!(<Vec<u8>>::TEXTS.may_have("1,2"));
        assert!(!<crate::Secret<u8>>::TEXTS.may_have("256"));
    }
}
