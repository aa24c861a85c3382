//! A process that a file would start: its environment, and the facts around it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::command::Assignment;
use super::finding::Finding;
use super::place::{At, Place};

/// A process that a file would start.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Workload {
    pub(super) format: Format,
    pub(super) name: String,
    pub(super) image: Option<String>,
    pub(super) place: Place,
    pub(super) scope: Scope,
    /// The pod or the file: beside a container that is surely of this program, the rest of
    /// the group is not.
    pub(super) group: usize,
    /// Whether it is a ConfigMap that no container of the files uses.
    pub(super) is_fragment: bool,
    pub(super) env: Environment,
    pub(super) known: BTreeMap<String, String>,
    /// Findings that hold if the workload is judged.
    pub(super) findings: Vec<Finding>,
    /// The time between the request to stop and the kill.
    pub grace: Option<At<Duration>>,
    /// The ports that the file declares.
    pub ports: Vec<Port>,
    /// The health probes.
    pub probes: Vec<Probe>,
    /// The request of a Prometheus that follows the annotations `prometheus.io/*` of a pod.
    pub scrape: Option<Probe>,
    /// Directories and files at which secrets are mounted.
    pub secret_mounts: Vec<At<String>>,
    /// Whether Kubernetes sets variables for the Services of the namespace.
    pub service_links: Option<At<bool>>,
}

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Kubernetes manifests, as YAML or JSON, and kustomizations.
    Kubernetes,
    /// A Compose file.
    Compose,
    /// A systemd unit, or a drop-in.
    Systemd,
    /// A container of Podman's Quadlet, or a drop-in.
    Quadlet,
    /// A `.env` file.
    Dotenv,
    /// A Dockerfile.
    Dockerfile,
    /// A Procfile.
    Procfile,
    /// An `app.json`.
    AppJson,
}

/// How much of the environment a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All of it: a variable that is not set is missing.
    Whole,
    /// Defaults, to which the deployment adds variables.
    Part,
}

/// A port that a file declares.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Port {
    /// The name, if the port has a name.
    pub name: Option<String>,
    /// The number.
    pub number: u16,
    /// The place of the number.
    pub place: Place,
}

/// A health probe by HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Probe {
    /// The path of the request.
    pub path: Option<At<String>>,
    /// The number of the port, or its name.
    pub port: Option<At<String>>,
    /// Whether the request has a header `Authorization`.
    pub is_authorized: bool,
}

/// Where the text of a variable stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// In the manifest, for everybody to read.
    Manifest,
    /// In a file of variables, which may be private.
    EnvFile,
    /// In a Secret. The texts of a Secret are never shown.
    Secret,
    /// Kubernetes sets it for a Service.
    Link,
}

/// A variable that a file sets.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// The text, or `None` if it cannot be known.
    pub(super) text: Option<String>,
    pub(super) name_at: Place,
    pub(super) text_at: Place,
    pub(super) carrier: Carrier,
}

/// The variables that a file sets.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    pub(super) settings: BTreeMap<String, Setting>,
    /// Whether variables come from elsewhere too, so that any further variable may be set.
    pub(super) is_open: bool,
}

impl Environment {
    /// Adds the variables of a command, which win. `place_of` has the place of each word.
    pub(super) fn add_command(
        &mut self,
        assignments: Vec<Assignment>,
        place_of: impl Fn(usize) -> Place,
    ) {
        for found in assignments {
            let place = place_of(found.at);
            let setting = Setting {
                text: found.text,
                name_at: place.clone(),
                text_at: place,
                carrier: Carrier::Manifest,
            };
            self.set(&found.name, setting);
        }
    }

    pub(super) fn set(&mut self, name: &str, setting: Setting) {
        self.settings.insert(name.to_owned(), setting);
    }

    pub(super) fn get(&self, name: &str) -> Option<&Setting> {
        self.settings.get(name)
    }

    /// Adds the variables of `other`, which win.
    pub(super) fn extend(&mut self, other: &Self) {
        for (name, setting) in &other.settings {
            self.set(name, setting.clone());
        }
        self.is_open |= other.is_open;
    }
}

impl Workload {
    pub(super) fn new(format: Format, name: &str, place: Place) -> Self {
        Self {
            format,
            name: name.to_owned(),
            image: None,
            place,
            scope: Scope::Whole,
            group: 0,
            is_fragment: false,
            env: Environment::default(),
            known: BTreeMap::new(),
            findings: Vec::new(),
            grace: None,
            ports: Vec::new(),
            probes: Vec::new(),
            scrape: None,
            secret_mounts: Vec::new(),
            service_links: None,
        }
    }

    /// Returns the format of the file.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Returns the name of the container, the service, the unit or the process.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the place where the workload begins.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Returns the variables with a known text, as a [`Source`](crate::Source).
    #[must_use]
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.known
    }

    /// Returns whether the file says all there is to know about variables that begin with
    /// `prefix`. It does not if a text comes from elsewhere, as from a Secret of the cluster.
    #[must_use]
    pub fn knows_all(&self, prefix: &str) -> bool {
        let settings = &self.env.settings;
        let mut below = settings.iter().filter(|(name, _)| name.starts_with(prefix));
        !self.env.is_open && below.all(|(_, setting)| setting.text.is_some())
    }

    /// Returns the place of the text of a variable, or of the workload if it is not set.
    #[must_use]
    pub fn place_of(&self, name: &str) -> &Place {
        let setting = self.env.get(name);
        setting.map_or(&self.place, |setting| &setting.text_at)
    }

    /// Fills in the texts that are known.
    pub(super) fn finish(&mut self) {
        let settings = self.env.settings.iter();
        let known =
            settings.filter_map(|(name, setting)| Some((name.clone(), setting.text.clone()?)));
        self.known = known.collect();
    }
}
