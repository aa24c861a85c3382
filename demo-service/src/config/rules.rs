//! Validators of single values.

use std::time::Duration;

/// White space at the end, as in a file from elsewhere, would name another deployment. A name is a
/// part of a path, where dots alone name none.
pub(super) fn is_a_name(name: &str) -> Result<(), String> {
    if matches!(name, "." | "..") {
        return Err("it has nothing but dots".to_owned());
    }
    let odd = |letter: &char| !letter.is_ascii_alphanumeric() && !"._-".contains(*letter);
    match name.chars().find(odd) {
        Some(odd) => Err(format!("{odd:?} is no part of a name")),
        None => Ok(()),
    }
}

/// A Vault redirects from a path with empty parts, and a URL forgets the part before `..`, and
/// that behind `?` and `#`.
#[cfg(feature = "vault")]
pub(super) fn is_a_path(path: &str) -> Result<(), &'static str> {
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(
            "a part of it is empty, `.` or `..`; write it without `/` at its begin and end",
        );
    }
    if path.contains(|letter: char| letter.is_control() || matches!(letter, '?' | '#')) {
        return Err("it has `?`, `#` or a control character; write %3F and %23");
    }
    Ok(())
}

/// Below 100 ms, the dependencies would do little but answer checks.
pub(super) fn not_too_often(interval: &Duration) -> Result<(), &'static str> {
    if *interval < Duration::from_millis(100) {
        return Err("it must be 100ms at least");
    }
    Ok(())
}

/// A timeout of zero would reject everything.
pub(super) fn more_than_nothing(duration: &Duration) -> Result<(), &'static str> {
    if duration.is_zero() {
        return Err("it must be more than 0s");
    }
    Ok(())
}

/// A stop that is shorter has no time to close the database and to revoke leases; a shorter
/// interval would have a store do little but answer.
pub(super) fn at_least_a_second(duration: &Duration) -> Result<(), &'static str> {
    if *duration < Duration::from_secs(1) {
        return Err("it must be 1s at least");
    }
    Ok(())
}

/// More than a day is a typo; absurd values overflow `Instant`.
pub(super) fn at_most_a_day(duration: &Duration) -> Result<(), &'static str> {
    if *duration > Duration::from_hours(24) {
        return Err("it must be a day at most");
    }
    Ok(())
}
