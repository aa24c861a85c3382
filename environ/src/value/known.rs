//! The types that this crate reads, by the words that a specification has for them: to judge a
//! text for a variable without the type of its field.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{
    NonZeroI128, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI8, NonZeroIsize, NonZeroU128,
    NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU8, NonZeroUsize,
};
use std::ops::{Bound, RangeBounds};
use std::time::Duration;

use super::duration::with_unit;
use super::form::{FormKind, UNITS};
use super::list::{self, corrected};
use super::split::split;
use super::validators::refused;
use super::{json, EnvValue, Form, Invalid, Reason, Text};

/// A type that this crate reads.
struct Known {
    form: Form,
    /// Reads a text, and compares the value with a range in words.
    read: fn(&mut Text<'_>, Option<&str>) -> Result<(), Invalid>,
    /// Whether it is a number, which is known by the name of its type.
    is_number: bool,
}

macro_rules! known {
    ($($is_number:literal: $($ty:ty)*;)*) => {
        &[$($(Known {
            form: <$ty as EnvValue>::FORM,
            read: |text, range| within(text, range, <$ty as EnvValue>::from_text),
            is_number: $is_number,
        },)*)*]
    };
}

const KNOWN: &[Known] = known! {
    true: u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64;
    true: NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU128 NonZeroUsize;
    true: NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI128 NonZeroIsize;
    false: char Duration IpAddr Ipv4Addr Ipv6Addr SocketAddr SocketAddrV4 SocketAddrV6;
};

/// Returns the form that a specification calls `column`, if this crate reads it.
pub(crate) fn named(column: &str) -> Option<Form> {
    let forms = KNOWN.iter().map(|known| known.form);
    let mut forms = forms.chain((0..UNITS.len()).map(Form::in_unit));
    forms.find(|form| form.column() == column)
}

/// Checks a text against a form, and the value against a range in words, as far as the form
/// tells which texts a type reads.
pub(crate) fn check(form: &Form, range: Option<&str>, text: &mut Text<'_>) -> Result<(), Invalid> {
    if form.is_json() {
        return json::<serde_json::Value>(text).map(|_| ());
    }
    if form.is_custom() {
        return check_custom(form, range, text);
    }
    match &form.kind {
        FormKind::Words(words) if *words == bool::FORM.known_words().unwrap_or_default() => {
            bool::from_text(text).map(|_| ())
        }
        FormKind::Words(words) if Form::TRUTHY.known_words() == Some(words) => {
            text.as_str().map(|_| ())
        }
        FormKind::Words(words) => {
            let aliases = form.known_aliases().iter().map(|(alias, _)| *alias);
            let all: Vec<&str> = words.iter().copied().chain(aliases).collect();
            text.word(&[&all]).map(|_| ())
        }
        FormKind::List(inner) => corrected(text, |text| check_elements(text, |_| Some(inner))),
        FormKind::Array(inner, len) => corrected(text, |text| {
            check_elements(text, |_| Some(inner))?;
            check_count(text, *len)
        }),
        FormKind::Tuple(forms) => corrected(text, |text| {
            check_count(text, forms.len())?;
            check_elements(text, |index| forms.get(index))
        }),
        FormKind::Map(key, value) => corrected(text, |text| check_pairs(text, key, value)),
        FormKind::Secret(inner) => check(inner, range, text),
        FormKind::Noun { .. } => read(form, range, text),
        FormKind::Text => text.as_str().map(|_| ()),
        FormKind::Path | FormKind::Spelled(_) => Ok(()),
    }
}

/// Checks a text that code of the program reads. Of a number it is known, at least, that text
/// without digits is none; white space around it may be accepted.
fn check_custom(form: &Form, range: Option<&str>, text: &Text<'_>) -> Result<(), Invalid> {
    let is_number = KNOWN
        .iter()
        .any(|known| known.is_number && known.form.column() == form.column());
    if !is_number {
        return Ok(());
    }
    let trimmed = text.as_str()?.trim();
    read(form, range, &mut text.element(trimmed))
}

fn read(form: &Form, range: Option<&str>, text: &mut Text<'_>) -> Result<(), Invalid> {
    let column = form.column();
    if let Some(known) = KNOWN.iter().find(|known| known.form.column() == column) {
        return (known.read)(text, range);
    }
    match form.unit() {
        Some(unit) => within(text, range, |text| with_unit(text, unit)),
        None => Ok(()),
    }
}

fn check_elements<'f>(
    text: &Text<'_>,
    form_of: impl Fn(usize) -> Option<&'f Form>,
) -> Result<(), Invalid> {
    let parts = split(text.as_str()?, text.separator());
    let check = |index: usize| {
        let part = &parts[index];
        // The type may take an empty element for `None`.
        match form_of(index).filter(|_| !part.is_empty()) {
            Some(form) => check(form, None, &mut text.element(part))
                .map_err(|invalid| invalid.of_element(index + 1, part, *form)),
            None => Ok(()),
        }
    };
    let checked = (0..parts.len()).try_for_each(check);
    checked.map_err(|invalid| invalid.with_others(parts.len(), &|index| check(index).is_err()))
}

fn check_count(text: &Text<'_>, len: usize) -> Result<(), Invalid> {
    match split(text.as_str()?, text.separator()).len() {
        found if found == len => Ok(()),
        found => Err(list::wrong_count(found)),
    }
}

fn check_pairs(text: &Text<'_>, key: &Form, value: &Form) -> Result<(), Invalid> {
    let parts = split(text.as_str()?, text.separator());
    let check = |index: usize| check_pair(text, index + 1, &parts[index], key, value);
    let mut keys = BTreeSet::new();
    for index in 0..parts.len() {
        let key = check(index)
            .map_err(|invalid| invalid.with_others(parts.len(), &|index| check(index).is_err()))?;
        if !keys.insert(key) {
            return Err(list::repeated(index + 1, key));
        }
    }
    Ok(())
}

/// Returns the key.
fn check_pair<'p>(
    text: &Text<'_>,
    number: usize,
    part: &'p str,
    key: &Form,
    value: &Form,
) -> Result<&'p str, Invalid> {
    let (of_key, of_value) = list::key_and_value(number, part, value, text.separator())?;
    check(key, None, &mut text.element(of_key))
        .map_err(|invalid| invalid.of_half(number, part, "key", *key))?;
    if !of_value.is_empty() {
        check(value, None, &mut text.element(of_value))
            .map_err(|invalid| invalid.of_half(number, part, "value", *value))?;
    }
    Ok(of_key)
}

/// Checks the number of characters, or of elements, against a range in words:
/// `at least 8 characters`.
pub(crate) fn check_length(form: &Form, words: &str, text: &Text<'_>) -> Result<(), Invalid> {
    let whole = text.as_str()?;
    let len = if form.is_several() {
        split(whole, text.separator()).len()
    } else {
        whole.chars().count()
    };
    let bounds = words.rsplit_once(' ').and_then(|(range, _)| {
        let number = |end: &str| end.parse::<usize>().ok();
        bounds(range, number)
    });
    match bounds {
        Some(bounds) if !bounds.contains(&len) => Err(refused(Reason::said(
            &format_args!("it must have {words}"),
            true,
        ))),
        _ => Ok(()),
    }
}

fn within<T: PartialOrd>(
    text: &mut Text<'_>,
    range: Option<&str>,
    read: impl Fn(&mut Text<'_>) -> Result<T, Invalid>,
) -> Result<(), Invalid> {
    let value = read(text)?;
    let end = |end: &str| read(&mut Text::new(end)).ok();
    let Some(range) = range else { return Ok(()) };
    match bounds(range, end) {
        Some(bounds) if !bounds.contains(&value) => Err(refused(Reason::said(
            &format_args!("it must be {range}"),
            true,
        ))),
        _ => Ok(()),
    }
}

/// Returns the bounds that `range::in_words` has put in words. `None` if an end is no value,
/// because the code calculates it.
fn bounds<T>(words: &str, end: impl Fn(&str) -> Option<T>) -> Option<(Bound<T>, Bound<T>)> {
    if let Some((first, last)) = words
        .strip_prefix("from ")
        .and_then(|rest| rest.split_once(" to "))
    {
        return Some((Bound::Included(end(first)?), Bound::Included(end(last)?)));
    }
    let (mut start, mut stop) = (Bound::Unbounded, Bound::Unbounded);
    for part in words.split(" and ") {
        if let Some(first) = part.strip_prefix("at least ") {
            start = Bound::Included(end(first)?);
        } else if let Some(first) = part.strip_prefix("above ") {
            start = Bound::Excluded(end(first)?);
        } else if let Some(last) = part.strip_prefix("at most ") {
            stop = Bound::Included(end(last)?);
        } else if let Some(last) = part.strip_prefix("below ") {
            stop = Bound::Excluded(end(last)?);
        } else {
            return Some((Bound::Included(end(part)?), Bound::Included(end(part)?)));
        }
    }
    Some((start, stop))
}

#[cfg(test)]
mod tests {
    use std::ops::RangeBounds;

    use super::{bounds, check, check_length, named, Form, Text, KNOWN};
    use crate::value::invalid::Why;

    const PORT: Form = <u16 as super::EnvValue>::FORM;
    const PORTS: Form = Form::list(&PORT);
    const COLOURS: Form = Form::words(&["red"]).word_aliases(&[("rouge", "red")]);

    fn is_ok(form: &Form, range: Option<&str>, text: &str) -> bool {
        check(form, range, &mut Text::new(text)).is_ok()
    }

    #[test]
    fn each_known_type_is_found_by_its_column() {
        for known in KNOWN {
            let column = known.form.column();
            assert_eq!(named(&column), Some(known.form), "{column}");
        }
        assert_eq!(named("number of minutes"), Some(Form::in_unit(2)));
        assert_eq!(named("Url"), None);
    }

    #[test]
    fn a_range_in_words_is_read_back() {
        let number = |end: &str| end.parse::<u8>().ok();
        for (words, inside, outside) in [
            ("from 1 to 64", 64, 0),
            ("7", 7, 8),
            ("at least 1 and below 64", 63, 64),
            ("above 1 and at most 9", 9, 1),
            ("at least 1", 1, 0),
            ("below 5", 4, 5),
        ] {
            let bounds = bounds(words, number).unwrap();
            assert!(bounds.contains(&inside) && !bounds.contains(&outside));
        }
        assert!(bounds("from 1 to MAX", number).is_none());
    }

    #[test]
    fn a_text_is_judged_by_its_form() {
        let duration = named("duration").unwrap();
        assert!(is_ok(&duration, Some("from 1s to 1h"), "90s"));
        assert!(!is_ok(&duration, Some("from 1s to 1h"), "2h"));
        assert!(!is_ok(&duration, None, "90"));
        assert!(is_ok(&Form::in_unit(1), None, "90"));
        assert!(is_ok(&PORTS, None, "1,2"));
        assert!(!is_ok(&PORTS, None, "1,x"));
        assert!(is_ok(&Form::spelled("Url"), None, "x"));
        assert!(is_ok(&COLOURS, None, "Rouge") && !is_ok(&COLOURS, None, "blue"));
        assert!(is_ok(&Form::TRUTHY, None, "maybe"));
        for (form, right, wrong) in [
            (<bool as super::EnvValue>::FORM, "T", "maybe"),
            (Form::array(&PORT, 2), "1,2", "1,2,3"),
            (Form::array(&PORT, 2), ",1", "1,x"),
            (Form::tuple(&[PORT, COLOURS]), "1,red", "red,1"),
            (Form::tuple(&[PORT, COLOURS]), ",red", "1"),
            (Form::map(&COLOURS, &PORT), "red=1,rouge=", "red=x"),
            (Form::map(&COLOURS, &PORT), "red=1", "1=1"),
            (Form::map(&PORT, &PORT), "1=1,2=1", "1=1,1=2"),
            (Form::secret(&PORT), "1", "x"),
            (PORT, "80", " 80 "),
            // Code of the program may accept white space.
            (Form::noun("u16"), " 80 ", "x"),
        ] {
            assert!(is_ok(&form, None, right), "{form:?}: {right}");
            assert!(!is_ok(&form, None, wrong), "{form:?}: {wrong}");
        }
        assert!(is_ok(&Form::noun("duration"), None, "x"));
        let len = |text| check_length(&Form::text(), "at least 2 characters", &Text::new(text));
        assert!(len("é").is_err() && len("éé").is_ok());
        let len = |text| check_length(&PORTS, "at most 2 elements", &Text::new(text));
        assert!(len("100,200").is_ok() && len("1,2,3").is_err());
    }

    #[test]
    fn a_wrong_element_has_its_number() {
        let place = |form: &Form, text| {
            let invalid = check(form, None, &mut Text::new(text)).unwrap_err();
            match *invalid.0 {
                Why::OfElement(place, _) => place,
                _ => panic!("{text} has no wrong element"),
            }
        };
        let pairs = Form::map(&COLOURS, &PORT);
        for (form, text, expected) in [
            (PORTS, "1,x", r#"element 2, "x", is not a u16"#),
            (
                pairs,
                "red=1,blue=1",
                r#"the key of element 2, "blue=1", is not one of: red"#,
            ),
            (
                pairs,
                "red=1,red=x",
                r#"the value of element 2, "red=x", is not a u16"#,
            ),
            (
                pairs,
                "red=1,red",
                r#"element 2, "red", has no =; write key=value"#,
            ),
            (
                PORTS,
                "x,1,y,z",
                r#"element 1, "x", is not a u16 (elements 3 and 4 are wrong too)"#,
            ),
            (
                pairs,
                "red=x,red,red=1",
                r#"the value of element 1, "red=x", is not a u16 (element 2 is wrong too)"#,
            ),
        ] {
            assert_eq!(place(&form, text), expected);
        }
    }
}
