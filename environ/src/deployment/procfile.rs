//! The variables that commands of a Procfile begin with.

use super::command;
use super::finding::Finding;
use super::input::Input;
use super::url;
use super::workload::{Format, Scope, Workload};

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
        let place = |at: usize| {
            let column = line[..start + at].chars().count() + 1;
            input.place(index + 1, column)
        };
        workload.env.add_command(command::of_shell(command), place);
        workloads.push(workload);
    }
    workloads
}
