//! A JSON Schema of the environment.

use serde_json::{json, Map, Value};

use super::number::is_number;
use super::text::remarks;
use super::{facts, Help};
use crate::name;
use crate::redact::escape;
use crate::spec::variables::{Variable, When};

impl Help {
    /// Returns a JSON Schema (2020-12) of an object with each variable as a member, as text.
    ///
    /// The schema accepts every environment that loads. It rejects a required variable that
    /// is missing, a word that is not among the words of a type, and letters in a number, and
    /// leaves the rest to a load.
    ///
    /// # Examples
    ///
    /// ```
    /// use environ::EnvConfig;
    ///
    /// #[derive(EnvConfig)]
    /// # #[expect(dead_code, reason = "only its help is asked for")]
    /// struct Http {
    ///     /// Port to listen on.
    ///     port: u16,
    /// }
    ///
    /// let schema = Http::help().to_json_schema();
    /// let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    /// assert_eq!(schema["required"][0], "APP_PORT");
    /// assert_eq!(schema["properties"]["APP_PORT"]["description"], "Port to listen on.");
    /// ```
    #[must_use]
    pub fn to_json_schema(&self) -> String {
        let (mut properties, mut patterns) = (Map::new(), Map::new());
        let (mut required, mut conditions) = (Vec::new(), Vec::new());
        for variable in &self.variables() {
            for (name, schema) in schemas(variable) {
                if name.contains('<') {
                    patterns.insert(pattern_of_name(&name), schema);
                } else {
                    properties.insert(name, schema);
                }
            }
            match (&variable.when, variable.is_required()) {
                (None, true) if variable.all_names().len() == 1 => {
                    required.push(variable.name.clone());
                    conditions.extend(is_set(variable));
                }
                (None, true) => conditions.extend(is_set(variable)),
                (Some(When::Chosen(selector, words)), true) => {
                    let patterns = words.iter().map(|word| pattern_of_word(word));
                    let words: Vec<Value> =
                        patterns.map(|word| json!({ "pattern": word })).collect();
                    let chosen = json!({
                        "required": [selector],
                        "properties": { selector: { "anyOf": words } },
                    });
                    let then = is_set(variable);
                    conditions.extend(then.map(|then| json!({ "if": chosen, "then": then })));
                }
                _ => {}
            }
        }
        for (name, remedy) in self.removed() {
            let description = facts::of_removed(remedy);
            let removed = json!({ "deprecated": true, "description": description });
            properties.insert(name.to_owned(), removed);
        }
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.spec.ident,
            "description": self.spec.doc,
            "type": "object",
            "properties": properties,
            "patternProperties": patterns,
            "required": required,
            "allOf": conditions,
        });
        escape::escaped_json(&format!("{schema:#}"))
    }
}

/// Returns the schema for each name of a variable.
fn schemas(variable: &Variable) -> Vec<(String, Value)> {
    let own = own_schema(variable);
    let mut schemas: Vec<(String, Value)> = Vec::new();
    for name in variable.names() {
        let mut schema = own.clone();
        if variable.var.details.deprecated.contains(&name) {
            schema.insert("deprecated".to_owned(), true.into());
        }
        schemas.push((name.to_owned(), schema.into()));
        if variable.var.file {
            let description = format!("File that holds {}.", variable.name);
            let file = json!({ "type": "string", "description": description });
            schemas.push((name::of_file(name), file));
        }
    }
    schemas
}

fn own_schema(variable: &Variable) -> Map<String, Value> {
    let var = variable.var;
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "string".into());
    let remarks = remarks(variable, |_| true);
    if !remarks.is_empty() {
        schema.insert("description".to_owned(), remarks.into());
    }
    if let Some(default) = variable.shown_default() {
        schema.insert("default".to_owned(), default.into());
    }
    if let (Some(example), false) = (var.details.example, var.secret) {
        schema.insert("examples".to_owned(), json!([example]));
    }
    if var.secret {
        schema.insert("writeOnly".to_owned(), true.into());
    }
    match var.form().known_words() {
        // Of two words for a flag, a load reads several spellings.
        Some(["true", "false"]) => {}
        Some(words) if !var.form().is_several() && !var.allow_empty => {
            // Editors complete the words; a load reads them in any letter case.
            let aliases = var.form().known_aliases().iter().map(|(alias, _)| alias);
            let any: Vec<String> = words
                .iter()
                .chain(aliases)
                .map(|word| pattern_of_word(word))
                .collect();
            let any = format!("^$|{}", any.join("|"));
            schema.insert(
                "anyOf".to_owned(),
                json!([{ "enum": words }, { "pattern": any }]),
            );
        }
        None if is_number(&var.form().column()) => {
            schema.insert("pattern".to_owned(), "^[^A-Za-z]*$".into());
        }
        _ => {}
    }
    schema
}

/// Returns a schema of environments in which the variable is set under any of its names.
fn is_set(variable: &Variable) -> Option<Value> {
    if variable.var.secret {
        // A store may have it.
        return None;
    }
    let names = variable.all_names().into_iter();
    let any = names.map(|name| {
        let min = u8::from(!variable.var.allow_empty);
        json!({ "required": [name], "properties": { name: { "minLength": min } } })
    });
    Some(json!({ "anyOf": any.collect::<Vec<_>>() }))
}

fn pattern_of_name(name: &str) -> String {
    let pattern = name.replace(name::ANY_NUMBER, "[0-9]+");
    format!("^{}$", pattern.replace(name::ANY_KEY, ".+"))
}

/// Returns a pattern of a word in any letter case.
fn pattern_of_word(word: &str) -> String {
    let mut pattern = String::from("^\\s*");
    for letter in word.chars() {
        match letter {
            letter if letter.is_ascii_alphabetic() => {
                let (lower, upper) = (letter.to_ascii_lowercase(), letter.to_ascii_uppercase());
                pattern.extend(['[', lower, upper, ']']);
            }
            '-' | '_' => pattern.push_str("[-_]"),
            letter if letter.is_ascii_punctuation() => pattern.extend(['\\', letter]),
            letter => pattern.push(letter),
        }
    }
    pattern.push_str("\\s*$");
    pattern
}
