//! Kubernetes: manifests, and the generators of kustomizations.
//!
//! A pod is found by its shape, below `spec`, `spec.template` or `spec.jobTemplate`, so that
//! the kinds of custom resources are read too.

mod base64;
mod container;
mod kustomization;
mod objects;

use std::path::PathBuf;
use std::rc::Rc;

use self::container::Pod;
pub(super) use self::kustomization::resources;
use self::objects::{Kind, Object, Objects, Service};
use super::finding::Finding;
use super::input::Input;
use super::workload::{Format, Workload};
use super::yaml::Node;

/// The number of objects in all files; a `List` counts for each of its items.
const MAX_OBJECTS: usize = 20_000;

/// The number of variables of all containers, of which each has a copy of its ConfigMaps.
const MAX_VARIABLES: usize = 500_000;

/// The bytes of their texts. Kubernetes holds 1 MiB in a ConfigMap.
const MAX_TEXTS: usize = 256 * 1024 * 1024;

/// The manifests of all files: containers are read once all objects are known.
#[derive(Debug, Default)]
pub(super) struct Manifests {
    documents: Vec<Rc<Node>>,
    objects: Objects,
    count: usize,
    pub(super) findings: Vec<Finding>,
}

/// Returns whether a document is an object of Kubernetes, a kustomization included.
pub(super) fn is_object(document: &Node) -> bool {
    document.text("kind").is_some() && (document.text("apiVersion").is_some() || is_pod(document))
}

/// Returns whether a document of a file is a kustomization. A kustomization may omit `kind`.
pub(super) fn is_kustomization(input: &Input, document: &Node) -> bool {
    let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    document.text("kind") == Some("Kustomization")
        || document.text("kind") == Some("Component")
        || names.contains(&input.file_name())
}

fn is_pod(document: &Node) -> bool {
    Pod::find(document).is_some()
}

impl Manifests {
    /// Adds a document. Returns whether it holds variables or pods.
    pub(super) fn add(&mut self, document: &Rc<Node>) -> bool {
        self.count += 1;
        if self.count > MAX_OBJECTS {
            if self.count == MAX_OBJECTS + 1 {
                let message = "more than 20000 objects; the rest is not read, so split the file";
                let finding = Finding::error(document.place.clone(), "", "input", message);
                self.findings.push(finding);
            }
            return false;
        }
        let items = document.get("items").map_or(&[][..], |items| items.items());
        let kind = document.text("kind").unwrap_or_default();
        if kind.ends_with("List") {
            return items.iter().fold(false, |any, item| self.add(item) | any);
        }
        match kind {
            "ConfigMap" => self.add_object(Kind::ConfigMap, document),
            "Secret" => self.add_object(Kind::Secret, document),
            "Service" if !container::is_of_knative(document) => {
                self.objects.services.extend(Service::read(document));
                false
            }
            _ => {
                let is_pod = is_pod(document);
                if is_pod {
                    self.documents.push(Rc::clone(document));
                }
                is_pod
            }
        }
    }

    fn add_object(&mut self, kind: Kind, document: &Node) -> bool {
        let object = Object::read(kind, document);
        let is_there = object.is_some();
        if let Some(object) = object {
            self.objects.add(object);
        }
        is_there
    }

    /// Adds the generators of a kustomization, and returns the resources that are files.
    pub(super) fn add_kustomization(&mut self, input: &Input, document: &Node) -> Vec<PathBuf> {
        for object in kustomization::objects(input, document, &mut self.findings) {
            self.objects.add(object);
        }
        let missing = kustomization::missing_resources(input, document);
        self.findings.extend(missing);
        resources(input, document)
    }

    /// Returns the containers, and the ConfigMaps that none of them uses.
    pub(super) fn workloads(&mut self) -> Vec<Workload> {
        let mut workloads = Vec::new();
        let (mut variables, mut texts) = (0, 0);
        for pod in self.documents.iter().filter_map(|it| Pod::find(it)) {
            for (kind, name) in pod.references() {
                self.objects.add_name(kind, name);
            }
        }
        for (group, document) in self.documents.iter().enumerate() {
            let Some(pod) = Pod::find(document) else {
                continue;
            };
            for mut workload in pod.containers(&self.objects) {
                variables += workload.env.settings.len();
                let known = workload.env.settings.values();
                let known = known.filter_map(|setting| setting.text.as_deref());
                texts += known.map(str::len).sum::<usize>();
                if variables > MAX_VARIABLES || texts > MAX_TEXTS {
                    let message = "more than 500000 variables, or 256 MiB of texts, in all \
                                   containers; the rest is not read, so split the file";
                    let finding = Finding::error(workload.place, "", "input", message);
                    self.findings.push(finding);
                    return workloads;
                }
                workload.group = group + 1;
                workloads.push(workload);
            }
        }
        workloads.extend(self.objects.unused_config_maps().into_iter().map(fragment));
        workloads
    }
}

/// Returns a ConfigMap as a workload to which further files may add.
fn fragment(object: &Object) -> Workload {
    let mut workload = Workload::new(Format::Kubernetes, &object.name, object.place.clone());
    workload.is_fragment = true;
    workload.env = object.env.clone();
    workload.env.is_open = true;
    workload.findings.clone_from(&object.findings);
    workload
}

#[cfg(test)]
mod tests {
    use super::{Manifests, MAX_VARIABLES};
    use crate::deployment::input::Input;
    use crate::deployment::yaml::documents;

    /// Returns the number of containers that are read, and of limits that are exceeded.
    fn read(data: &str, pods: usize) -> (usize, usize) {
        let pod = "---\napiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, \
            envFrom: [{configMapRef: {name: a}}]}]}\n";
        let map =
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{{data}}}\n");
        let input = Input::of("a.yaml", &(map + &pod.repeat(pods)));
        let mut manifests = Manifests::default();
        for document in documents(&input).0 {
            assert!(manifests.add(&document));
        }
        let workloads = manifests.workloads();
        (workloads.len(), manifests.findings.len())
    }

    #[test]
    fn all_containers_have_500000_variables_at_most() {
        let keys = (0..MAX_VARIABLES / 100).map(|at| format!("A{at}: ''"));
        let data = keys.collect::<Vec<_>>().join(", ");
        assert_eq!(read(&data, 100), (100, 0));
        assert_eq!(read(&data, 101), (100, 1));
    }
}
