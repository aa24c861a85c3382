//! The check of several files: reads the files, chooses the workloads of this program, judges
//! these workloads.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::compose;
use super::env_file::{differences, Dialect, EnvFile};
use super::finding::Finding;
use super::input::Input;
use super::judge::{Judge, Problems};
use super::kind::{kind, Kind};
use super::kubernetes::{self, Manifests};
use super::report::Report;
use super::systemd;
use super::workload::{Carrier, Format, Workload};
use super::{app_json, dockerfile, procfile, yaml};
use crate::name;
use crate::spec::Spec;

/// A check that a program adds.
type Check<'c> = Box<dyn Fn(&Workload) -> Vec<Finding> + Send + Sync + 'c>;

/// A check of deployment files; made by
/// [`EnvConfig::deployment`](crate::EnvConfig::deployment).
///
/// The format of a file is known by its name: `.yaml`, `.yml` and `.json` for Kubernetes,
/// kustomize, Compose and `app.json`; `.service`, with the drop-ins beside it; `.env`;
/// `Dockerfile`; `Procfile`. `-` is standard input.
pub struct Deployment<'c> {
    spec: &'static Spec,
    problems: Problems,
    prefix: Cow<'static, str>,
    files: Vec<PathBuf>,
    program: Option<String>,
    container: Option<String>,
    known: Vec<String>,
    is_strict: bool,
    has_secrets_elsewhere: bool,
    checks: Vec<Check<'c>>,
}

impl<'c> Deployment<'c> {
    pub(crate) fn new(spec: &'static Spec, problems: Problems) -> Self {
        Self {
            spec,
            problems,
            prefix: spec.root().into(),
            files: Vec::new(),
            program: None,
            container: None,
            known: Vec::new(),
            is_strict: false,
            has_secrets_elsewhere: false,
            checks: Vec::new(),
        }
    }

    /// Adds a file, or standard input if the path is `-`. Files may refer to each other.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<Path>) -> Self {
        self.files.push(path.as_ref().to_owned());
        self
    }

    /// Begins all names with `prefix`, as [`Loader::prefix`](crate::Loader::prefix) does.
    #[must_use]
    pub fn prefix(mut self, prefix: impl AsRef<str>) -> Self {
        self.prefix = name::prefix(prefix.as_ref()).into();
        self
    }

    /// Sets the name of the program, by which a container is known: by its own name, or by
    /// that of its image. Other containers count if they set a variable under the prefix.
    #[must_use]
    pub fn program(mut self, name: impl Into<String>) -> Self {
        self.program = Some(name.into());
        self
    }

    /// Judges the containers and services of this name only.
    #[must_use]
    pub fn container(mut self, name: impl Into<String>) -> Self {
        self.container = Some(name.into());
        self
    }

    /// Reports every unread variable under the prefix as an error. Without this, a name that
    /// no field has is a warning unless it is near a name of a field.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// Adds names that the program reads by other means. A name may end in `*`.
    #[must_use]
    pub fn known<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.known.extend(names.into_iter().map(Into::into));
        self
    }

    /// Counts each secret as set, for a program that takes its secrets from a store.
    #[must_use]
    pub fn secrets_elsewhere(mut self) -> Self {
        self.has_secrets_elsewhere = true;
        self
    }

    /// Adds a check of each workload, for facts that the table does not hold, such as the
    /// time that a stop takes.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # #[derive(environ::EnvConfig)]
    /// # #[expect(dead_code, reason = "only checked")]
    /// # struct AppConfig { port: u16 }
    /// use environ::deployment::Finding;
    /// use environ::EnvConfig;
    ///
    /// let report = AppConfig::deployment()
    ///     .file("deploy/app.yaml")
    ///     .with(|workload| {
    ///         let short = workload.grace.iter().filter(|grace| grace.value.as_secs() < 45);
    ///         let finding = |grace: &environ::deployment::At<_>| {
    ///             let message = "stopping takes 45s; raise it";
    ///             Finding::error(grace.place.clone(), "grace", "grace", message)
    ///         };
    ///         short.map(finding).collect()
    ///     })
    ///     .check();
    /// ```
    #[must_use]
    pub fn with(mut self, check: impl Fn(&Workload) -> Vec<Finding> + Send + Sync + 'c) -> Self {
        self.checks.push(Box::new(check));
        self
    }

    /// Reads and judges all files.
    #[must_use]
    pub fn check(&self) -> Report {
        let judge = Judge {
            spec: self.spec,
            prefix: &self.prefix,
            problems: self.problems,
            known: &self.known,
            is_strict: self.is_strict,
            has_secrets_elsewhere: self.has_secrets_elsewhere,
        };
        let mut files = Files::read(&self.files);
        let mut workloads = files.workloads();
        for workload in &mut workloads {
            workload.finish();
        }
        let chosen = self.chosen(&judge, &workloads);
        let mut findings = files.findings;
        for workload in &chosen {
            findings.extend(judge.judge(workload));
            let extra = self.checks.iter().flat_map(|check| check(workload));
            findings.extend(extra);
        }
        self.add_left_out(&files.inputs, &workloads, &chosen, &mut findings);
        Report::new(findings)
    }

    /// Returns the workloads of this program.
    fn chosen<'w>(&self, judge: &Judge<'_>, workloads: &'w [Workload]) -> Vec<&'w Workload> {
        let mut exact: BTreeMap<usize, bool> = BTreeMap::new();
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for workload in workloads
            .iter()
            .filter(|it| it.format == Format::Kubernetes)
        {
            *exact.entry(workload.group).or_default() |= self.is_exact(workload);
            *counts.entry(workload.group).or_default() += 1;
        }
        let is_chosen = |workload: &&Workload| {
            let is_of_many = matches!(workload.format, Format::Kubernetes | Format::Compose);
            if !is_of_many {
                return true;
            }
            if workload.is_fragment {
                return judge.is_claimed(workload);
            }
            if let Some(container) = &self.container {
                return *container == workload.name;
            }
            if self.is_exact(workload) {
                return true;
            }
            let group = workload.group;
            let has_exact = exact.get(&group).is_some_and(|is_exact| *is_exact);
            let is_alone = self.program.is_none() && counts.get(&group) == Some(&1);
            !has_exact && (is_alone || judge.is_claimed(workload))
        };
        workloads.iter().filter(is_chosen).collect()
    }

    fn is_exact(&self, workload: &Workload) -> bool {
        let Some(program) = &self.program else {
            return false;
        };
        let image = workload.image.as_deref().unwrap_or_default();
        let image = image.split('@').next().unwrap_or_default();
        let image = image.rsplit('/').next().unwrap_or_default();
        let image = image.split(':').next().unwrap_or_default();
        workload.name == *program || image == program
    }

    /// Adds a finding for each file in which nothing was judged.
    fn add_left_out(
        &self,
        inputs: &[Read],
        workloads: &[Workload],
        chosen: &[&Workload],
        findings: &mut Vec<Finding>,
    ) {
        let is_any_judged = !chosen.is_empty();
        for input in inputs.iter().filter(|input| !input.is_reference) {
            let name = &*input.input.name;
            let mut inside = workloads
                .iter()
                .filter(|workload| !workload.is_fragment && workload.place.file() == name);
            let is_judged = |it: &&Workload| it.place.file() == name;
            if chosen.iter().copied().any(|it| is_judged(&it)) || input.is_used {
                continue;
            }
            let place = input.input.place(1, 1);
            if let Some(first) = inside.next() {
                let names: Vec<&str> = [&*first.name]
                    .into_iter()
                    .chain(inside.map(|workload| &*workload.name))
                    .take(5)
                    .collect();
                let message = format!(
                    "no container of this program among {}; name it with --container, or leave \
                     the file out",
                    names.join(", ")
                );
                findings.push(if is_any_judged && self.container.is_none() {
                    Finding::warning(place, "", "none", message)
                } else if is_any_judged {
                    Finding::note(place, "none", message)
                } else {
                    Finding::error(place, "", "none", message)
                });
                continue;
            }
            let message = match input.kind {
                Kind::Other => {
                    "the name is of no known format; name a .yaml, .json, .service or .env file, \
                     a Dockerfile or a Procfile"
                }
                Kind::Yaml if input.input.text.contains("{{") => {
                    "it starts no program; a template must be rendered first, as `helm template` \
                     does, and piped into `-`"
                }
                _ => "it starts no program and sets no variable of this one; leave it out",
            };
            findings.push(if is_any_judged {
                Finding::note(place, "none", message)
            } else {
                Finding::error(place, "", "none", message)
            });
        }
    }
}

impl fmt::Debug for Deployment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deployment")
            .field("config", &self.spec.ident)
            .field("prefix", &self.prefix)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// A file that was read.
struct Read {
    path: PathBuf,
    input: Input,
    kind: Kind,
    /// Whether another file refers to it, so that it is judged there.
    is_used: bool,
    /// Whether it was not named, but found beside a file that was.
    is_reference: bool,
}

/// All files that were read.
struct Files {
    inputs: Vec<Read>,
    findings: Vec<Finding>,
}

impl Files {
    fn read(paths: &[PathBuf]) -> Self {
        let mut files = Self {
            inputs: Vec::new(),
            findings: Vec::new(),
        };
        for path in paths {
            files.add(path, false);
        }
        files
    }

    /// Reads a file, unless it was read before.
    fn add(&mut self, path: &Path, is_reference: bool) {
        let real = path.canonicalize();
        let is_same = |read: &Read| match (&real, read.path.canonicalize()) {
            (Ok(one), Ok(other)) => *one == other,
            _ => read.path == path,
        };
        if self.inputs.iter().any(is_same) {
            return;
        }
        match Input::read(path) {
            Ok(input) => {
                let kind = kind(&input);
                self.inputs.push(Read {
                    path: path.to_owned(),
                    input,
                    kind,
                    is_used: false,
                    is_reference,
                });
            }
            Err(reason) => {
                let name: std::sync::Arc<str> = path.to_string_lossy().into();
                let place = super::place::Place::new(&name, 1, 1);
                self.findings
                    .push(Finding::error(place, "", "input", reason));
            }
        }
    }

    fn workloads(&mut self) -> Vec<Workload> {
        let mut workloads = self.of_manifests();
        workloads.extend(self.of_units());
        workloads.extend(self.of_others());
        workloads
    }

    /// Reads the kustomization beside a manifest that lists the manifest, for its generators.
    fn add_kustomizations(&mut self) {
        let manifests = self.inputs.iter().filter(|read| read.kind == Kind::Yaml);
        let found = manifests.filter_map(|read| {
            let path = read.path.canonicalize().ok()?;
            let beside = read.input.beside("kustomization.yaml");
            let kustomization = Input::read(&beside).ok()?;
            let (documents, _) = yaml::documents(&kustomization);
            let mut resources = documents
                .iter()
                .flat_map(|document| kubernetes::resources(&kustomization, document));
            let is_listed = resources.any(|it| it.canonicalize().is_ok_and(|it| it == path));
            is_listed.then_some(beside)
        });
        for path in found.collect::<Vec<_>>() {
            self.add(&path, true);
        }
    }

    fn of_manifests(&mut self) -> Vec<Workload> {
        self.add_kustomizations();
        let mut manifests = Manifests::default();
        let mut workloads = Vec::new();
        let mut at = 0;
        while at < self.inputs.len() {
            let read = &self.inputs[at];
            if read.kind == Kind::Yaml {
                let mut resources = Vec::new();
                let (documents, malformed) = yaml::documents(&read.input);
                if let Some(yaml::Malformed { place, message }) = malformed {
                    self.findings
                        .push(Finding::error(place, "", "syntax", message));
                    self.inputs[at].is_used = true;
                }
                let read = &self.inputs[at];
                let mut is_used = read.is_used;
                for document in &documents {
                    if kubernetes::is_kustomization(&read.input, document) {
                        resources.extend(manifests.add_kustomization(&read.input, document));
                        is_used = true;
                    } else if kubernetes::is_object(document) {
                        manifests.add(document);
                    } else if compose::is_compose(document) {
                        let mut services = compose::workloads(&read.input, document);
                        for service in &mut services {
                            service.group = usize::MAX - at;
                        }
                        workloads.extend(services);
                    } else if read.input.has_extension("json")
                        && document.get("env").is_some_and(|env| env.map().is_some())
                    {
                        workloads.push(app_json::workload(&read.input, document));
                    }
                }
                self.inputs[at].is_used = is_used;
                for resource in resources {
                    self.add(&resource, true);
                }
            }
            at += 1;
        }
        workloads.extend(manifests.workloads());
        self.findings.append(&mut manifests.findings);
        workloads
    }

    fn of_units(&mut self) -> Vec<Workload> {
        self.use_units_of_drop_ins();
        let mut workloads = Vec::new();
        let mut used = Vec::new();
        for at in 0..self.inputs.len() {
            let read = &self.inputs[at];
            let is_drop_in = systemd::unit_of_drop_in(&read.path).is_some();
            if read.kind != Kind::Systemd || is_drop_in {
                continue;
            }
            let used_files = std::cell::RefCell::new(Vec::new());
            let inputs = &self.inputs;
            let find_file = |path: &str| {
                let name = Path::new(path).file_name()?;
                let given = inputs
                    .iter()
                    .position(|read| read.path.file_name() == Some(name));
                if let Some(given) = given {
                    used_files.borrow_mut().push(given);
                    return Input::read(&inputs[given].path).ok();
                }
                Input::read(Path::new(path)).ok()
            };
            let mut reader = systemd::Reader::new(&read.input, &find_file);
            reader.add(&read.input);
            for path in systemd::drop_ins(&read.path) {
                match Input::read(&path) {
                    Ok(input) => reader.add(&input),
                    Err(reason) => {
                        let place = read.input.place(1, 1);
                        let message = format!("the drop-in {}: {reason}", path.display());
                        self.findings
                            .push(Finding::error(place, "", "input", message));
                    }
                }
            }
            workloads.extend(reader.finish());
            used.append(&mut used_files.into_inner());
        }
        for at in used {
            self.inputs[at].is_used = true;
        }
        workloads
    }

    /// Reads the unit of each drop-in, which is nothing by itself.
    fn use_units_of_drop_ins(&mut self) {
        let mut units = Vec::new();
        for read in self
            .inputs
            .iter_mut()
            .filter(|read| read.kind == Kind::Systemd)
        {
            if let Some(unit) = systemd::unit_of_drop_in(&read.path).filter(|it| it.is_file()) {
                read.is_used = true;
                units.push(unit);
            }
        }
        for unit in units {
            self.add(&unit, true);
        }
    }

    fn of_others(&mut self) -> Vec<Workload> {
        let env_files = self.env_files_of_services();
        let mut workloads = Vec::new();
        for read in &mut self.inputs {
            let input = &read.input;
            match read.kind {
                Kind::Dotenv if read.is_used => {}
                Kind::Dotenv if env_files.contains(&read.path.canonicalize().ok()) => {
                    read.is_used = true;
                }
                Kind::Dotenv => workloads.push(env_file(input)),
                Kind::Dockerfile => workloads.push(dockerfile::workload(input)),
                Kind::Procfile => workloads.extend(procfile::workloads(input)),
                Kind::Yaml | Kind::Systemd | Kind::Other => {}
            }
        }
        workloads
    }

    /// Returns the files that services of Compose files read.
    fn env_files_of_services(&self) -> Vec<Option<PathBuf>> {
        let inputs = self.inputs.iter().filter(|read| read.kind == Kind::Yaml);
        let paths = inputs.flat_map(|read| {
            let (documents, _) = yaml::documents(&read.input);
            let documents = documents.iter().filter(|it| compose::is_compose(it));
            let names: Vec<String> = documents.flat_map(|it| compose::env_files(it)).collect();
            let paths = names.into_iter().map(|name| read.input.beside(&name));
            paths.collect::<Vec<_>>()
        });
        let real = paths.filter_map(|path| path.canonicalize().ok());
        real.map(Some).collect()
    }
}

/// Returns the process that a file of variables is for. The name of the file decides the dialect.
fn env_file(input: &Input) -> Workload {
    let name = input.file_name().to_ascii_lowercase();
    let is_docker = name.contains("docker") || name.contains("podman");
    let dialect = if is_docker {
        Dialect::Docker
    } else {
        Dialect::Dotenv
    };
    let file = EnvFile::read(&input.text, dialect);
    let (env, findings) = file.environment(input, Carrier::EnvFile);
    let mut workload = Workload::new(Format::Dotenv, input.file_name(), input.place(1, 1));
    workload.env = env;
    workload.findings = findings;
    if dialect == Dialect::Dotenv {
        workload.findings.extend(differences(input, &file));
    }
    workload
}
