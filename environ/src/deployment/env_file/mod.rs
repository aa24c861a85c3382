//! Files of variables, in four dialects: dotenv, `docker --env-file`, systemd, Compose.

pub(super) mod compose;
mod differences;
mod docker;
mod dotenv;
mod lines;
mod systemd;
#[cfg(test)]
mod tests;

pub(super) use differences::differences;

pub(super) use self::lines::EnvFile;
use self::lines::Unread;
pub(super) use self::systemd::is_name as is_systemd_name;
use super::finding::Finding;
use super::input::Input;
use super::place::Place;
use super::workload::{Carrier, Environment, Setting};

/// The number of lines of a file of variables. No system hands over so many.
const MAX_LINES: usize = 100_000;

/// A program that reads files of variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// python-dotenv, and with less the libraries of most languages.
    Dotenv,
    /// `docker run --env-file` and `podman run --env-file`: nothing is removed from a line.
    Docker,
    /// `EnvironmentFile=`: quotes and backslashes as in a shell, without `$`.
    Systemd,
}

impl EnvFile {
    pub(super) fn read(text: &str, dialect: Dialect) -> Self {
        if let Some(file) = Self::too_long(text) {
            return file;
        }
        match dialect {
            Dialect::Dotenv => dotenv::read(text),
            Dialect::Docker => docker::read(text),
            Dialect::Systemd => systemd::read(text),
        }
    }

    /// Returns the reason, in place of the lines, why a text is not read.
    fn too_long(text: &str) -> Option<Self> {
        let lines = text.bytes().filter(|byte| *byte == b'\n').count();
        let reason = "the file has more than 100000 lines; name a file of variables";
        (lines > MAX_LINES).then(|| Self {
            assignments: Vec::new(),
            unread: vec![Unread { line: 1, reason }],
        })
    }

    /// Returns the variables, and a finding for each line that is not read.
    pub(super) fn environment(
        &self,
        input: &Input,
        carrier: Carrier,
    ) -> (Environment, Vec<Finding>) {
        let mut env = Environment::default();
        let mut findings = Vec::new();
        for assignment in &self.assignments {
            let place = |column| input.place(assignment.line, column);
            if let Some(before) = env.get(&assignment.name) {
                let place = place(assignment.column);
                findings.push(twice(&assignment.name, place, &before.name_at));
            }
            let setting = Setting {
                text: assignment.text.clone(),
                name_at: place(assignment.column),
                text_at: place(assignment.text_column),
                carrier,
            };
            env.set(&assignment.name, setting);
        }
        for Unread { line, reason } in &self.unread {
            let place = input.place(*line, 1);
            findings.push(Finding::error(place, "", "syntax", *reason));
        }
        (env, findings)
    }
}

/// Returns the warning about a name that is set a second time.
pub(super) fn twice(name: &str, place: Place, first: &Place) -> Finding {
    let message = format!(
        "set twice, first in line {}, which is not used; remove one of them",
        first.line()
    );
    Finding::warning(place, name, "twice", message)
}
