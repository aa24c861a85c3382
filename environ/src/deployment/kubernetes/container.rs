//! The containers of a pod, with their variables in the order of Kubernetes: Services,
//! `envFrom`, `env`.

use std::collections::HashMap;
use std::time::Duration;

use super::objects::{is_same_namespace, null_is_empty, unquoted, Kind, Objects};
use crate::deployment::command;
use crate::deployment::env_file::twice;
use crate::deployment::finding::Finding;
use crate::deployment::misspelt::meant;
use crate::deployment::place::{At, Place};
use crate::deployment::workload::{Carrier, Format, Port, Probe, Setting, Workload};
use crate::deployment::yaml::{Node, Type};
use crate::help::expansion::expand;

/// The grace period of a pod that says none, in seconds.
const DEFAULT_GRACE: Duration = Duration::from_secs(30);

/// The keys that refer to an object, in variables and in volumes.
const REFERENCES: &[(&str, Kind)] = &[
    ("configMapRef", Kind::ConfigMap),
    ("configMapKeyRef", Kind::ConfigMap),
    ("configMap", Kind::ConfigMap),
    ("secretRef", Kind::Secret),
    ("secretKeyRef", Kind::Secret),
    ("secret", Kind::Secret),
];

/// The paths of a pod's spec in the kinds that have pods.
const PODS: &[&[&str]] = &[
    &["spec"],
    &["spec", "template", "spec"],
    &["spec", "jobTemplate", "spec", "template", "spec"],
    &["template", "spec"],
];

/// A pod, as a template of it or by itself.
pub(super) struct Pod<'n> {
    spec: &'n Node,
    annotations: Option<&'n Node>,
    namespace: &'n str,
    /// Whether Knative makes the pod, which has other defaults.
    is_of_knative: bool,
}

impl<'n> Pod<'n> {
    pub(super) fn find(document: &'n Node) -> Option<Self> {
        let specs = PODS
            .iter()
            .filter_map(|path| Some((path, document.at(path)?)));
        let mut pods = specs.filter(|(_, spec)| !items(spec, "containers").is_empty());
        let namespace = document.at(&["metadata", "namespace"]);
        let (path, spec) = pods.next()?;
        let outer = document.at(&path[..path.len() - 1]);
        Some(Self {
            spec,
            annotations: outer.and_then(|outer| outer.at(&["metadata", "annotations"])),
            namespace: namespace.and_then(Node::scalar).unwrap_or_default(),
            is_of_knative: is_of_knative(document),
        })
    }

    /// Returns the request of a Prometheus to the container with these ports, if the container
    /// is the one that is asked.
    fn scrape(&self, ports: &[Port]) -> Option<Probe> {
        let text = |key: &str| {
            let node = self.annotations?.get(key)?;
            Some(At::written(node.scalar()?.to_owned(), node.place.clone()))
        };
        let is_wanted = text("prometheus.io/scrape")?;
        let port = text("prometheus.io/port");
        let number = port
            .as_ref()
            .and_then(|port| port.value.parse::<u16>().ok());
        let is_alone = items(self.spec, "containers").len() == 1;
        let is_asked = is_alone || ports.iter().any(|port| Some(port.number) == number);
        let default = || At::default_of_format("/metrics".to_owned(), is_wanted.place.clone());
        (is_wanted.value == "true" && is_asked).then(|| Probe {
            path: Some(text("prometheus.io/path").unwrap_or_else(default)),
            port,
            is_authorized: false,
        })
    }

    /// Returns the ConfigMaps and Secrets to which the pod refers, in variables and in volumes.
    pub(super) fn references(&self) -> Vec<(Kind, &'n str)> {
        let spec = self.spec;
        let containers = ["initContainers", "containers"].into_iter();
        let containers = containers.flat_map(|key| items(spec, key));
        let mut sources: Vec<&Node> = Vec::new();
        for container in containers {
            sources.extend(items(container, "envFrom").iter().map(|it| &**it));
            let entries = items(container, "env").iter();
            sources.extend(entries.filter_map(|it| it.get("valueFrom").map(|it| &**it)));
        }
        for volume in items(spec, "volumes") {
            sources.push(volume);
            let projected = volume.get("projected");
            let projected = projected.map_or(&[][..], |it| items(it, "sources"));
            sources.extend(projected.iter().map(|it| &**it));
        }
        let named = sources.into_iter().flat_map(|source| {
            REFERENCES.iter().filter_map(|(key, kind)| {
                let reference = source.get(key)?;
                let name = reference.text("name").or(reference.text("secretName"))?;
                Some((*kind, name))
            })
        });
        named.collect()
    }

    pub(super) fn containers(&self, objects: &Objects) -> Vec<Workload> {
        let mut workloads = Vec::new();
        for (key, is_main) in [("initContainers", false), ("containers", true)] {
            for container in items(self.spec, key) {
                let is_sidecar = container.text("restartPolicy") == Some("Always");
                let mut reader = Reader {
                    container,
                    pod: self,
                    objects,
                    workload: named(container),
                };
                reader.read_env();
                reader.add_command();
                if (is_main || is_sidecar) && !self.is_of_knative {
                    reader.read_facts();
                }
                workloads.push(reader.workload);
            }
        }
        workloads
    }
}

pub(super) fn is_of_knative(document: &Node) -> bool {
    let version = document.text("apiVersion").unwrap_or_default();
    version.starts_with("serving.knative.dev/")
}

fn items<'n>(node: &'n Node, key: &str) -> &'n [std::rc::Rc<Node>] {
    node.get(key).map_or(&[], |node| node.items())
}

fn named(container: &Node) -> Workload {
    let name = container.get("name");
    let place = name.map_or(&container.place, |name| &name.place);
    let name = name.and_then(|name| name.scalar()).unwrap_or_default();
    let mut workload = Workload::new(Format::Kubernetes, name, place.clone());
    workload.image = container.text("image").map(str::to_owned);
    workload
}

struct Reader<'n> {
    container: &'n Node,
    pod: &'n Pod<'n>,
    objects: &'n Objects,
    workload: Workload,
}

impl Reader<'_> {
    /// Reports keys of the container and of the pod that are misspelt.
    fn check_spelling(&mut self) {
        let of_container = [
            "env",
            "envFrom",
            "image",
            "ports",
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "volumeMounts",
        ];
        let of_pod = [
            "terminationGracePeriodSeconds",
            "enableServiceLinks",
            "volumes",
        ];
        let maps = [
            (self.container, &of_container[..]),
            (self.pod.spec, &of_pod),
        ];
        for (map, known) in maps {
            for entry in map.entries() {
                if let Some(meant) = meant(&entry.key, known) {
                    let message =
                        format!("Kubernetes rejects the key, or drops it; write `{meant}`");
                    let place = entry.place.clone();
                    self.find(Finding::error(place, &entry.key, "syntax", message));
                }
            }
        }
    }

    fn read_env(&mut self) {
        self.check_spelling();
        self.read_links();
        for source in items(self.container, "envFrom") {
            self.read_env_from(source);
        }
        let mut places: HashMap<&str, Place> = HashMap::new();
        let pod = self.container;
        for entry in items(pod, "env") {
            let Some(name) = entry.get("name") else {
                let message = "a variable without a name; add `name`";
                self.find(Finding::error(
                    entry.place.clone(),
                    "env",
                    "syntax",
                    message,
                ));
                continue;
            };
            let Some(text) = name.scalar() else { continue };
            if let Some(first) = places.insert(text, name.place.clone()) {
                self.find(twice(text, name.place.clone(), &first));
            }
            self.read_variable(text, &name.place, entry);
        }
    }

    /// Adds the variables that the command sets: `command: [env, NAME=value, program]`.
    fn add_command(&mut self) {
        let words = ["command", "args"].into_iter();
        let words = words.flat_map(|key| items(self.container, key));
        let words: Vec<_> = words
            .filter_map(|word| Some((word.scalar()?, &word.place)))
            .collect();
        let found = command::of_words(words.iter().map(|(word, _)| *word));
        self.workload
            .env
            .add_command(found, |at| words[at].1.clone());
    }

    /// Adds the variables of the Services in the namespace.
    fn read_links(&mut self) {
        if self.pod.is_of_knative {
            return;
        }
        let links = self.pod.spec.get("enableServiceLinks");
        let is_on = links.is_none_or(|links| links.scalar() != Some("false"));
        self.workload.service_links = Some(match links {
            Some(links) => At::written(is_on, links.place.clone()),
            None => At::default_of_format(is_on, self.workload.place.clone()),
        });
        if !is_on {
            return;
        }
        let namespace = self.pod.namespace;
        let services = self.objects.services.iter();
        for service in services.filter(|it| is_same_namespace(&it.namespace, namespace)) {
            for (name, setting) in service.variables() {
                self.workload.env.set(&name, setting);
            }
        }
    }

    fn read_env_from(&mut self, source: &Node) {
        let prefix = source.text("prefix").unwrap_or_default();
        let known = ["prefix", "configMapRef", "secretRef"];
        let entries = source.entries().iter();
        let mut unknown = entries.filter(|entry| !known.contains(&&*entry.key));
        let has_reference = known[1..].iter().any(|key| source.get(key).is_some());
        if let Some(entry) = unknown.next() {
            let message = "a source that Kubernetes does not know; write `configMapRef` or \
                           `secretRef`";
            self.find(Finding::error(
                entry.place.clone(),
                &entry.key,
                "syntax",
                message,
            ));
        } else if !has_reference {
            let message = "the entry has no source; write `configMapRef` or `secretRef`";
            self.find(Finding::error(
                source.place.clone(),
                "envFrom",
                "syntax",
                message,
            ));
        }
        for (key, kind) in [
            ("configMapRef", Kind::ConfigMap),
            ("secretRef", Kind::Secret),
        ] {
            let Some(reference) = source.get(key) else {
                continue;
            };
            let name = reference.text("name").unwrap_or_default();
            if name.is_empty() {
                let message = "the reference needs a name; add `name`";
                self.find(Finding::error(
                    reference.place.clone(),
                    key,
                    "syntax",
                    message,
                ));
            }
            let Some(object) = self.objects.find(kind, name, self.pod.namespace) else {
                self.check_object(key, kind, reference);
                self.check_prefix(source, None);
                self.workload.env.is_open = true;
                continue;
            };
            let first = object.env.settings.keys().next();
            self.check_prefix(source, first.map(String::as_str));
            self.workload.env.is_open |= object.env.is_open;
            self.workload
                .findings
                .extend(object.findings.iter().cloned());
            for (key, setting) in &object.env.settings {
                let name = format!("{prefix}{key}");
                self.workload.env.set(&name, setting.clone());
            }
        }
    }

    /// Reports a name that no object of the files has, if it is near the name of an object that
    /// nothing refers to. Any other object is elsewhere.
    fn check_object(&mut self, variable: &str, kind: Kind, reference: &Node) {
        let Some(name) = reference.get("name") else {
            return;
        };
        let text = name.scalar().unwrap_or_default();
        let near = self.objects.near(kind, text, self.pod.namespace);
        if let Some(near) = near {
            let (kind, near) = (kind.word(), &near.name);
            let message = format!("no file has a {kind} {text}; is {near} meant?");
            let finding = Finding::error(name.place.clone(), variable, "reference", message);
            self.find(finding);
        }
    }

    /// Reports a prefix without a `_` at its end.
    fn check_prefix(&mut self, source: &Node, first: Option<&str>) {
        let Some(prefix) = source.get("prefix") else {
            return;
        };
        let text = prefix.scalar().unwrap_or_default();
        if text.ends_with(|last: char| last.is_ascii_alphanumeric()) {
            let message = format!(
                "nothing stands between the prefix and a key, as in {text}{}; write {text}_",
                first.unwrap_or("KEY")
            );
            let finding = Finding::warning(prefix.place.clone(), "prefix", "name", message);
            self.find(finding);
        }
    }

    fn read_variable(&mut self, name: &str, name_at: &Place, entry: &Node) {
        self.check_keys(name, entry);
        let value = entry.get("value");
        let from = entry.get("valueFrom");
        let mut setting = Setting {
            text: Some(String::new()),
            name_at: name_at.clone(),
            text_at: name_at.clone(),
            carrier: Carrier::Manifest,
        };
        if let Some(from) = from {
            setting.text_at = from.place.clone();
            self.read_value_from(name, from, &mut setting);
            if value.is_some_and(|value| value.kind() != Type::Null) {
                let message = "`value` and `valueFrom` contradict each other; remove one of them";
                self.find(Finding::error(name_at.clone(), name, "conflict", message));
            }
        } else if let Some(value) = value {
            setting.text_at = value.place.clone();
            setting.text = self.read_value(name, value);
        }
        self.workload.env.set(name, setting);
    }

    /// Reports keys that Kubernetes does not know: it rejects `vlaue`, or drops it.
    fn check_keys(&mut self, name: &str, entry: &Node) {
        let known = ["name", "value", "valueFrom"];
        for entry in entry
            .entries()
            .iter()
            .filter(|entry| !known.contains(&&*entry.key))
        {
            let message = "the entry has a key that Kubernetes does not know; write `value` or \
                           `valueFrom`";
            self.find(Finding::error(entry.place.clone(), name, "syntax", message));
        }
    }

    fn read_value(&mut self, name: &str, value: &Node) -> Option<String> {
        let place = || value.place.clone();
        if matches!(value.kind(), Type::Bool | Type::Number) {
            self.find(unquoted(place(), name));
        }
        if value.scalar().is_none() {
            let message = "Kubernetes rejects a list or a map here; write one text in quotes";
            self.find(Finding::error(place(), name, "changed", message));
            return None;
        }
        let env = &self.workload.env;
        let expanded = expand(&null_is_empty(value), &|name| match env.get(name) {
            Some(setting) => Some(setting.text.clone()),
            None if env.is_open => Some(None),
            None => None,
        });
        if expanded.is_unset {
            let message = "Kubernetes leaves a `$(NAME)` as it is, because nothing before it \
                           sets that name; set it above, or write `$$(` for the letters `$(`";
            self.find(Finding::warning(place(), name, "changed", message));
        }
        if expanded.is_halved {
            let message = "Kubernetes turns `$$` into one `$`; write four for two, or one if one \
                           is meant";
            self.find(Finding::warning(place(), name, "changed", message));
        }
        expanded.text
    }

    /// Reports a source that Kubernetes does not know, and a reference without a name or a key.
    fn check_value_from(&mut self, name: &str, from: &Node) {
        let known = [
            "configMapKeyRef",
            "secretKeyRef",
            "fieldRef",
            "resourceFieldRef",
            "fileKeyRef",
        ];
        let place = |node: &Node| node.place.clone();
        for entry in from.entries() {
            if !known.contains(&&*entry.key) {
                let message = "a source that Kubernetes does not know; write `secretKeyRef`, \
                               `configMapKeyRef`, `fieldRef` or `resourceFieldRef`";
                self.find(Finding::error(entry.place.clone(), name, "syntax", message));
            }
        }
        if from.entries().is_empty() {
            let message = "`valueFrom` has no source; write `secretKeyRef` or `configMapKeyRef`";
            self.find(Finding::error(place(from), name, "syntax", message));
        }
        for key in ["configMapKeyRef", "secretKeyRef"] {
            let Some(reference) = from.get(key) else {
                continue;
            };
            if reference.text("name").is_none() || reference.text("key").is_none() {
                let message = "the reference needs `name` and `key`; add both";
                self.find(Finding::error(place(reference), name, "syntax", message));
            }
        }
    }

    /// Reports a field of the pod that no variable can have.
    fn check_field(&mut self, name: &str, from: &Node) {
        let Some(path) = from.at(&["fieldRef", "fieldPath"]) else {
            return;
        };
        let fields = [
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs",
        ];
        let text = path.scalar().unwrap_or_default();
        let is_key = ["metadata.labels['", "metadata.annotations['"]
            .iter()
            .any(|start| text.starts_with(start));
        if !is_key && !fields.contains(&text) {
            let message = format!(
                "Kubernetes rejects the field; write one of {}, or metadata.labels['...']",
                fields.join(", ")
            );
            self.find(Finding::error(path.place.clone(), name, "syntax", message));
        }
    }

    /// Reports a resource of the container that no variable can have.
    fn check_resource(&mut self, name: &str, from: &Node) {
        let Some(resource) = from.at(&["resourceFieldRef", "resource"]) else {
            return;
        };
        let text = resource.scalar().unwrap_or_default();
        let is_known = text.split_once('.').is_some_and(|(of, what)| {
            let amounts = ["cpu", "memory", "ephemeral-storage"];
            matches!(of, "limits" | "requests")
                && (amounts.contains(&what) || what.starts_with("hugepages-"))
        });
        if !is_known {
            let message = "Kubernetes rejects the resource; write one of limits.cpu, \
                           limits.memory, limits.ephemeral-storage, requests.cpu, \
                           requests.memory, requests.ephemeral-storage";
            let place = resource.place.clone();
            self.find(Finding::error(place, name, "syntax", message));
        }
    }

    fn read_value_from(&mut self, name: &str, from: &Node, setting: &mut Setting) {
        setting.text = None;
        self.check_value_from(name, from);
        self.check_field(name, from);
        self.check_resource(name, from);
        for (key, kind) in [
            ("configMapKeyRef", Kind::ConfigMap),
            ("secretKeyRef", Kind::Secret),
        ] {
            let Some(reference) = from.get(key) else {
                continue;
            };
            setting.carrier = kind.carrier();
            let object = reference.text("name").unwrap_or_default();
            let Some(object) = self.objects.find(kind, object, self.pod.namespace) else {
                self.check_object(name, kind, reference);
                continue;
            };
            let Some(key) = reference.get("key") else {
                continue;
            };
            match key.scalar().and_then(|key| object.env.get(key)) {
                Some(found) => {
                    setting.text.clone_from(&found.text);
                    setting.text_at = found.text_at.clone();
                    let findings = object.findings.iter();
                    let own = findings.filter(|finding| finding.place == found.text_at);
                    self.workload.findings.extend(own.cloned());
                }
                None if object.env.is_open => {}
                None if reference.text("optional") == Some("true") => {}
                None => {
                    let kind = kind.word();
                    let message = format!(
                        "the {kind} in line {} of {} has no such key, so the container does not \
                         start; add the key, or correct it",
                        object.place.line(),
                        object.place.file(),
                    );
                    let finding = Finding::error(key.place.clone(), name, "reference", message);
                    self.find(finding);
                }
            }
        }
    }

    fn read_facts(&mut self) {
        let workload = &mut self.workload;
        let grace = self.pod.spec.get("terminationGracePeriodSeconds");
        let seconds = grace.and_then(|grace| Some((grace, grace.scalar()?.parse().ok()?)));
        workload.grace = Some(match seconds {
            Some((grace, seconds)) => {
                At::written(Duration::from_secs(seconds), grace.place.clone())
            }
            None => At::default_of_format(DEFAULT_GRACE, workload.place.clone()),
        });
        for port in items(self.container, "ports") {
            let Some(number) = port.get("containerPort") else {
                continue;
            };
            let Some(parsed) = number.scalar().and_then(|text| text.parse().ok()) else {
                continue;
            };
            workload.ports.push(Port {
                name: port.text("name").map(str::to_owned),
                number: parsed,
                place: number.place.clone(),
            });
        }
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            let Some(get) = self.container.at(&[probe, "httpGet"]) else {
                continue;
            };
            let text = |key: &str| {
                let node = get.get(key)?;
                Some(At::written(node.scalar()?.to_owned(), node.place.clone()))
            };
            workload.probes.push(Probe {
                path: text("path"),
                port: text("port"),
                is_authorized: items(get, "httpHeaders").iter().any(|header| {
                    let name = header.text("name").unwrap_or_default();
                    name.eq_ignore_ascii_case("authorization")
                }),
            });
        }
        workload.scrape = self.pod.scrape(&workload.ports);
        self.read_mounts();
    }

    fn read_mounts(&mut self) {
        let holds_secrets = |volume: &Node| {
            let projected = volume
                .at(&["projected"])
                .map_or(&[][..], |it| items(it, "sources"));
            volume.get("secret").is_some()
                || projected
                    .iter()
                    .any(|source| source.get("secret").is_some())
                || volume.at(&["csi", "driver"]).and_then(Node::scalar)
                    == Some("secrets-store.csi.k8s.io")
        };
        let volumes = items(self.pod.spec, "volumes").iter();
        let secret: Vec<&str> = volumes
            .filter(|volume| holds_secrets(volume))
            .filter_map(|volume| volume.text("name"))
            .collect();
        for mount in items(self.container, "volumeMounts") {
            let is_secret = mount
                .text("name")
                .is_some_and(|name| secret.contains(&name));
            let Some(path) = mount.get("mountPath").filter(|_| is_secret) else {
                continue;
            };
            if let Some(text) = path.scalar() {
                let at = At::written(text.to_owned(), path.place.clone());
                self.workload.secret_mounts.push(at);
            }
        }
    }

    fn find(&mut self, finding: Finding) {
        self.workload.findings.push(finding);
    }
}
