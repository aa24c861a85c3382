//! The variables that commands of a Procfile begin with.

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

/// Returns the assignments before the program, with quotes removed.
fn assignments(command: &str) -> Vec<(usize, String)> {
    let mut assignments = Vec::new();
    let mut letters = command.char_indices().peekable();
    loop {
        while letters
            .next_if(|(_, letter)| letter.is_whitespace())
            .is_some()
        {}
        let Some((at, _)) = letters.peek().copied() else {
            return assignments;
        };
        let mut word = String::new();
        let mut quote = None;
        while let Some((_, letter)) =
            letters.next_if(|(_, it)| quote.is_some() || !it.is_whitespace())
        {
            match quote {
                Some(open) if open == letter => quote = None,
                None if matches!(letter, '"' | '\'') => quote = Some(letter),
                None if letter == '\\' => word.extend(letters.next().map(|(_, next)| next)),
                _ => word.push(letter),
            }
        }
        let name = word.split('=').next().unwrap_or_default();
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_name && word.contains('=') {
            assignments.push((at, word));
        } else if !matches!(&*word, "env" | "exec") {
            return assignments;
        }
    }
}
