//! systemd units and containers of Quadlet, with their drop-ins.

mod quadlet;
mod unit;
mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

use self::unit::{lines, Line};
use self::words::{credentials, expanded, words};
use super::command;
use super::env_file::{is_systemd_name, Dialect, EnvFile};
use super::finding::Finding;
use super::input::Input;
use super::misspelt::meant;
use super::place::{At, Place};
use super::time;
use super::workload::{Carrier, Environment, Format, Setting, Workload};

/// The grace period of a unit that says none.
const DEFAULT_GRACE: Duration = Duration::from_secs(90);

/// Returns the unit that a drop-in belongs to: `app.service` of `app.service.d/10-more.conf`.
pub(super) fn unit_of_drop_in(path: &Path) -> Option<PathBuf> {
    let dir = path.parent()?;
    let name = dir.file_name()?.to_str()?.strip_suffix(".d")?;
    let is_unit = name.ends_with(".service") || name.ends_with(".container");
    (is_unit && path.extension()? == "conf").then(|| dir.with_file_name(name))
}

/// Returns the drop-ins of a unit, in the order of systemd.
pub(super) fn drop_ins(unit: &Path) -> Vec<PathBuf> {
    let mut dir = unit.as_os_str().to_owned();
    dir.push(".d");
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "conf")
        })
        .collect();
    paths.sort();
    paths
}

/// Returns the workload of a unit and its drop-ins. The files that `EnvironmentFile=` names are
/// asked for by path.
pub(super) fn workload(
    inputs: &[&Input],
    find_file: &dyn Fn(&str) -> Option<Input>,
) -> Option<Workload> {
    let first = inputs.first()?;
    if quadlet::is_container(first) {
        return quadlet::workload(inputs, find_file);
    }
    let mut reader = Reader::new(first, find_file);
    for input in inputs {
        reader.add(input);
    }
    reader.finish()
}

/// A reader of a unit.
struct Reader<'f> {
    name: String,
    env: Environment,
    files: Vec<(String, Place)>,
    /// The variables that `ExecStart=` sets before the program.
    command: Environment,
    /// The words of `UnsetEnvironment=`, which count after all files.
    unset: Vec<String>,
    workload: Workload,
    find_file: &'f dyn Fn(&str) -> Option<Input>,
    has_service: bool,
}

impl<'f> Reader<'f> {
    fn new(input: &Input, find_file: &'f dyn Fn(&str) -> Option<Input>) -> Self {
        let name = match input.file_name() {
            "" => "stdin.service",
            name => name,
        };
        let mut workload = Workload::new(Format::Systemd, name, input.place(1, 1));
        let grace = At::default_of_format(DEFAULT_GRACE, workload.place.clone());
        workload.grace = Some(grace);
        Self {
            name: name.to_owned(),
            env: Environment::default(),
            files: Vec::new(),
            command: Environment::default(),
            unset: Vec::new(),
            workload,
            find_file,
            has_service: false,
        }
    }

    /// Adds the lines of the unit, or of a drop-in.
    fn add(&mut self, input: &Input) {
        for line in lines(input) {
            if line.section == "Service" {
                if !self.has_service {
                    self.workload.place = line.place.clone();
                    self.has_service = true;
                }
                self.add_line(input, &line);
            } else if matches!(&*line.key, "Environment" | "EnvironmentFile") {
                let message = "systemd ignores it outside of [Service]; move it there";
                let place = line.place.clone();
                self.find(Finding::error(place, &line.key, "syntax", message));
            }
        }
    }

    /// Returns the workload, unless no file has a `[Service]`.
    fn finish(mut self) -> Option<Workload> {
        let files = std::mem::take(&mut self.files);
        for (path, place) in files {
            self.add_file(&path, &place);
        }
        for word in &self.unset {
            // `NAME`, or `NAME=value` for a variable that has this value.
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (&**word, None),
            };
            let is_meant = |setting: &Setting| value.is_none() || setting.text.as_deref() == value;
            if self.env.get(name).is_some_and(is_meant) {
                self.env.settings.remove(name);
            }
        }
        self.env.extend(&self.command);
        self.workload.env = self.env;
        if let Some(grace) = self
            .workload
            .grace
            .as_mut()
            .filter(|grace| !grace.is_written)
        {
            grace.place = self.workload.place.clone();
        }
        self.has_service.then_some(self.workload)
    }

    fn add_line(&mut self, input: &Input, line: &Line) {
        let text = line.value.text.trim();
        match &*line.key {
            "Environment" if text.is_empty() => self.env.settings.clear(),
            "Environment" => self.add_assignments(input, line),
            "EnvironmentFile" if text.is_empty() => self.files.clear(),
            "EnvironmentFile" => {
                let place = line.value.place(input, 0);
                // systemd starts the service without an optional file.
                let path = text.strip_prefix('-').unwrap_or(text);
                self.files.push((path.to_owned(), place));
            }
            "PassEnvironment" => {
                for name in text.split_whitespace() {
                    let place = line.value.place(input, 0);
                    let setting = Setting {
                        text: None,
                        name_at: place.clone(),
                        text_at: place,
                        carrier: Carrier::Manifest,
                    };
                    self.env.set(name, setting);
                }
            }
            "UnsetEnvironment" if text.is_empty() => self.unset.clear(),
            "UnsetEnvironment" => {
                self.unset
                    .extend(words(text).0.into_iter().map(|word| word.text));
            }
            "ExecStart" => self.add_command(input, line),
            "TimeoutStopSec" | "TimeoutSec" => {
                let place = line.value.place(input, 0);
                if let Some(span) = time::span(text) {
                    // Zero is no timeout.
                    let span = if span.is_zero() { Duration::MAX } else { span };
                    self.workload.grace = Some(At::written(span, place));
                }
            }
            "LoadCredential" | "LoadCredentialEncrypted" | "SetCredentialEncrypted" => {
                self.add_credential(input, line);
            }
            "SetCredential" => {
                let message = "a secret in plain text, which everybody who can read the unit \
                               sees; name a file in LoadCredential=";
                let place = line.value.place(input, 0);
                self.find(Finding::error(place, "SetCredential", "plaintext", message));
                self.add_credential(input, line);
            }
            key => {
                let known = [
                    "Environment",
                    "EnvironmentFile",
                    "ExecStart",
                    "PassEnvironment",
                    "UnsetEnvironment",
                    "LoadCredential",
                    "SetCredential",
                    "TimeoutStopSec",
                ];
                if let Some(meant) = meant(key, &known) {
                    let message = format!("systemd ignores the key; write `{meant}`");
                    let place = line.place.clone();
                    self.find(Finding::error(place, key, "syntax", message));
                }
            }
        }
    }

    fn add_credential(&mut self, input: &Input, line: &Line) {
        let id = line.value.text.split(':').next().unwrap_or_default();
        let path = format!("{}/{}", credentials(&self.name), id.trim());
        let at = At::written(path, line.value.place(input, 0));
        self.workload.secret_mounts.push(at);
    }

    fn add_assignments(&mut self, input: &Input, line: &Line) {
        let value = &line.value;
        let (words, is_wrong) = words(&value.text);
        let mut last = "Environment".to_owned();
        for word in words {
            let place = value.place(input, word.at);
            let Some((name, _)) = word.text.split_once('=') else {
                let message = "systemd ignores a word without `=`, and ends the value before it; \
                               put the whole assignment in quotes";
                self.find(Finding::error(place, &last, "changed", message));
                continue;
            };
            name.clone_into(&mut last);
            if !is_systemd_name(name) {
                let message = "systemd ignores a name that is not of letters, digits and `_`; \
                               write NAME=value";
                self.find(Finding::error(place, name, "name", message));
                continue;
            }
            let Ok(text) = expanded(&word.text, &self.name) else {
                let message = "systemd ignores the variable, because `%` begins no specifier; \
                               write `%%` for `%`";
                self.find(Finding::error(place, name, "changed", message));
                continue;
            };
            let text = text.and_then(|text| Some(text.split_once('=')?.1.to_owned()));
            let setting = Setting {
                text,
                name_at: place.clone(),
                text_at: place,
                carrier: Carrier::Manifest,
            };
            self.env.set(name, setting);
        }
        if is_wrong {
            let message = "systemd ignores the rest of the line, because a quote is not closed \
                           or a backslash begins no escape; close it, or write `\\\\` for `\\`";
            let place = value.place(input, 0);
            self.find(Finding::error(place, &last, "changed", message));
        }
    }

    /// Adds the variables of `ExecStart=/usr/bin/env NAME=value program`.
    fn add_command(&mut self, input: &Input, line: &Line) {
        self.command = Environment::default();
        let value = &line.value;
        let bare = value
            .text
            .trim_start_matches(['@', '-', ':', '+', '!', '|']);
        let start = value.text.len() - bare.len();
        let (words, _) = words(bare);
        let texts = words.iter().map(|word| {
            let known = expanded(&word.text, &self.name).ok().flatten();
            // A text with `$` is unknown.
            known.unwrap_or_else(|| format!("{}$", word.text))
        });
        let texts: Vec<String> = texts.collect();
        let found = command::of_words(texts.iter().map(String::as_str));
        let place = |at: usize| value.place(input, start + words[at].at);
        self.command.add_command(found, place);
    }

    /// Adds a file of variables, which win over `Environment=`.
    fn add_file(&mut self, path: &str, place: &Place) {
        if !path.starts_with(['/', '%']) {
            let message = "systemd ignores a path that is not absolute; write it from `/` on";
            self.find(Finding::error(
                place.clone(),
                "EnvironmentFile",
                "reference",
                message,
            ));
            return;
        }
        match (self.find_file)(path) {
            Some(read) => {
                let (env, unread) = EnvFile::read(&read.text, Dialect::Systemd)
                    .environment(&read, Carrier::EnvFile);
                self.workload.findings.extend(unread);
                self.env.extend(&env);
            }
            // The file is on another machine.
            None => self.env.is_open = true,
        }
    }

    fn find(&mut self, finding: Finding) {
        self.workload.findings.push(finding);
    }
}
