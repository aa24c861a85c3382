//! The `env` of an `app.json`.

use super::finding::Finding;
use super::input::Input;
use super::misspelt::meant;
use super::workload::{Carrier, Format, Setting, Workload};
use super::yaml::{Entry, Node, Type};

/// Returns the app that the file describes, and the app in each of its `environments`, such as
/// `test`, which adds variables.
pub(super) fn workloads(input: &Input, document: &Node) -> Vec<Workload> {
    let name = document.text("name").unwrap_or("app");
    let mut app = Workload::new(Format::AppJson, name, input.place(1, 1));
    if let Some(env) = document.entry("env") {
        app.place = env.place.clone();
        add(&mut app, env);
    }
    let mut workloads = vec![app];
    let environments = document.get("environments").map(|it| it.entries());
    for environment in environments.unwrap_or_default() {
        let Some(env) = environment.value.entry("env") else {
            continue;
        };
        let mut workload = Workload::new(Format::AppJson, &environment.key, env.place.clone());
        workload.env = workloads[0].env.clone();
        add(&mut workload, env);
        workloads.push(workload);
    }
    workloads
}

/// Adds the variables of an `env`.
fn add(workload: &mut Workload, env: &Entry) {
    if let Some(map) = env.value.map() {
        for (name, place) in &map.twice {
            let message = "the key is twice in the object, and the last counts; remove one of them";
            let finding = Finding::error(place.clone(), name, "twice", message);
            workload.findings.push(finding);
        }
    }
    for entry in env.value.entries() {
        check_keys(workload, entry);
        let value = match entry.value.map() {
            Some(_) => entry.value.get("value").map(|value| &**value),
            None => Some(&*entry.value),
        };
        let is_optional = entry.value.text("required") == Some("false");
        let has_generator = entry.value.get("generator").is_some();
        if value.is_none() && is_optional && !has_generator {
            continue;
        }
        if value.is_some_and(|value| value.kind() != Type::Text) {
            let message = "app.json wants a text here; put it in quotes";
            let place = entry.value.place.clone();
            workload
                .findings
                .push(Finding::error(place, &entry.key, "changed", message));
        }
        let text_at = value.map_or(&entry.place, |value| &value.place).clone();
        let setting = Setting {
            text: value.and_then(Node::scalar).map(str::to_owned),
            name_at: entry.place.clone(),
            text_at,
            carrier: Carrier::Manifest,
        };
        workload.env.set(&entry.key, setting);
    }
}

/// Reports keys of a variable that are misspelt.
fn check_keys(workload: &mut Workload, variable: &Entry) {
    let known = ["description", "generator", "required", "value"];
    for entry in variable.value.entries() {
        if let Some(meant) = meant(&entry.key, &known) {
            let message = format!("app.json has no such key; write `{meant}`");
            let place = entry.place.clone();
            let finding = Finding::error(place, &variable.key, "syntax", message);
            workload.findings.push(finding);
        }
    }
}
