//! A service of a Compose file: its variables, in the order of Compose `env_file`,
//! `environment`, and the facts around it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use crate::deployment::command;
use crate::deployment::env_file::{self, twice, Dialect, EnvFile};
use crate::deployment::finding::Finding;
use crate::deployment::input::Input;
use crate::deployment::interpolation::{interpolate, oddity, Interpolated};
use crate::deployment::misspelt::{is_near, meant};
use crate::deployment::place::{At, Place};
use crate::deployment::time;
use crate::deployment::url;
use crate::deployment::workload::{Carrier, Environment, Format, Port, Setting, Workload};
use crate::deployment::yaml::{self, Entry, Node, Type};

/// The grace period of a service that says none.
const DEFAULT_GRACE: Duration = Duration::from_secs(10);

/// Services that extend each other in a circle end here.
const MAX_EXTENDS: usize = 10;

/// The ports of a range that are read.
const MAX_RANGE: usize = 100;

/// A Compose file that another file names, and its document.
pub(super) type File = Rc<(Input, Rc<Node>)>;

/// The Compose files that other files name.
pub(super) type Others = RefCell<BTreeMap<PathBuf, File>>;

/// A service in a chain of services that extend each other.
struct Link {
    node: Rc<Node>,
    /// The file of the service, unless it is the file that is read.
    file: Option<File>,
}

/// The service that another service extends.
enum Base {
    None,
    /// The service, or its file, is not found.
    Unknown,
    Found(Link),
}

impl Base {
    fn of(node: Option<&Rc<Node>>, file: Option<File>) -> Self {
        node.map_or(Self::Unknown, |node| {
            let node = Rc::clone(node);
            Self::Found(Link { node, file })
        })
    }
}

pub(super) struct Service<'n> {
    input: &'n Input,
    document: &'n Node,
    project: &'n BTreeMap<String, Option<String>>,
    others: &'n Others,
    findings: Vec<Finding>,
}

impl<'n> Service<'n> {
    pub(super) fn new(
        input: &'n Input,
        document: &'n Node,
        project: &'n BTreeMap<String, Option<String>>,
        others: &'n Others,
    ) -> Self {
        Self {
            input,
            document,
            project,
            others,
            findings: Vec::new(),
        }
    }

    pub(super) fn read(mut self, entry: &Entry) -> Workload {
        let node = &entry.value;
        let mut workload = Workload::new(Format::Compose, &entry.key, entry.place.clone());
        workload.image = node.text("image").map(str::to_owned);
        workload.env = self.env(node);
        Self::add_command(node, &mut workload.env);
        self.check_keys(node);
        self.check_secrets(node);
        self.read_facts(node, &mut workload);
        workload.findings = self.findings;
        workload
    }

    /// Reports keys of the service that are misspelt, or there twice.
    fn check_keys(&mut self, node: &Node) {
        let known = [
            "environment",
            "env_file",
            "extends",
            "healthcheck",
            "image",
            "ports",
            "secrets",
            "stop_grace_period",
        ];
        for entry in node.entries() {
            if let Some(meant) = meant(&entry.key, &known) {
                let message = format!("Compose rejects the key; write `{meant}`");
                let finding = Finding::error(entry.place.clone(), &entry.key, "syntax", message);
                self.findings.push(finding);
            }
        }
        for (name, place) in node.map().map_or(&[][..], |map| &map.twice) {
            let message = "Compose rejects a key that is there twice; remove one of them";
            let finding = Finding::error(place.clone(), name, "twice", message);
            self.findings.push(finding);
        }
        let environment = node.get("environment");
        if let Some(text) =
            environment.filter(|it| it.scalar().is_some() && it.kind() != Type::Null)
        {
            let message = "Compose rejects a text here; write a map, or a list of NAME=value";
            let place = text.place.clone();
            let finding = Finding::error(place, "environment", "syntax", message);
            self.findings.push(finding);
        }
        let grace = node.get("stop_grace_period");
        let has_unit = |text: &str| {
            time::span(text).is_some() && text.ends_with(|last: char| last.is_ascii_alphabetic())
        };
        let replaced = grace.and_then(|grace| self.replaced(grace.scalar()?).text);
        if let Some((grace, _)) = grace.zip(replaced.filter(|text| !has_unit(text))) {
            let message = "Compose rejects a time without a unit; write 45s";
            let place = grace.place.clone();
            let finding = Finding::error(place, "stop_grace_period", "changed", message);
            self.findings.push(finding);
        }
    }

    /// Reports secrets that the file does not define. The file that another file includes, or
    /// overrides, may define them.
    fn check_secrets(&mut self, node: &Node) {
        let is_whole = node.get("image").is_some() || node.get("build").is_some();
        if !is_whole || self.document.get("include").is_some() {
            return;
        }
        for key in ["secrets", "configs"] {
            let defined = self.document.get(key);
            for item in node.get(key).map_or(&[][..], |node| node.items()) {
                let source = item.get("source").unwrap_or(item);
                let Some(name) = source.scalar() else {
                    continue;
                };
                if defined.is_some_and(|defined| defined.get(name).is_some()) {
                    continue;
                }
                let message = format!(
                    "Compose rejects {name}, which the file does not define; add it to the \
                     `{key}` of the file"
                );
                let place = source.place.clone();
                let finding = Finding::error(place, key, "reference", message);
                self.findings.push(finding);
            }
        }
    }

    /// Adds the variables that the command sets: `entrypoint: [env, NAME=value, program]`.
    fn add_command(node: &Node, env: &mut Environment) {
        let mut words: Vec<(String, Place)> = Vec::new();
        for node in ["entrypoint", "command"]
            .into_iter()
            .filter_map(|key| node.get(key))
        {
            if let Some(text) = node.scalar() {
                let place = || node.place.clone();
                words.extend(command::words(text).into_iter().map(|word| (word, place())));
            }
            let items = node.items().iter();
            words.extend(items.filter_map(|it| Some((it.scalar()?.to_owned(), it.place.clone()))));
        }
        let found = command::of_words(words.iter().map(|(word, _)| &**word));
        env.add_command(found, |at| words[at].1.clone());
    }

    /// Returns the variables of a service. `extends` merges the files of both services, and the
    /// variables of both, before Compose reads a file: `environment` of the base counts more
    /// than a file of the service.
    fn env(&mut self, node: &Rc<Node>) -> Environment {
        let own = Link {
            node: Rc::clone(node),
            file: None,
        };
        let mut chain = vec![own];
        let mut env = Environment::default();
        while let Some(link) = chain.last() {
            match self.base(link) {
                Base::None => break,
                Base::Found(base) if chain.len() <= MAX_EXTENDS => chain.push(base),
                Base::Found(_) | Base::Unknown => {
                    env.is_open = true;
                    break;
                }
            }
        }
        chain.reverse();
        for (file, from) in self.env_files(&chain) {
            let own = self.env_file(&file, from.as_deref());
            env.extend(&own);
        }
        let nodes = chain.iter().map(|link| &link.node);
        for environment in nodes.filter_map(|node| node.get("environment")) {
            let own = self.environment(environment);
            env.extend(&own);
        }
        env
    }

    /// Returns the service that a service extends.
    fn base(&mut self, link: &Link) -> Base {
        let Some(base) = link.node.get("extends") else {
            return Base::None;
        };
        let name = base.scalar().or(base.text("service")).unwrap_or_default();
        let input = link.file.as_ref().map_or(self.input, |file| &file.0);
        let Some(path) = base.get("file") else {
            let document = link.file.as_ref().map_or(self.document, |file| &*file.1);
            let found = document.get("services").and_then(|it| it.get(name));
            if found.is_none() {
                let finding = no_service(base, name, document);
                self.findings.push(finding);
            }
            return Base::of(found, link.file.clone());
        };
        let Some(beside) = path.scalar().and_then(|path| self.replaced(path).text) else {
            return Base::Unknown;
        };
        let file = match self.other_file(input.beside(&beside)) {
            Ok(file) => file,
            Err(reason) => {
                let message = format!("the file {reason}; without it Compose starts nothing");
                let place = path.place.clone();
                let finding = Finding::warning(place, "extends", "reference", message);
                self.findings.push(finding);
                return Base::Unknown;
            }
        };
        let found = file.1.get("services").and_then(|it| it.get(name));
        if found.is_none() {
            self.findings.push(no_service(base, name, &file.1));
        }
        Base::of(found, Some(Rc::clone(&file)))
    }

    /// Reads a Compose file that services of this file extend, once for all of these.
    fn other_file(&self, path: PathBuf) -> Result<File, String> {
        let mut others = self.others.borrow_mut();
        if let Some(file) = others.get(&path) {
            return Ok(Rc::clone(file));
        }
        let read = Input::read(&path)?;
        let document = match yaml::documents(&read) {
            (documents, None) => documents.into_iter().next(),
            (_, Some(_)) => None,
        };
        let document = document.ok_or("is malformed YAML")?;
        let file = Rc::new((read, document));
        others.insert(path, Rc::clone(&file));
        Ok(file)
    }

    /// Returns the files of variables of several services, the base first. A file that is there
    /// twice stays in its first place.
    fn env_files(&self, chain: &[Link]) -> Vec<(Rc<Node>, Option<File>)> {
        let mut files: Vec<(Rc<Node>, Option<File>)> = Vec::new();
        for link in chain {
            let Some(node) = link.node.get("env_file") else {
                continue;
            };
            let own = match node.items() {
                [] => std::slice::from_ref(node),
                items => items,
            };
            for file in own {
                let path = |file: &Rc<Node>, from: &Option<File>| {
                    let path = file.get("path").unwrap_or(file);
                    let path = self.replaced(path.scalar()?).text?;
                    Some(
                        from.as_ref()
                            .map_or(self.input, |from| &from.0)
                            .beside(&path),
                    )
                };
                let own = path(file, &link.file);
                match files.iter_mut().find(|(it, from)| path(it, from) == own) {
                    Some(same) => *same = (Rc::clone(file), link.file.clone()),
                    None => files.push((Rc::clone(file), link.file.clone())),
                }
            }
        }
        files
    }

    /// Reads a file of variables that the service names.
    fn env_file(&mut self, node: &Rc<Node>, from: Option<&(Input, Rc<Node>)>) -> Environment {
        let input = from.map_or(self.input, |(input, _)| input);
        let path = node.get("path").unwrap_or(node);
        let unknown = Environment {
            is_open: true,
            ..Environment::default()
        };
        let Some(name) = path.scalar() else {
            return unknown;
        };
        let Some(name) = self.replaced(name).text else {
            return unknown;
        };
        if let Some(format) = node.get("format").filter(|it| it.scalar() != Some("raw")) {
            let message = "Compose knows no such format of a file; write `raw`, or remove `format`";
            let place = format.place.clone();
            let finding = Finding::error(place, "env_file", "syntax", message);
            self.findings.push(finding);
        }
        match Input::read(&input.beside(&name)) {
            Ok(read) => {
                let mut odd = Vec::new();
                let file = if node.text("format") == Some("raw") {
                    EnvFile::read(&read.text, Dialect::Docker)
                } else {
                    let replaced = env_file::compose::read(&read.text, &self.known());
                    odd = replaced.odd;
                    replaced.file
                };
                for (at, message) in odd {
                    let at = &file.assignments[at];
                    let place = read.place(at.line, at.text_column);
                    let finding = Finding::warning(place, &at.name, "changed", message);
                    self.findings.push(finding);
                }
                let (env, findings) = file.environment(&read, Carrier::EnvFile);
                self.findings.extend(findings);
                env
            }
            Err(_) if node.text("required") == Some("false") => Environment::default(),
            Err(reason) => {
                let message = format!(
                    "the file {reason}; without it Compose starts nothing, and its variables are \
                     not judged"
                );
                let place = path.place.clone();
                self.findings
                    .push(Finding::warning(place, "env_file", "reference", message));
                unknown
            }
        }
    }

    /// Reads `environment`, a map or a list.
    fn environment(&mut self, node: &Node) -> Environment {
        let mut env = Environment::default();
        if let Some(map) = node.map() {
            for (name, place) in &map.twice {
                let message = "Compose rejects a key that is there twice; remove one of them";
                let finding = Finding::error(place.clone(), name, "twice", message);
                self.findings.push(finding);
            }
            for Entry { key, place, value } in &map.entries {
                let text = self.map_value(key, value);
                env.set(key, setting(text, place, &value.place));
            }
        }
        let mut places: HashMap<String, Place> = HashMap::new();
        for item in node.items() {
            let place = &item.place;
            let Some(whole) = item.scalar() else {
                let name = item
                    .entries()
                    .first()
                    .map_or("environment", |entry| &entry.key);
                let message = "Compose rejects a map in a list; write NAME=value";
                self.findings
                    .push(Finding::error(place.clone(), name, "syntax", message));
                continue;
            };
            let Some((name, text)) = whole.split_once('=') else {
                env.set(whole, setting(None, place, place));
                continue;
            };
            if let Some(first) = places.insert(name.to_owned(), place.clone()) {
                self.findings.push(twice(name, place.clone(), &first));
            }
            let text = self.interpolated(name, text, place);
            env.set(name, setting(text, place, place));
        }
        env
    }

    fn map_value(&mut self, name: &str, value: &Node) -> Option<String> {
        let place = value.place.clone();
        let Some(text) = value.scalar() else {
            let message = "Compose rejects a list or a map here; write one text in quotes";
            self.findings
                .push(Finding::error(place, name, "changed", message));
            return None;
        };
        match value.kind() {
            // The command that starts Compose has it, or nobody.
            Type::Null => return None,
            Type::Bool => {
                let message = "a YAML boolean, which some versions of Compose reject and others \
                               write as true or false; put it in quotes";
                self.findings
                    .push(Finding::error(place, name, "changed", message));
            }
            Type::Text if value.is_date() => {
                let message = "a YAML date, which Compose rejects, or writes in another way; put \
                               it in quotes";
                self.findings
                    .push(Finding::error(place, name, "changed", message));
            }
            Type::Number if is_rewritten(text) => {
                let message = "a YAML number, which Compose writes in another way, such as 8 for \
                               010; put it in quotes";
                self.findings
                    .push(Finding::error(place, name, "changed", message));
            }
            Type::Number | Type::Text => {}
        }
        self.interpolated(name, text, &value.place)
    }

    /// Returns a look-up of the variables of the project.
    fn known(&self) -> impl Fn(&str) -> Option<Option<String>> + 'n {
        let project = self.project;
        |name| project.get(name).cloned()
    }

    fn replaced(&self, text: &str) -> Interpolated {
        interpolate(text, &self.known())
    }

    fn interpolated(&mut self, name: &str, text: &str, place: &Place) -> Option<String> {
        let result = self.replaced(text);
        if result.is_malformed {
            let message = "Compose rejects a `$` that begins no variable; write `$$` for `$`";
            let finding = Finding::error(place.clone(), name, "changed", message);
            self.findings.push(finding);
        } else if let Some(message) = oddity(&result) {
            let finding = Finding::warning(place.clone(), name, "changed", message);
            self.findings.push(finding);
        }
        result.text
    }

    fn read_facts(&self, node: &Node, workload: &mut Workload) {
        let grace = node.get("stop_grace_period");
        let span = grace.and_then(|grace| Some((grace, time::span(grace.scalar()?)?)));
        workload.grace = Some(match span {
            Some((grace, span)) => At::written(span, grace.place.clone()),
            None => At::default_of_format(DEFAULT_GRACE, workload.place.clone()),
        });
        for key in ["ports", "expose"] {
            let ports = node.get(key).map_or(&[][..], |node| node.items());
            workload
                .ports
                .extend(ports.iter().flat_map(|port| self.ports(port)));
        }
        if let Some(test) = node.at(&["healthcheck", "test"]) {
            let words = match test.items() {
                [] => std::slice::from_ref(test).iter().collect::<Vec<_>>(),
                items => items.iter().map(|item| &**item).collect(),
            };
            for word in words {
                let text = word.scalar().unwrap_or_default();
                workload.probes.extend(url::probes(text, &word.place));
            }
        }
        let secrets = node.get("secrets").map_or(&[][..], |node| node.items());
        workload
            .secret_mounts
            .extend(secrets.iter().filter_map(secret_mount));
    }

    /// Returns the ports inside the container: of `8080:80/tcp` it is the last, of `80-90` each.
    fn ports(&self, node: &Node) -> Vec<Port> {
        let target = node.get("target").map_or(node, |target| target);
        let text = target.scalar().and_then(|text| self.replaced(text).text);
        let text = text.unwrap_or_default();
        let last = text.rsplit(':').next().unwrap_or_default();
        let last = last.split('/').next().unwrap_or_default();
        let (first, last) = last.split_once('-').unwrap_or((last, last));
        let (Ok(first), Ok(last)) = (first.parse::<u16>(), last.parse::<u16>()) else {
            return Vec::new();
        };
        let ports = (first..=last).take(MAX_RANGE).map(|number| Port {
            name: None,
            number,
            place: target.place.clone(),
        });
        ports.collect()
    }
}

/// Returns the error about a service that the file does not define.
fn no_service(extends: &Node, name: &str, document: &Node) -> Finding {
    let services = document.get("services").map(|it| it.entries());
    let mut services = services.unwrap_or_default().iter();
    let near = services.find(|service| is_near(name, &service.key));
    let remedy = match near {
        Some(near) => format!("is {} meant?", near.key),
        None => "correct the name".to_owned(),
    };
    let message = format!("the file defines no service {name}; {remedy}");
    let at = extends.get("service").map_or(extends, |node| node);
    Finding::error(at.place.clone(), "extends", "reference", message)
}

fn setting(text: Option<String>, name_at: &Place, text_at: &Place) -> Setting {
    Setting {
        text,
        name_at: name_at.clone(),
        text_at: text_at.clone(),
        carrier: Carrier::Manifest,
    }
}

/// Returns whether a number is not written as Compose writes it.
fn is_rewritten(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_canonical = digits == "0" || !digits.starts_with('0');
    !(is_plain && is_canonical && digits.len() <= 15)
}

/// Returns where a secret is mounted: below `/run/secrets`, unless `target` is a path.
fn secret_mount(node: &Rc<Node>) -> Option<At<String>> {
    let name = node.get("target").or(node.get("source")).unwrap_or(node);
    let text = name.scalar()?;
    let path = if text.starts_with('/') {
        text.to_owned()
    } else {
        format!("/run/secrets/{text}")
    };
    Some(At::written(path, name.place.clone()))
}
