//! Compose files.

mod service;

use std::collections::BTreeMap;

use self::service::{Others, Service};
use super::env_file::{Dialect, EnvFile};
use super::input::Input;
use super::workload::Workload;
use super::yaml::Node;

/// Returns whether a document is a Compose file.
pub(super) fn is_compose(document: &Node) -> bool {
    document
        .get("services")
        .is_some_and(|services| services.map().is_some())
        && document.text("kind").is_none()
}

/// Returns the services of a Compose file.
pub(super) fn workloads(input: &Input, document: &Node) -> Vec<Workload> {
    let Some(services) = document.get("services") else {
        return Vec::new();
    };
    let project = project_env(input);
    let entries = services.entries().iter();
    let others = Others::default();
    let service = |entry| Service::new(input, document, &project, &others).read(entry);
    let workloads = entries.map(service);
    workloads.collect()
}

/// Returns the files of variables that the services name.
pub(super) fn env_files(document: &Node) -> Vec<String> {
    let services = document
        .get("services")
        .map_or(&[][..], |node| node.entries());
    let files = services
        .iter()
        .filter_map(|entry| entry.value.get("env_file"));
    let files = files.flat_map(|node| match node.items() {
        [] => std::slice::from_ref(node),
        items => items,
    });
    let paths = files.map(|file| file.get("path").unwrap_or(file));
    paths
        .filter_map(|path| path.scalar())
        .map(str::to_owned)
        .collect()
}

/// Returns the variables of the `.env` beside the file, which Compose reads for `${NAME}`.
fn project_env(input: &Input) -> BTreeMap<String, Option<String>> {
    let path = input.beside(".env");
    if input.file_name().is_empty() || !path.is_file() {
        return BTreeMap::new();
    }
    let Ok(file) = Input::read(&path) else {
        return BTreeMap::new();
    };
    let file = EnvFile::read(&file.text, Dialect::Dotenv);
    let assignments = file.assignments.into_iter();
    assignments.map(|it| (it.name, it.text)).collect()
}
