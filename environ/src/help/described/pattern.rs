//! Patterns of names: those of variables in groups of lists and maps.

use crate::name::{ANY_KEY, ANY_NUMBER};

/// Returns whether there is a name that both patterns may be. It may say so too often.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    let (Some((one_start, one_end)), Some((start, end))) = (ends(one), ends(other)) else {
        return match (ends(one), ends(other)) {
            (None, None) => one == other,
            (Some(_), _) => matches(one, other),
            (None, _) => matches(other, one),
        };
    };
    let starts = one_start.starts_with(start) || start.starts_with(one_start);
    // The key of a group takes all up to a segment that is there, so any text may follow.
    let is_deep = [one, other]
        .iter()
        .any(|pattern| pattern.matches('<').count() > 1);
    starts && (is_deep || one_end.ends_with(end) || end.ends_with(one_end))
}

/// Returns the parts of a pattern before its first and after its last placeholder.
fn ends(pattern: &str) -> Option<(&str, &str)> {
    let first = pattern.find('<')?;
    let last = pattern.rfind('>')?;
    Some((&pattern[..first], &pattern[last + 1..]))
}

/// Returns whether a name is of a pattern.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, end)) = ends(pattern) else {
        return pattern == name;
    };
    let rest = name
        .strip_prefix(start)
        .and_then(|rest| rest.strip_suffix(end));
    rest.is_some_and(|rest| {
        let is_number = !pattern.contains(ANY_KEY) && pattern.matches(ANY_NUMBER).count() == 1;
        !rest.is_empty() && (!is_number || rest.bytes().all(|byte| byte.is_ascii_digit()))
    })
}
