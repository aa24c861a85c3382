//! ConfigMaps, Secrets and Services, to which containers refer.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::base64;
use crate::deployment::finding::Finding;
use crate::deployment::misspelt::is_near;
use crate::deployment::place::Place;
use crate::deployment::workload::{Carrier, Environment, Setting};
use crate::deployment::yaml::{Node, Type};

/// A ConfigMap or a Secret.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) namespace: String,
    pub(super) place: Place,
    pub(super) env: Environment,
    /// Findings that hold if a container uses the object.
    pub(super) findings: Vec<Finding>,
    pub(super) is_used: Cell<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    ConfigMap,
    Secret,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        }
    }

    pub(super) fn carrier(self) -> Carrier {
        match self {
            Self::ConfigMap => Carrier::Manifest,
            Self::Secret => Carrier::Secret,
        }
    }
}

impl Object {
    pub(super) fn new(kind: Kind, name: &str, namespace: &str, place: Place) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            namespace: namespace.to_owned(),
            place,
            env: Environment::default(),
            findings: Vec::new(),
            is_used: Cell::new(false),
        }
    }

    /// Reads a ConfigMap or a Secret.
    pub(super) fn read(kind: Kind, node: &Node) -> Option<Self> {
        let metadata = node.get("metadata")?;
        let name = metadata.get("name")?;
        let namespace = metadata.text("namespace").unwrap_or_default();
        let mut object = Self::new(kind, name.scalar()?, namespace, name.place.clone());
        if let Some(data) = node.get("data") {
            object.add(data, kind == Kind::Secret);
        }
        if let Some(data) = node.get("stringData").filter(|_| kind == Kind::Secret) {
            object.add(data, false);
        }
        Some(object)
    }

    fn add(&mut self, data: &Node, is_encoded: bool) {
        let Some(map) = data.map() else { return };
        for (name, place) in &map.twice {
            let message = "the key is twice in the map; remove one of them";
            let finding = Finding::error(place.clone(), name, "twice", message);
            self.findings.push(finding);
        }
        for entry in &map.entries {
            let text_at = entry.value.place.clone();
            let (key, text) = (&entry.key, entry.value.scalar());
            if let (Type::Bool | Type::Number, false) = (entry.value.kind(), is_encoded) {
                self.findings.push(unquoted(text_at.clone(), key));
            }
            let text = if is_encoded {
                let decoded = text.and_then(base64::decode);
                let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
                if text.is_none() {
                    let message = "the text below `data` is not base64 of a text; encode it, or \
                                   move it to `stringData`";
                    let finding = Finding::error(text_at.clone(), key, "changed", message);
                    self.findings.push(finding);
                }
                text
            } else {
                Some(null_is_empty(&entry.value))
            };
            let setting = Setting {
                text,
                name_at: entry.place.clone(),
                text_at,
                carrier: self.kind.carrier(),
            };
            self.env.set(key, setting);
        }
    }
}

/// Returns the text of a scalar, which is empty for `null`.
pub(super) fn null_is_empty(node: &Node) -> String {
    match node.kind() {
        Type::Null => String::new(),
        _ => node.scalar().unwrap_or_default().to_owned(),
    }
}

/// Returns the error about a value that is not text.
pub(super) fn unquoted(place: Place, name: &str) -> Finding {
    let message = "Kubernetes rejects a number or a boolean here, because each value is text, \
                   and yes, no, on and off are booleans too; put it in quotes";
    Finding::error(place, name, "changed", message)
}

/// A Service, for which Kubernetes sets variables in each pod of the namespace.
#[derive(Debug)]
pub(super) struct Service {
    name: String,
    pub(super) namespace: String,
    place: Place,
    ports: Vec<(String, String, Option<String>)>,
}

impl Service {
    /// Reads a Service that has an address of its own.
    pub(super) fn read(node: &Node) -> Option<Self> {
        let name = node.at(&["metadata", "name"])?;
        let spec = node.get("spec")?;
        let is_headless = spec.text("clusterIP") == Some("None");
        if is_headless || spec.text("type") == Some("ExternalName") {
            return None;
        }
        let namespace = node.at(&["metadata", "namespace"]);
        let ports = spec.get("ports").map_or(&[][..], |ports| ports.items());
        let ports = ports.iter().filter_map(|port| {
            let number = port.text("port")?.to_owned();
            let protocol = port.text("protocol").unwrap_or("TCP").to_owned();
            Some((number, protocol, port.text("name").map(str::to_owned)))
        });
        Some(Self {
            name: name.scalar()?.to_owned(),
            namespace: namespace
                .and_then(Node::scalar)
                .unwrap_or_default()
                .to_owned(),
            place: name.place.clone(),
            ports: ports.collect(),
        })
    }

    /// Returns the variables, with an address in place of the address that the cluster chooses.
    pub(super) fn variables(&self) -> Vec<(String, Setting)> {
        const ADDRESS: &str = "10.0.0.1";
        let upper = |text: &str| text.to_ascii_uppercase().replace('-', "_");
        let service = upper(&self.name);
        let mut variables = vec![(format!("{service}_SERVICE_HOST"), ADDRESS.to_owned())];
        for (index, (number, protocol, name)) in self.ports.iter().enumerate() {
            let url = format!("{}://{ADDRESS}:{number}", protocol.to_ascii_lowercase());
            if index == 0 {
                variables.push((format!("{service}_SERVICE_PORT"), number.clone()));
                variables.push((format!("{service}_PORT"), url.clone()));
            }
            if let Some(name) = name {
                let name = format!("{service}_SERVICE_PORT_{}", upper(name));
                variables.push((name, number.clone()));
            }
            let port = format!("{service}_PORT_{number}_{protocol}");
            variables.push((format!("{port}_PROTO"), protocol.to_ascii_lowercase()));
            variables.push((format!("{port}_PORT"), number.clone()));
            variables.push((format!("{port}_ADDR"), ADDRESS.to_owned()));
            variables.push((port, url));
        }
        let setting = |text| Setting {
            text: Some(text),
            name_at: self.place.clone(),
            text_at: self.place.clone(),
            carrier: Carrier::Link,
        };
        variables
            .into_iter()
            .map(|(name, text)| (name, setting(text)))
            .collect()
    }
}

/// The objects of all files.
#[derive(Debug, Default)]
pub(super) struct Objects {
    maps: HashMap<(Kind, String), Vec<Object>>,
    /// The names that pods refer to.
    named: HashSet<(Kind, String)>,
    pub(super) services: Vec<Service>,
}

impl Objects {
    pub(super) fn add(&mut self, object: Object) {
        let key = (object.kind, object.name.clone());
        self.maps.entry(key).or_default().push(object);
    }

    /// Returns the object of a name that a pod of the namespace refers to. A manifest without a
    /// namespace may be applied to any.
    pub(super) fn find(&self, kind: Kind, name: &str, namespace: &str) -> Option<&Object> {
        let objects = self.maps.get(&(kind, name.to_owned()))?;
        let found = objects
            .iter()
            .find(|object| is_same_namespace(&object.namespace, namespace))?;
        found.is_used.set(true);
        Some(found)
    }

    /// Notes that a pod refers to an object.
    pub(super) fn add_name(&mut self, kind: Kind, name: &str) {
        self.named.insert((kind, name.to_owned()));
    }

    /// Returns the object that a name without an object is probably meant to be: an object to
    /// which no pod refers.
    pub(super) fn near(&self, kind: Kind, name: &str, namespace: &str) -> Option<&Object> {
        let objects = self.maps.iter();
        let objects = objects.filter(|(key, _)| key.0 == kind && !self.named.contains(key));
        let mut near: Vec<&Object> = objects
            .flat_map(|(_, objects)| objects)
            .filter(|object| is_same_namespace(&object.namespace, namespace))
            .filter(|object| is_near(name, &object.name))
            .collect();
        near.sort_by(|one, other| one.place.cmp(&other.place));
        near.first().copied()
    }

    /// Returns the ConfigMaps that no container refers to.
    pub(super) fn unused_config_maps(&self) -> Vec<&Object> {
        let objects = self.maps.values().flatten();
        let mut unused: Vec<&Object> = objects
            .filter(|object| object.kind == Kind::ConfigMap && !object.is_used.get())
            .collect();
        unused.sort_by(|one, other| one.place.cmp(&other.place));
        unused
    }
}

pub(super) fn is_same_namespace(one: &str, other: &str) -> bool {
    one == other || one.is_empty() || other.is_empty()
}
