//! The files of a deployment, with the files that they refer to, and their workloads.

use std::path::{Path, PathBuf};

use super::env_file::{differences, Dialect, EnvFile};
use super::finding::Finding;
use super::input::Input;
use super::kind::{kind, Kind};
use super::kubernetes::{self, Manifests};
use super::workload::{Carrier, Format, Workload};
use super::{app_json, compose, dockerfile, procfile, systemd, yaml};

/// A file that was read.
pub(super) struct Read {
    path: PathBuf,
    pub(super) input: Input,
    pub(super) kind: Kind,
    /// Whether another file refers to it, so that it is judged there.
    pub(super) is_used: bool,
    /// Whether it was not named, but found beside a file that was.
    pub(super) is_reference: bool,
}

/// All files that were read.
pub(super) struct Files {
    pub(super) inputs: Vec<Read>,
    pub(super) findings: Vec<Finding>,
}

impl Files {
    pub(super) fn read(paths: &[PathBuf]) -> Self {
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

    pub(super) fn workloads(&mut self) -> Vec<Workload> {
        let mut workloads = self.of_manifests();
        workloads.extend(self.of_units());
        workloads.extend(self.of_others());
        for workload in &mut workloads {
            workload.finish();
        }
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
                        workloads.extend(app_json::workloads(&read.input, document));
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
            let mut drop_ins = Vec::new();
            for path in systemd::drop_ins(&read.path) {
                match Input::read(&path) {
                    Ok(input) => drop_ins.push(input),
                    Err(reason) => {
                        let place = read.input.place(1, 1);
                        let message = format!("the drop-in {}: {reason}", path.display());
                        self.findings
                            .push(Finding::error(place, "", "input", message));
                    }
                }
            }
            let unit: Vec<&Input> = std::iter::once(&read.input).chain(&drop_ins).collect();
            workloads.extend(systemd::workload(&unit, &find_file));
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
