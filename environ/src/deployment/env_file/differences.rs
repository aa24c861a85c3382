//! Where a `.env` file means something else to each program that may read it.

use std::collections::BTreeMap;

use super::{Dialect, EnvFile};
use crate::deployment::finding::Finding;
use crate::deployment::input::Input;
use crate::help::expansion::MAX_TEXT;

/// Returns a warning for each variable that the dialects read differently. No text is quoted,
/// since it may be a secret.
pub(in crate::deployment) fn differences(input: &Input, dotenv: &EnvFile) -> Vec<Finding> {
    let others = [
        ("docker --env-file", Dialect::Docker),
        ("systemd", Dialect::Systemd),
    ];
    let others = others.map(|(name, dialect)| {
        let file = EnvFile::read(&input.text, dialect);
        let texts: BTreeMap<String, Option<String>> = file
            .assignments
            .into_iter()
            .map(|assignment| (assignment.name, assignment.text))
            .collect();
        (name, texts)
    });
    let of_dotenvy = dotenvy_texts(&input.text);
    let lines: Vec<&str> = input.text.lines().collect();
    let mut last = BTreeMap::new();
    for assignment in &dotenv.assignments {
        last.insert(&*assignment.name, assignment);
    }
    let differing = last.into_values().filter_map(|assignment| {
        let (name, text) = (&assignment.name, &assignment.text);
        let differing = others
            .iter()
            .filter(|(_, texts)| texts.get(name) != Some(text))
            .map(|(program, _)| *program);
        // A line that dotenvy rejects has an error of its own when the program starts.
        let dotenvy = of_dotenvy
            .get(name)
            .filter(|own| Some(*own) != text.as_ref());
        let differing: Vec<&str> = differing.chain(dotenvy.map(|_| "dotenvy")).collect();
        if differing.is_empty() {
            return None;
        }
        let line = lines.get(assignment.line - 1).unwrap_or(&"");
        let (cause, remedy) = cause(line);
        let message = format!(
            "{} would read another value than dotenv: {cause}; {remedy}",
            in_words(&differing)
        );
        let place = input.place(assignment.line, assignment.text_column);
        Some(Finding::warning(place, name, "dialect", message))
    });
    differing.collect()
}

/// Returns `a, b and c`.
fn in_words(programs: &[&str]) -> String {
    match programs {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        programs => programs.concat(),
    }
}

/// Returns the variables as the crate dotenvy reads them. A `$NAME` is replaced by the variable of
/// this process, which makes a difference all the more. A text that is too long ends the file,
/// because dotenvy has no limit for lines that repeat lines.
fn dotenvy_texts(text: &str) -> BTreeMap<String, String> {
    let lines = dotenvy::from_read_iter(text.as_bytes()).flatten();
    lines
        .take_while(|(_, text)| text.len() <= MAX_TEXT)
        .collect()
}

/// Returns the cause of a difference in a line, and the remedy.
fn cause(line: &str) -> (&'static str, &'static str) {
    let (name, text) = line.split_once('=').unwrap_or((line, ""));
    let trimmed = text.trim();
    if name.trim_start().starts_with("export ") {
        ("only dotenv accepts `export`", "remove it")
    } else if trimmed.starts_with(['"', '\'']) {
        let remedy = "remove the quotes, unless white space or `#` needs them";
        ("docker keeps quotes, and escapes differ", remedy)
    } else if text.contains('$') {
        (
            "not all replace `$NAME` and `${NAME}`",
            "write the value itself",
        )
    } else if text.contains(" #") || text.contains("\t#") {
        let remedy = "give the comment a line of its own";
        ("only dotenv ends the value at a comment", remedy)
    } else if text.contains('\\') {
        (
            "systemd takes a backslash for an escape",
            "quote the value for the program in use",
        )
    } else {
        (
            "white space counts differently",
            "remove white space around `=` and at the end",
        )
    }
}
