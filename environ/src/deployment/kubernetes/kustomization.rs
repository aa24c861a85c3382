//! The generators of a kustomization. Containers refer to their ConfigMaps and Secrets.

use std::path::PathBuf;

use super::objects::{Kind, Object};
use crate::deployment::env_file::{Dialect, EnvFile};
use crate::deployment::finding::Finding;
use crate::deployment::input::Input;
use crate::deployment::place::Place;
use crate::deployment::workload::Setting;
use crate::deployment::yaml::Node;

pub(super) fn objects(input: &Input, document: &Node, findings: &mut Vec<Finding>) -> Vec<Object> {
    let mut objects = Vec::new();
    for (key, kind) in [
        ("configMapGenerator", Kind::ConfigMap),
        ("secretGenerator", Kind::Secret),
    ] {
        let generators = document.get(key).map_or(&[][..], |node| node.items());
        objects.extend(generators.iter().filter_map(|node| {
            let name = node.get("name")?;
            let namespace = node.text("namespace").unwrap_or_default();
            let mut object = Object::new(kind, name.scalar()?, namespace, name.place.clone());
            add_literals(node, &mut object);
            add_env_files(input, node, &mut object, findings);
            add_files(input, node, &mut object, findings);
            Some(object)
        }));
    }
    objects
}

/// Adds `NAME=value` texts.
fn add_literals(generator: &Node, object: &mut Object) {
    let literals = generator
        .get("literals")
        .map_or(&[][..], |node| node.items());
    for literal in literals {
        let place = literal.place.clone();
        let Some((name, text)) = literal.scalar().and_then(|text| text.split_once('=')) else {
            let message = "a literal of kustomize without `=`; write NAME=value";
            object
                .findings
                .push(Finding::error(place, "literals", "syntax", message));
            continue;
        };
        if let Some(first) = object.env.get(name) {
            let message = format!(
                "kustomize rejects a key that is there twice, first in line {}; remove one of them",
                first.name_at.line()
            );
            let finding = Finding::error(place.clone(), name, "twice", message);
            object.findings.push(finding);
        }
        let setting = Setting {
            text: Some(unquoted(text).to_owned()),
            name_at: place.clone(),
            text_at: place,
            carrier: object.kind.carrier(),
        };
        object.env.set(name, setting);
    }
}

/// Removes a pair of quotes, as kustomize does.
fn unquoted(text: &str) -> &str {
    let between = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    between('"').or_else(|| between('\'')).unwrap_or(text)
}

fn add_env_files(
    input: &Input,
    generator: &Node,
    object: &mut Object,
    findings: &mut Vec<Finding>,
) {
    let single = generator.get("env").map(std::slice::from_ref);
    let several = generator.get("envs").map(|envs| envs.items());
    for file in several.into_iter().chain(single).flatten() {
        let Some(name) = file.scalar() else { continue };
        match Input::read(&input.beside(name)) {
            Ok(read) => {
                let (env, unread) = EnvFile::read(&read.text, Dialect::Docker)
                    .environment(&read, object.kind.carrier());
                object.findings.extend(unread);
                object.env.extend(&env);
            }
            Err(reason) => {
                object.env.is_open = true;
                let message = format!("the file {reason}");
                let finding = Finding::error(file.place.clone(), "envs", "reference", message);
                findings.push(finding);
            }
        }
    }
}

/// Adds the text of each file as a value: `key=path`, or a path with the key as its last part.
fn add_files(input: &Input, generator: &Node, object: &mut Object, findings: &mut Vec<Finding>) {
    let files = generator.get("files").map_or(&[][..], |node| node.items());
    for file in files {
        let Some(text) = file.scalar() else { continue };
        let (key, path) = match text.split_once('=') {
            Some((key, path)) => (key, path),
            None => (text.rsplit('/').next().unwrap_or_default(), text),
        };
        let path = input.beside(path);
        if !path.is_file() && !input.file_name().is_empty() {
            let message = format!("kustomize finds no file {}; check the path", path.display());
            let finding = Finding::error(file.place.clone(), "files", "reference", message);
            findings.push(finding);
        }
        let read = Input::read(&path).ok();
        let text_at = read.as_ref().map(|read| read.place(1, 1));
        let setting = Setting {
            text: read.map(|read| read.text),
            name_at: file.place.clone(),
            text_at: text_at.unwrap_or_else(|| file.place.clone()),
            carrier: object.kind.carrier(),
        };
        object.env.set(key, setting);
    }
}

/// Returns the resources that are files beside the kustomization.
pub(in crate::deployment) fn resources(input: &Input, document: &Node) -> Vec<PathBuf> {
    let paths = local_resources(document).map(|(path, _)| input.beside(path));
    paths.filter(|path| path.is_file()).collect()
}

/// Reports resources that are neither files nor directories beside the kustomization.
pub(super) fn missing_resources(input: &Input, document: &Node) -> Vec<Finding> {
    let is_missing = |path: &str| !input.file_name().is_empty() && !input.beside(path).exists();
    let missing = local_resources(document).filter(|(path, _)| is_missing(path));
    missing
        .map(|(path, place)| {
            let message = format!("kustomize finds no file {path}; check the path");
            Finding::error(place.clone(), "resources", "reference", message)
        })
        .collect()
}

/// Returns the resources with a relative path. Any other resource is fetched.
fn local_resources(document: &Node) -> impl Iterator<Item = (&str, &Place)> {
    let resources = document.get("resources");
    let resources = resources.map_or(&[][..], |node| node.items()).iter();
    let paths = resources.filter_map(|node| Some((node.scalar()?, &node.place)));
    paths.filter(|(path, _)| !is_remote(path))
}

/// Returns whether a resource is fetched: `https://...`, `github.com/...?ref=...`, `git@...`.
fn is_remote(path: &str) -> bool {
    let host = path.split('/').next().unwrap_or_default();
    let is_relative = host.is_empty() || host.starts_with('.');
    path.starts_with('/')
        || path.contains("://")
        || path.contains(['?', '@'])
        || path.contains('/') && !is_relative && host.contains('.')
}

#[cfg(test)]
mod tests {
    use super::is_remote;

    #[test]
    fn resources_of_other_hosts_and_absolute_paths_are_remote() {
        for path in [
            "https://example.org/a.yaml",
            "ssh://host/a",
            "github.com/org/repo/deploy",
            "github.com/org/repo?ref=v1",
            "repo?ref=v1",
            "git@github.com:org/repo.git",
            "/etc/a.yaml",
        ] {
            assert!(is_remote(path), "{path}");
        }
        for path in [
            "a.yaml",
            "base",
            "base/a.yaml",
            "./a.b/c",
            "../a.b/c",
            ".hidden/a.yaml",
        ] {
            assert!(!is_remote(path), "{path}");
        }
    }
}
