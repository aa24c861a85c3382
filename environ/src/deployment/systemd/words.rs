//! The words of `Environment=`: quotes, escapes and specifiers, as `extract-word.c`,
//! `escape.c` and `unit-printf.c` of systemd read them.

/// A word, and the byte at which it begins.
#[derive(Debug, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) at: usize,
}

/// Returns the words up to the first mistake, and whether there is a mistake.
pub(super) fn words(value: &str) -> (Vec<Word>, bool) {
    let mut words = Vec::new();
    let mut letters = value.char_indices().peekable();
    loop {
        while letters
            .next_if(|(_, letter)| letter.is_ascii_whitespace())
            .is_some()
        {}
        let Some((at, _)) = letters.peek().copied() else {
            return (words, false);
        };
        let Some(text) = word(&mut letters) else {
            return (words, true);
        };
        words.push(Word { text, at });
    }
}

type Letters<'v> = std::iter::Peekable<std::str::CharIndices<'v>>;

fn word(letters: &mut Letters<'_>) -> Option<String> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut quote = None;
    while let Some((_, letter)) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, letter) if letter.is_ascii_whitespace() => break,
            (_, '\\') => escape(letters, &mut bytes)?,
            (_, letter) => bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    if quote.is_some() {
        return None;
    }
    String::from_utf8(bytes).ok()
}

/// Reads the escape after a backslash.
fn escape(letters: &mut Letters<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    let (_, letter) = letters.next()?;
    let plain = match letter {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        's' => b' ',
        '\\' | '"' | '\'' => u8::try_from(letter).ok()?,
        'x' => number(letters, "", 2, 16)?,
        'u' | 'U' => {
            let length = if letter == 'u' { 4 } else { 8 };
            let code = digits(letters, "", length, 16)?;
            let letter = char::from_u32(code).filter(|letter| *letter != '\0')?;
            bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes());
            return Some(());
        }
        '0'..='7' => number(letters, &letter.to_string(), 3, 8)?,
        _ => return None,
    };
    bytes.push(plain);
    Some(())
}

fn number(letters: &mut Letters<'_>, first: &str, length: usize, base: u32) -> Option<u8> {
    let number = u8::try_from(digits(letters, first, length, base)?).ok()?;
    // NUL ends a text.
    (number != 0).then_some(number)
}

fn digits(letters: &mut Letters<'_>, first: &str, length: usize, base: u32) -> Option<u32> {
    let mut text = first.to_owned();
    while text.len() < length {
        let (_, digit) = letters.next_if(|(_, letter)| letter.is_digit(base))?;
        text.push(digit);
    }
    u32::from_str_radix(&text, base).ok()
}

/// No specifier has this letter or digit.
#[derive(Debug, PartialEq)]
pub(super) struct NoSpecifier;

/// Replaces specifiers: a letter or a digit after `%`. Returns `None` for a text that depends
/// on the machine.
pub(super) fn expanded(word: &str, unit: &str) -> Result<Option<String>, NoSpecifier> {
    let mut text = Some(String::new());
    let mut letters = word.chars();
    let stem = unit.rsplit_once('.').map_or(unit, |(stem, _)| stem);
    let (prefix, instance) = stem.split_once('@').unwrap_or((stem, ""));
    // The instance of a template is chosen when the unit starts.
    let of_instance = |text: &str| (!stem.ends_with('@')).then(|| text.to_owned());
    while let Some(letter) = letters.next() {
        let part = if letter == '%' {
            match letters.next() {
                Some('%') | None => Some("%".to_owned()),
                Some('n') => of_instance(unit),
                Some('N') => of_instance(stem),
                Some('p') => Some(prefix.to_owned()),
                Some('i') => of_instance(instance),
                Some('d') => of_instance(&credentials(unit)),
                Some('t') => Some("/run".to_owned()),
                Some('S') => Some("/var/lib".to_owned()),
                Some('C') => Some("/var/cache".to_owned()),
                Some('L') => Some("/var/log".to_owned()),
                Some('E') => Some("/etc".to_owned()),
                Some('T') => Some("/tmp".to_owned()),
                Some('V') => Some("/var/tmp".to_owned()),
                Some(other) if "aAbBcDfgGhHIjJlmMoPqRrsuUvwWyY".contains(other) => None,
                Some(other) if other.is_ascii_alphanumeric() => return Err(NoSpecifier),
                Some(other) => Some(format!("%{other}")),
            }
        } else {
            Some(letter.to_string())
        };
        match (&mut text, part) {
            (Some(text), Some(part)) => text.push_str(&part),
            (text, _) => *text = None,
        }
    }
    Ok(text)
}

/// Returns the directory with the credentials of a unit.
pub(super) fn credentials(unit: &str) -> String {
    format!("/run/credentials/{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_systemd_does() {
        for (value, expected, is_wrong) in [
            ("A=1 B=2", &["A=1", "B=2"][..], false),
            ("\"A=1 2\" 'B=x'", &["A=1 2", "B=x"], false),
            ("A='1 2'", &["A=1 2"], false),
            ("A=a\\x41\\101\\ty", &["A=aAA\ty"], false),
            ("A=$HOME", &["A=$HOME"], false),
            ("A=1 \"B=2", &["A=1"], true),
            ("A=\\q", &[], true),
            ("", &[], false),
            (
                "a\\a\\b\\f\\n\\r\\v\\s\\\\\\\"\\'",
                &["a\u{7}\u{8}\u{c}\n\r\u{b} \\\"'"],
                false,
            ),
            ("\\u00e9\\U0001f600\\xc3\\xa9", &["é\u{1f600}é"], false),
            ("A\\x00", &[], true),
            ("A\\x4", &[], true),
            ("A\\400", &[], true),
            ("A\\18", &[], true),
            ("A\\u0000", &[], true),
            ("A\\ud800", &[], true),
            ("A\\xff", &[], true),
            ("A\\", &[], true),
            ("A='1' B'2'", &["A=1", "B2"], false),
            ("''  \"\"", &["", ""], false),
            ("'a\"b' \"c'd\"", &["a\"b", "c'd"], false),
        ] {
            let (found, wrong) = words(value);
            let texts: Vec<&str> = found.iter().map(|word| &*word.text).collect();
            assert_eq!((&texts[..], wrong), (expected, is_wrong), "{value}");
        }
    }

    #[test]
    fn specifiers_are_replaced() {
        let unit = "app@x.service";
        let text = |word: &str| expanded(word, unit);
        let some = |text: &str| Ok(Some(text.to_owned()));
        assert_eq!(text("A=%d"), some("A=/run/credentials/app@x.service"));
        assert_eq!(text("%N-%p-%i"), some("app@x-app-x"));
        assert_eq!(text("100%%"), some("100%"));
        assert_eq!(
            text("%n %t %S %C %L %E %T %V"),
            some("app@x.service /run /var/lib /var/cache /var/log /etc /tmp /var/tmp")
        );
        for unknown in "aAbBcDfgGhHIjJlmMoPqRrsuUvwWyY".chars() {
            assert_eq!(text(&format!("%{unknown}")), Ok(None), "{unknown}");
        }
        assert_eq!(text("%H"), Ok(None));
        assert_eq!(text("%!a%"), some("%!a%"));
        assert_eq!(text("100%x"), Err(NoSpecifier));
        let template = |word| expanded(word, "app@.service");
        assert_eq!(template("%n"), Ok(None));
        assert_eq!(template("%i"), Ok(None));
        assert_eq!(template("%N"), Ok(None));
        assert_eq!(template("%d"), Ok(None));
        assert_eq!(template("%p"), some("app"));
    }
}
