//! The variables that commands of a Procfile begin with.

use std::iter::Peekable;
use std::str::CharIndices;

use super::finding::Finding;
use super::input::Input;
use super::url;
use super::workload::{Carrier, Format, Scope, Setting, Workload};

/// The number of processes; more are no Procfile.
const MAX_PROCESSES: usize = 1_000;

/// Returns the processes of a Procfile.
pub(super) fn workloads(input: &Input) -> Vec<Workload> {
    let mut workloads: Vec<Workload> = Vec::new();
    for (index, line) in input.text.lines().enumerate() {
        let Some((name, command)) = line.split_once(':') else {
            continue;
        };
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
        if name.is_empty() || !name.chars().all(is_name) {
            continue;
        }
        let place = input.place(index + 1, 1);
        if workloads.len() == MAX_PROCESSES {
            let message = "more than 1000 processes; the rest is not read, so split the file";
            let finding = Finding::error(place, "", "input", message);
            workloads[0].findings.push(finding);
            return workloads;
        }
        let mut workload = Workload::new(Format::Procfile, name, place.clone());
        workload.scope = Scope::Part;
        workload.probes = url::probes(command, &place);
        let start = name.len() + 1;
        for (at, word) in assignments(command) {
            let Some((name, text)) = word.split_once('=') else {
                continue;
            };
            let column = line[..start + at].chars().count() + 1;
            let setting = Setting {
                // The shell replaces it.
                text: (!text.contains(['$', '`'])).then(|| text.to_owned()),
                name_at: input.place(index + 1, column),
                text_at: input.place(index + 1, column),
                carrier: Carrier::Manifest,
            };
            workload.env.set(name, setting);
        }
        workloads.push(workload);
    }
    workloads
}

/// Returns the assignments before the program, with quotes removed: those before the command,
/// those of `env`, and those of `export` before another command.
fn assignments(command: &str) -> Vec<(usize, String)> {
    let mut assignments = Vec::new();
    let mut letters = command.char_indices().peekable();
    // `-u` of `env` takes a word.
    let (mut is_of_env, mut takes_word) = (false, false);
    while let Some((at, word)) = next_word(&mut letters) {
        let (word, ends) = match word.strip_suffix(';') {
            Some(word) => (word.to_owned(), true),
            None => (word, false),
        };
        if std::mem::take(&mut takes_word) {
            continue;
        }
        let name = word.split('=').next().unwrap_or_default();
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let is_name = !name.is_empty() && name.bytes().all(is_part);
        if is_name && word.contains('=') {
            assignments.push((at, word));
        } else if is_of_env && word.starts_with('-') {
            takes_word = word == "-u";
        } else if matches!(&*word, "env" | "exec" | "export" | "&&" | "") {
            is_of_env = word == "env";
        } else {
            return assignments;
        }
        if ends {
            is_of_env = false;
        }
    }
    assignments
}

/// Returns the next word of a command, without quotes, and the place of the word.
fn next_word(letters: &mut Peekable<CharIndices<'_>>) -> Option<(usize, String)> {
    while letters
        .next_if(|(_, letter)| letter.is_whitespace())
        .is_some()
    {}
    let (at, _) = letters.peek().copied()?;
    let mut word = String::new();
    let mut quote = None;
    while let Some((_, letter)) = letters.next_if(|(_, it)| quote.is_some() || !it.is_whitespace())
    {
        match quote {
            Some(open) if open == letter => quote = None,
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if letter == '\\' => word.extend(letters.next().map(|(_, next)| next)),
            _ => word.push(letter),
        }
    }
    Some((at, word))
}

#[cfg(test)]
mod tests {
    use super::assignments;

    #[test]
    fn assignments_are_found_before_the_program() {
        for (command, wanted) in [
            ("A=1 B='x y' app C=2", &["A=1", "B=x y"][..]),
            ("exec env -i -u Q A=1 app", &["A=1"]),
            ("export A=1; app B=2", &["A=1"]),
            ("export A=1 B=2 && exec app", &["A=1", "B=2"]),
            ("app --env A=1", &[]),
            ("-u A=1", &[]),
        ] {
            let found = assignments(command);
            let texts: Vec<&str> = found.iter().map(|(_, text)| &**text).collect();
            assert_eq!(texts, wanted, "{command}");
        }
    }
}
