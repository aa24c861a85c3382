//! Quadlet: `.container` files, which Podman turns into units.

use std::time::Duration;

use super::super::command;
use super::super::env_file::{Dialect, EnvFile};
use super::super::finding::Finding;
use super::super::input::Input;
use super::super::misspelt::meant;
use super::super::place::{At, Place};
use super::super::time;
use super::super::url;
use super::super::workload::{Carrier, Environment, Format, Port, Setting, Workload};
use super::unit::{lines, Line};
use super::words::{expanded, words};

/// The time after which Podman kills a container, unless the file says another.
const DEFAULT_GRACE: Duration = Duration::from_secs(10);

/// More ports of a range are not looked at.
const MAX_RANGE: usize = 1_000;

/// Keys whose misspellings are found.
const KEYS: [&str; 12] = [
    "Entrypoint",
    "Environment",
    "EnvironmentFile",
    "EnvironmentHost",
    "Exec",
    "HealthCmd",
    "Image",
    "Notify",
    "PodmanArgs",
    "PublishPort",
    "Secret",
    "StopTimeout",
];

/// Returns whether a file is a container of Quadlet.
pub(super) fn is_container(input: &Input) -> bool {
    match input.file_name() {
        "" => input
            .text
            .lines()
            .any(|line| line.trim_end() == "[Container]"),
        name => name.ends_with(".container"),
    }
}

/// Returns the workload of a container and its drop-ins, unless no file has a `[Container]`.
pub(super) fn workload(
    inputs: &[&Input],
    find_file: &dyn Fn(&str) -> Option<Input>,
) -> Option<Workload> {
    let first = inputs.first()?;
    let mut reader = Reader::new(first, find_file);
    for input in inputs {
        for line in lines(input) {
            reader.add_line(input, &line);
        }
    }
    reader.finish()
}

struct Reader<'f> {
    /// The name of the unit that Podman makes, for specifiers.
    unit: String,
    env: Environment,
    files: Vec<String>,
    /// The variables of secrets with `type=env`.
    secrets: Environment,
    /// The words of `Entrypoint=` and of `Exec=`.
    entrypoint: Vec<(String, Place)>,
    arguments: Vec<(String, Place)>,
    /// The time that systemd gives Podman, if the file says it.
    timeout: Option<At<Duration>>,
    workload: Workload,
    find_file: &'f dyn Fn(&str) -> Option<Input>,
    has_container: bool,
}

impl<'f> Reader<'f> {
    fn new(input: &Input, find_file: &'f dyn Fn(&str) -> Option<Input>) -> Self {
        let name = match input.file_name() {
            "" => "stdin.container",
            name => name,
        };
        let mut workload = Workload::new(Format::Quadlet, name, input.place(1, 1));
        let grace = At::default_of_format(DEFAULT_GRACE, workload.place.clone());
        workload.grace = Some(grace);
        Self {
            unit: name.replace(".container", ".service"),
            env: Environment::default(),
            files: Vec::new(),
            secrets: Environment::default(),
            entrypoint: Vec::new(),
            arguments: Vec::new(),
            timeout: None,
            workload,
            find_file,
            has_container: false,
        }
    }

    fn add_line(&mut self, input: &Input, line: &Line) {
        let text = line.value.text.trim();
        let place = || line.value.place(input, 0);
        match (&*line.section, &*line.key) {
            ("Container", key) => {
                if !self.has_container {
                    self.workload.place = line.place.clone();
                    self.has_container = true;
                }
                self.add_key(input, line, key, text);
            }
            ("Service", "TimeoutStopSec" | "TimeoutSec") => {
                // Zero is no timeout.
                let span = time::span(text).filter(|span| !span.is_zero());
                self.timeout = span.map(|span| At::written(span, place()));
            }
            (_, "Environment") => {
                for word in words(&line.value.text).0 {
                    let name = word.text.split('=').next().unwrap_or_default();
                    let message = "the container does not get a variable of another section; \
                                   move it to [Container]";
                    let place = line.value.place(input, word.at);
                    self.find(Finding::warning(place, name, "changed", message));
                }
            }
            _ => {}
        }
    }

    fn add_key(&mut self, input: &Input, line: &Line, key: &str, text: &str) {
        let place = line.value.place(input, 0);
        match key {
            "Environment" if text.is_empty() => self.env.settings.clear(),
            "Environment" => self.add_assignments(input, line),
            "EnvironmentFile" if text.is_empty() => self.files.clear(),
            "EnvironmentFile" => self.add_file(input, text, place),
            "Entrypoint" => {
                // A JSON list, or a single program.
                let list: Option<Vec<String>> = serde_json::from_str(text).ok();
                let words = list.unwrap_or_else(|| vec![text.to_owned()]);
                self.entrypoint = words
                    .into_iter()
                    .map(|word| (word, place.clone()))
                    .collect();
            }
            "Exec" => self.arguments = self.command(input, line),
            "EnvironmentHost" => self.env.is_open |= is_true(text),
            "Secret" if text.is_empty() => {
                self.secrets.settings.clear();
                self.workload.secret_mounts.clear();
            }
            "Secret" => self.add_secret(text, &place),
            "Image" => self.workload.image = Some(text.to_owned()),
            "PublishPort" | "ExposeHostPort" => self.workload.ports.extend(ports(text, &place)),
            "HealthCmd" => self.workload.probes.extend(url::probes(text, &place)),
            // Then the service tells systemd by a socket, which it takes for the mark of systemd.
            "Notify" if is_true(text) => {
                let socket = setting(Some("/run/notify/notify.sock"), &place);
                self.env.set("NOTIFY_SOCKET", socket);
            }
            "PodmanArgs" => {
                let mut args = text.split_whitespace();
                self.env.is_open |= args.any(|arg| arg.starts_with("--env") || arg == "-e");
            }
            "StopTimeout" => {
                if let Ok(seconds) = text.parse() {
                    let grace = At::written(Duration::from_secs(seconds), place);
                    self.workload.grace = Some(grace);
                } else {
                    let message = "Podman ignores everything but whole seconds; write 45, for \
                                   example";
                    self.find(Finding::error(place, key, "syntax", message));
                }
            }
            key => {
                if let Some(meant) = meant(key, &KEYS) {
                    let message = format!("Podman rejects the file; write `{meant}`");
                    let place = line.place.clone();
                    self.find(Finding::error(place, key, "syntax", message));
                }
            }
        }
    }

    fn add_assignments(&mut self, input: &Input, line: &Line) {
        let value = &line.value;
        let (words, is_wrong) = words(&value.text);
        for word in words {
            let place = value.place(input, word.at);
            let Some((name, _)) = word.text.split_once('=') else {
                // The variable of systemd, which Podman takes over.
                self.env.set(&word.text, setting(None, &place));
                continue;
            };
            // The assignment is a word of a command of systemd, which replaces `%d` and `${A}`.
            let Ok(text) = expanded(&word.text, &self.unit) else {
                let message = "systemd rejects the command of the container, because `%` begins \
                               no specifier; write `%%` for `%`";
                self.find(Finding::error(place, name, "changed", message));
                continue;
            };
            let text = text.filter(|text| !text.contains("${"));
            let text = text.map(|text| text.replace("$$", "$"));
            let text = text
                .as_deref()
                .and_then(|text| Some(text.split_once('=')?.1));
            self.env.set(name, setting(text, &place));
        }
        if is_wrong {
            let message = "Podman ignores the line or reads another text, because a quote is not \
                           closed or a backslash begins no escape; close it, or write `\\\\` for \
                           `\\`";
            let place = value.place(input, 0);
            self.find(Finding::error(place, "Environment", "changed", message));
        }
    }

    /// Returns the words of a command, which systemd expands before Podman gets them.
    fn command(&self, input: &Input, line: &Line) -> Vec<(String, Place)> {
        let value = &line.value;
        let words = words(&value.text).0.into_iter().map(|word| {
            let known = expanded(&word.text, &self.unit).ok().flatten();
            // A text with `$` is unknown.
            let text = known.unwrap_or_else(|| format!("{}$", word.text));
            (text, value.place(input, word.at))
        });
        words.collect()
    }

    fn add_file(&mut self, input: &Input, text: &str, place: Place) {
        if text.starts_with('-') {
            let message = "Podman has no optional files, and finds no file with `-` in its name; \
                           remove the `-`";
            self.find(Finding::error(
                place,
                "EnvironmentFile",
                "reference",
                message,
            ));
            return;
        }
        // A relative path begins beside the file.
        let path = if text.starts_with(['/', '%']) {
            text.to_owned()
        } else {
            input.beside(text).to_string_lossy().into_owned()
        };
        self.files.push(path);
    }

    /// Adds `NAME`, with options such as `type=env,target=APP_DB_URL`.
    fn add_secret(&mut self, text: &str, place: &Place) {
        let mut parts = text.split(',').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let options: Vec<(&str, &str)> = parts.filter_map(|part| part.split_once('=')).collect();
        let option = |key| {
            let mut options = options.iter();
            options
                .find(|(this, _)| *this == key)
                .map(|(_, text)| *text)
        };
        let target = option("target").unwrap_or(name);
        if option("type") == Some("env") {
            let setting = Setting {
                carrier: Carrier::Secret,
                ..setting(None, place)
            };
            self.secrets.set(target, setting);
            return;
        }
        let path = if target.starts_with('/') {
            target.to_owned()
        } else {
            format!("/run/secrets/{target}")
        };
        let mount = At::written(path, place.clone());
        self.workload.secret_mounts.push(mount);
    }

    /// Returns the workload. Files count least, then variables, secrets, and the command.
    fn finish(mut self) -> Option<Workload> {
        let mut env = Environment::default();
        for path in std::mem::take(&mut self.files) {
            match (self.find_file)(&path) {
                Some(read) => {
                    let file = EnvFile::read(&read.text, Dialect::Docker);
                    let (variables, unread) = file.environment(&read, Carrier::EnvFile);
                    self.workload.findings.extend(unread);
                    env.extend(&variables);
                }
                // The file is on another machine.
                None => env.is_open = true,
            }
        }
        env.extend(&self.env);
        env.extend(&self.secrets);
        let command = [self.entrypoint, self.arguments].concat();
        let found = command::of_words(command.iter().map(|(word, _)| &**word));
        env.add_command(found, |at| command[at].1.clone());
        self.workload.env = env;
        let place = self.workload.place.clone();
        if let Some(grace) = &mut self.workload.grace {
            if !grace.is_written {
                grace.place = place;
            }
            // systemd kills Podman and the container.
            if let Some(timeout) = self.timeout.filter(|timeout| timeout.value < grace.value) {
                *grace = timeout;
            }
        }
        self.has_container.then_some(self.workload)
    }

    fn find(&mut self, finding: Finding) {
        self.workload.findings.push(finding);
    }
}

/// Returns a variable of the file.
fn setting(text: Option<&str>, place: &Place) -> Setting {
    Setting {
        text: text.map(str::to_owned),
        name_at: place.clone(),
        text_at: place.clone(),
        carrier: Carrier::Manifest,
    }
}

fn is_true(text: &str) -> bool {
    ["1", "yes", "true", "on"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

/// Returns the ports inside the container: of `127.0.0.1:80:8000/tcp` the last.
fn ports(text: &str, place: &Place) -> Vec<Port> {
    let last = text.rsplit(':').next().unwrap_or_default();
    let last = last.split('/').next().unwrap_or_default();
    let (first, last) = last.split_once('-').unwrap_or((last, last));
    let (Ok(first), Ok(last)) = (first.parse::<u16>(), last.parse::<u16>()) else {
        return Vec::new();
    };
    let ports = (first..=last).take(MAX_RANGE).map(|number| Port {
        name: None,
        number,
        place: place.clone(),
    });
    ports.collect()
}
