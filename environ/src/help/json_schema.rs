//! A JSON Schema of the environment.

use serde_json::{json, Map, Value};

use super::number::is_number;
use super::text::remarks;
use super::{facts, Help};
use crate::name;
use crate::redact::escape;
use crate::spec::conditions::{self, Conditional};
use crate::spec::variables::{placeholders, Variable, When};
use crate::value::EnvValue;

impl Help {
    /// Returns a JSON Schema (2020-12) of an object with each variable as a member, as text.
    ///
    /// The schema accepts every environment that loads. It rejects a required variable that
    /// is missing, a word that is not among the words of a type, and letters in a number, each
    /// where the variable is read, and leaves the rest to a load.
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
        let groups = conditions::of(self.spec.items, &self.root(), &placeholders);
        for variable in &self.variables() {
            let read = Read::of(variable, &groups);
            // A key may be any text, so that the pattern of a name may match other names too.
            let is_any_key = variable.name.contains(name::ANY_KEY);
            let is_constrained = matches!(read, Read::Always) && !is_any_key;
            for (name, schema) in schemas(variable, is_constrained) {
                if name.contains('<') {
                    patterns.insert(pattern_of_name(&name), schema);
                } else {
                    properties.insert(name, schema);
                }
            }
            let needs = is_set(variable).filter(|_| variable.is_required());
            match read {
                Read::Always if variable.when.is_none() => {
                    if variable.is_required() && variable.all_names().len() == 1 {
                        required.push(variable.name.clone());
                    }
                    conditions.extend(needs);
                }
                Read::Where(chosen) => {
                    let is_needed = matches!(variable.when, Some(When::Chosen(..)));
                    let needs = needs.filter(|_| is_needed);
                    let then = needs.into_iter().chain(constrained(variable));
                    let chosen = |then| json!({ "if": chosen, "then": then });
                    conditions.extend(then.map(chosen));
                }
                Read::Always | Read::Unknown => {}
            }
        }
        for (name, remedy) in self.removed() {
            let description = facts::of_removed(remedy);
            let removed = json!({ "deprecated": true, "description": description });
            properties.insert(name.to_owned(), removed);
        }
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.spec.ident,
            "description": self.spec.doc,
            "type": "object",
            "properties": properties,
            "patternProperties": patterns,
            "required": required,
        });
        // A list of no schemas is no schema.
        if !conditions.is_empty() {
            schema["allOf"] = conditions.into();
        }
        escape::escaped_json(&format!("{schema:#}"))
    }
}

/// Where a variable is read, if it is set.
enum Read {
    Always,
    /// Where this schema is kept: by the selectors of the groups around it.
    Where(Value),
    /// Where a schema cannot tell.
    Unknown,
}

impl Read {
    fn of(variable: &Variable, groups: &[Conditional]) -> Self {
        let mut chosen = Vec::new();
        for group in groups.iter().filter(|group| variable.is_in(&group.field)) {
            match &group.when {
                // The variable itself is the reason to read the group.
                When::AnySet(_) => {}
                When::Chosen(selector, _) if *selector == variable.name => {}
                When::Chosen(selector, words) if !selector.contains('<') => {
                    let patterns = words.iter().map(|word| pattern_of_word(word));
                    let words = patterns.map(|word| json!({ "pattern": word }));
                    chosen.push(json!({
                        "required": [selector],
                        "properties": { selector: { "anyOf": words.collect::<Vec<_>>() } },
                    }));
                }
                When::Chosen(..) | When::AnyOf(_) | When::IfSet(_) => return Self::Unknown,
            }
        }
        match &mut chosen[..] {
            [] => Self::Always,
            [single] => Self::Where(single.take()),
            _ => Self::Where(json!({ "allOf": chosen })),
        }
    }
}

/// Returns the schema for each name of a variable, with the texts that it may have if
/// `is_constrained`.
fn schemas(variable: &Variable, is_constrained: bool) -> Vec<(String, Value)> {
    let mut own = own_schema(variable);
    if is_constrained {
        own.extend(constraint(variable));
    }
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
    schema
}

/// Returns the texts that a variable may have, as far as a schema can tell.
fn constraint(variable: &Variable) -> Map<String, Value> {
    let form = variable.var.form();
    let constraint = match form.known_words() {
        // Of two words for a flag, a load reads several spellings.
        Some(["true", "false"]) => json!({}),
        Some(words) if !form.is_several() && !variable.var.allow_empty => {
            // Editors complete the words; a load reads them in any letter case.
            let aliases = form.known_aliases().iter().map(|(alias, _)| *alias);
            let mut all: Vec<&str> = words.iter().copied().chain(aliases).collect();
            if form == bool::FORM {
                let known = bool::TEXTS.words().concat().into_iter();
                all.extend(known.filter(|word| !words.contains(word)));
            }
            let any: Vec<String> = all.into_iter().map(pattern_of_word).collect();
            let any = format!("^$|{}", any.join("|"));
            json!({ "anyOf": [{ "enum": words }, { "pattern": any }] })
        }
        None if is_number(&form.column()) => json!({ "pattern": "^[^A-Za-z]*$" }),
        _ => json!({}),
    };
    match constraint {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Returns a schema of environments in which each name of the variable has a text that it may
/// have.
fn constrained(variable: &Variable) -> Option<Value> {
    let constraint = constraint(variable);
    let of_name = |name: &str| (name.to_owned(), constraint.clone().into());
    let properties: Map<String, Value> = variable.names().map(of_name).collect();
    (!constraint.is_empty()).then(|| json!({ "properties": properties }))
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
            '-' | '_' => pattern.push_str("[-_]"),
            // Another escape is an error in the regular expressions of JavaScript.
            letter if r"^$\.*+?()[]{}|/".contains(letter) => pattern.extend(['\\', letter]),
            letter => match (single(letter.to_lowercase()), single(letter.to_uppercase())) {
                (Some(lower), Some(upper)) if lower != upper => {
                    pattern.extend(['[', lower, upper, ']']);
                }
                _ => pattern.push(letter),
            },
        }
    }
    pattern.push_str("\\s*$");
    pattern
}

/// Returns the letter, if there is one.
fn single(mut letters: impl Iterator<Item = char>) -> Option<char> {
    let first = letters.next();
    first.filter(|_| letters.next().is_none())
}
