//! The types of plain scalars.

use std::ops::RangeInclusive;

/// The type of a scalar without quotes, as the readers of YAML 1.1 see it, of which
/// Kubernetes is the most used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Null,
    Bool,
    Number,
}

/// Returns the type of a plain scalar by the rules of YAML 1.1, as go-yaml has them.
pub(crate) fn plain_type(text: &str) -> Type {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Type::Null,
        "y" | "Y" | "n" | "N" => return Type::Bool,
        _ => {}
    }
    let words = ["yes", "no", "on", "off", "true", "false"];
    if words.iter().any(|word| is_in_case(text, word)) {
        return Type::Bool;
    }
    if is_number(text) {
        return Type::Number;
    }
    Type::Text
}

/// Returns whether a text is a word in lower case, in upper case, or capitalised.
fn is_in_case(text: &str, word: &str) -> bool {
    text.eq_ignore_ascii_case(word)
        && (text[1..] == word[1..] || text.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// Returns whether a plain scalar is a date of YAML 1.1, which Compose rejects or rewrites.
pub(crate) fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut number = |len: RangeInclusive<usize>| {
        let part = parts.next().unwrap_or_default();
        let digits = part.find(|letter: char| !letter.is_ascii_digit());
        let end = digits.unwrap_or(part.len());
        len.contains(&end).then(|| &part[end..])
    };
    let is_whole = |rest: Option<&str>| rest.is_some_and(str::is_empty);
    is_whole(number(4..=4))
        && is_whole(number(1..=2))
        && number(1..=2).is_some_and(|rest| rest.is_empty() || rest.starts_with(['T', 't', ' ']))
}

fn is_number(text: &str) -> bool {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    let specials = [".inf", ".Inf", ".INF"];
    if specials.contains(&bare) || [".nan", ".NaN", ".NAN"].contains(&text) {
        return true;
    }
    let digits = bare.replace('_', "");
    let is_based = |prefix: &str, base: u32| {
        let rest = digits.strip_prefix(prefix);
        rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|digit| digit.is_digit(base)))
    };
    if is_based("0b", 2) || is_based("0x", 16) || is_based("0o", 8) {
        return true;
    }
    // `1_000` is a number, and `_1` is not.
    bare.starts_with(|first: char| first.is_ascii_digit() || first == '.') && is_decimal(&digits)
}

/// `8000`, `0.5`, `.5`, `1.`, `1e3`
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_exponent = |exponent: &str| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    };
    !(whole.is_empty() && fraction.is_empty())
        && all_digits(whole)
        && all_digits(fraction)
        && exponent.is_none_or(is_exponent)
}

#[cfg(test)]
mod tests {
    use super::{is_date, plain_type, Type};

    #[test]
    fn plain_scalars_have_the_types_of_yaml_1_1() {
        for (text, kind) in [
            ("yes", Type::Bool),
            ("On", Type::Bool),
            ("FALSE", Type::Bool),
            ("y", Type::Bool),
            ("yES", Type::Text),
            ("8000", Type::Number),
            ("-1", Type::Number),
            ("1_000", Type::Number),
            ("0x1F", Type::Number),
            ("0o17", Type::Number),
            ("1e3", Type::Number),
            (".5", Type::Number),
            ("1.", Type::Number),
            (".inf", Type::Number),
            ("~", Type::Null),
            ("", Type::Null),
            ("30s", Type::Text),
            ("1.2.3", Type::Text),
            ("0xyz", Type::Text),
            ("_1", Type::Text),
            (".", Type::Text),
            ("e3", Type::Text),
            ("::", Type::Text),
            ("null", Type::Null),
            ("Null", Type::Null),
            ("NULL", Type::Null),
            ("nULL", Type::Text),
            ("Y", Type::Bool),
            ("n", Type::Bool),
            ("N", Type::Bool),
            ("no", Type::Bool),
            ("oFf", Type::Text),
            ("-.INF", Type::Number),
            (".NaN", Type::Number),
            ("-.nan", Type::Text),
            ("0b101", Type::Number),
            ("0b102", Type::Text),
            ("0o18", Type::Text),
            ("-0x1f", Type::Number),
            ("0x", Type::Text),
            ("1e", Type::Text),
            ("1e+3", Type::Number),
            ("1E-3", Type::Number),
            ("1e3.5", Type::Text),
            ("1x.5", Type::Text),
            ("1.5x", Type::Text),
            ("+1", Type::Number),
            ("+-1", Type::Text),
        ] {
            assert_eq!(plain_type(text), kind, "{text}");
        }
    }

    #[test]
    fn dates_of_yaml_1_1_are_dates_with_and_without_a_time() {
        for (text, is) in [
            ("2024-01-01", true),
            ("2024-1-1", true),
            ("2024-01-01T10:00:00Z", true),
            ("2024-01-01t10:00:00", true),
            ("2024-01-01 10:00:00", true),
            ("24-01-01", false),
            ("20245-01-01", false),
            ("2024-001-01", false),
            ("2024-01-001", false),
            ("2024x-01-01", false),
            ("2024-01x-01", false),
            ("2024-01-01x", false),
            ("2024-01", false),
            ("2024--01", false),
            ("2024-01-", false),
        ] {
            assert_eq!(is_date(text), is, "{text}");
        }
    }
}
