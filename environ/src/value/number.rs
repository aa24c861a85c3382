//! Numbers, and why a text is not a number.

use std::fmt::LowerExp;
use std::num::{
    IntErrorKind, NonZeroI128, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI8, NonZeroIsize,
    NonZeroU128, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU8, NonZeroUsize, ParseIntError,
};

use super::accepted::is_word;
use super::decimal::{self, Decimal};
use super::{Accepted, EnvValue, Form, Invalid, Text};

macro_rules! whole {
    ($($ty:ident $noun:literal ($least:expr, $most:expr) $($texts:ident)?;)*) => {
    $(
        impl EnvValue for $ty {
            const FORM: Form = Form::with_sample($noun, "1");
            $(const TEXTS: Accepted = Accepted::$texts($least as _, $most as _);)?

            #[inline]
            fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
                const ENDS: (i128, u128) = ($least as _, $most as _);
                let text = text.as_str()?;
                text.parse().map_err(|err| not_whole(text, &err, ENDS))
            }
        }
    )*

        /// Returns the texts of the whole number that a form calls `noun`.
        pub(super) const fn accepted(noun: &str) -> Accepted {
            $($(
                if is_word(noun.as_bytes(), $noun.as_bytes()) {
                    return Accepted::$texts($least as _, $most as _);
                }
            )?)*
            Accepted::Unknown
        }
    };
}

whole! {
    u8 "u8" (0, u8::MAX) Unsigned;
    u16 "u16" (0, u16::MAX) Unsigned;
    u32 "u32" (0, u32::MAX) Unsigned;
    u64 "u64" (0, u64::MAX) Unsigned;
    u128 "u128" (0, u128::MAX) Unsigned;
    usize "usize" (0, usize::MAX) Unsigned;
    i8 "i8" (i8::MIN, i8::MAX) Signed;
    i16 "i16" (i16::MIN, i16::MAX) Signed;
    i32 "i32" (i32::MIN, i32::MAX) Signed;
    i64 "i64" (i64::MIN, i64::MAX) Signed;
    i128 "i128" (i128::MIN, i128::MAX) Signed;
    isize "isize" (isize::MIN, isize::MAX) Signed;
    NonZeroU8 "u8 above 0" (1, u8::MAX) Unsigned;
    NonZeroU16 "u16 above 0" (1, u16::MAX) Unsigned;
    NonZeroU32 "u32 above 0" (1, u32::MAX) Unsigned;
    NonZeroU64 "u64 above 0" (1, u64::MAX) Unsigned;
    NonZeroU128 "u128 above 0" (1, u128::MAX) Unsigned;
    NonZeroUsize "usize above 0" (1, usize::MAX) Unsigned;
    // A range is not all texts that they accept.
    NonZeroI8 "i8 other than 0" (i8::MIN, i8::MAX);
    NonZeroI16 "i16 other than 0" (i16::MIN, i16::MAX);
    NonZeroI32 "i32 other than 0" (i32::MIN, i32::MAX);
    NonZeroI64 "i64 other than 0" (i64::MIN, i64::MAX);
    NonZeroI128 "i128 other than 0" (i128::MIN, i128::MAX);
    NonZeroIsize "isize other than 0" (isize::MIN, isize::MAX);
}

macro_rules! float {
    ($($ty:ident)*) => {$(
        impl EnvValue for $ty {
            const FORM: Form = Form::with_sample(stringify!($ty), "0.5");

            #[inline]
            fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
                let text = text.as_str()?;
                match text.parse::<$ty>() {
                    // Digits do not mean infinity.
                    Ok(value) if value.is_infinite() && text.contains(|letter: char| letter.is_ascii_digit()) => {
                        Err(too_large(text, &<$ty>::MAX))
                    }
                    Ok(value) => Ok(value),
                    Err(_) => Err(not_a_float(text)),
                }
            }
        }
    )*};
}

float!(f32 f64);

// None of these is generic, so that they are compiled here and not with the user's types.

#[cold]
fn too_large(text: &str, most: &dyn LowerExp) -> Invalid {
    if text.starts_with('-') {
        return Invalid::new(format_args!("it must be at least -{most:e}"));
    }
    Invalid::new(format_args!("it must be at most {most:e}"))
}

#[cold]
fn not_whole(text: &str, err: &ParseIntError, (least, most): (i128, u128)) -> Invalid {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_whole = !digits.is_empty() && digits.bytes().all(|letter| letter.is_ascii_digit());
    match err.kind() {
        IntErrorKind::Zero if least < 0 => Invalid::new("it must not be 0"),
        IntErrorKind::InvalidDigit | IntErrorKind::Empty if !is_whole => {
            match whole_meant(text, least, most) {
                Some(number) => Invalid::new(format_args!("write {number}")),
                None => Invalid::new(format_args!(
                    "it must be a whole number from {least} to {most}"
                )),
            }
        }
        _ => Invalid::new(format_args!("it must be from {least} to {most}")),
    }
}

/// Returns the digits that `8_000`, `8,000`, `8'000`, `8000.0`, `8e3`, `8kB`, `0x1F40` and
/// ` 8000 ` mean, if that number is one of those that are read.
fn whole_meant(text: &str, least: i128, most: u128) -> Option<String> {
    if text.len() > MAX_NUMBER_BYTES {
        return None;
    }
    let (sign, number) = signed(text);
    let radix = |prefix: &str, radix| {
        let digits = number.to_ascii_lowercase().replace('_', "");
        u128::from_str_radix(digits.strip_prefix(prefix)?, radix).ok()
    };
    let meant = radix("0x", 16)
        .or_else(|| radix("0o", 8))
        .or_else(|| radix("0b", 2))
        .or_else(|| scaled(number))?;
    let is_read = match sign {
        "-" => meant <= least.unsigned_abs() && least < 0,
        _ => meant <= most && (least <= 0 || meant >= least.unsigned_abs()),
    };
    is_read.then(|| format!("{sign}{meant}"))
}

/// Returns the whole number that digits mean, with a unit of bytes or thousands after them.
fn scaled(number: &str) -> Option<u128> {
    let is_of_unit = |letter: char| letter.is_ascii_alphabetic();
    let digits = number.trim_end_matches(is_of_unit);
    let unit = &number[digits.len()..];
    let (digits, unit) = match scale(unit) {
        Some(unit) => (digits.trim_end(), unit),
        None => (number, 1),
    };
    match Decimal::parse(&without_gaps(digits))?.times(unit)? {
        (whole, true) => Some(whole),
        (_, false) => None,
    }
}

/// Returns the number of bytes, or of pieces, that a unit has. `m` alone may be minutes.
fn scale(unit: &str) -> Option<u128> {
    let (prefix, base) = match unit.strip_suffix(['B', 'b']).unwrap_or(unit) {
        "" if !unit.is_empty() => return Some(1),
        "m" if unit == "m" => return None,
        prefix => match prefix.strip_suffix('i') {
            Some(prefix) => (prefix, 1024_u128),
            None => (prefix, 1000),
        },
    };
    let power = match prefix {
        "k" | "K" => 1,
        "m" | "M" => 2,
        "g" | "G" => 3,
        "t" | "T" => 4,
        _ => return None,
    };
    base.checked_pow(power)
}

/// Returns the number without the spaces or apostrophes between groups of three digits.
fn without_gaps(number: &str) -> String {
    let is_gap = |letter: char| matches!(letter, ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}');
    let is_grouped = number.split(is_gap).skip(1).all(|group| group.len() == 3);
    number.replace(|letter| is_grouped && is_gap(letter), "")
}

/// No number that a person writes is longer.
const MAX_NUMBER_BYTES: usize = 1_000;

#[cold]
fn not_a_float(text: &str) -> Invalid {
    let text = if text.len() > MAX_NUMBER_BYTES {
        ""
    } else {
        text
    };
    let (sign, number) = signed(text);
    let number = format!("{sign}{}", decimal::with_point(number));
    match number.parse::<f64>() {
        Ok(value) if value.is_finite() => Invalid::new(format_args!("write {number}")),
        _ => Invalid::new("it must be a number, like 0.5"),
    }
}

/// Splits off the sign, and takes off quotes and white space.
fn signed(text: &str) -> (&str, &str) {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || "\"'".contains(letter));
    match text.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}
