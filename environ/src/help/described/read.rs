//! Reads the JSON document of a specification.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{key, Condition, Described, Document, Rule};

/// The words of `#[env(truthy)]`, which reads any other text as false.
const TRUTHY: [&str; 2] = ["true", "false"];

impl Document {
    pub(in crate::help) fn of(document: &Value) -> Option<Self> {
        let values = document["variables"].as_array()?;
        let variables = values.iter().map(|value| Described::of(value, document));
        let mut variables: Vec<Described> = variables.collect::<Option<_>>()?;
        let fields: Vec<Option<&str>> = values.iter().map(|it| it["field"].as_str()).collect();
        let groups = document["groups"].as_array().map_or(&[][..], Vec::as_slice);
        for group in groups {
            let outer = group["field"].as_str()?;
            let inside = |field: Option<&str>| field.is_some_and(|field| is_inside(field, outer));
            let when = &group["when"];
            let members = fields
                .iter()
                .zip(&variables)
                .map(|(field, variable)| inside(*field) && !switches(when, &variable.name));
            let members: Vec<bool> = members.collect();
            add_condition(&mut variables, &members, when, Some(outer));
        }
        if groups.is_empty() {
            // The document of an earlier release has the innermost group alone.
            let mut whens: Vec<&Value> = values.iter().map(|it| &it["when"]).collect();
            whens.retain(|when| !when.is_null());
            let mut seen: Vec<&Value> = Vec::new();
            for when in whens {
                if !seen.contains(&when) {
                    seen.push(when);
                    let members: Vec<bool> = values.iter().map(|it| it["when"] == *when).collect();
                    add_condition(&mut variables, &members, when, None);
                }
            }
        }
        variables.sort_by(|a, b| a.name.cmp(&b.name));
        let rules = document["rules"].as_array().into_iter().flatten();
        let rules = rules.map(Rule::of).collect::<Option<_>>()?;
        let removed = document["removed"].as_array().into_iter().flatten();
        let removed = removed.filter_map(|it| {
            let (name, remedy) = (it["name"].as_str()?, it["remedy"].as_str()?);
            Some((name.to_owned(), remedy.to_owned()))
        });
        Some(Self {
            variables,
            rules,
            removed: removed.collect(),
        })
    }
}

impl Described {
    fn of(value: &Value, document: &Value) -> Option<Self> {
        let text = |property: &str| match &value[property] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let list = |property: &str| texts(&value[property]).collect::<Vec<_>>();
        let mut words = list("words");
        let ty = match text("type") {
            Some(_) if words == TRUTHY => Some("truthy text".to_owned()),
            ty => ty,
        };
        let aliases = value["word_aliases"].as_object().into_iter().flatten();
        let aliases = aliases.filter_map(|(alias, word)| Some((alias.clone(), word.as_str()?)));
        let word_aliases: Vec<(String, String)> = aliases
            .map(|(alias, word)| (alias, word.to_owned()))
            .collect();
        words.extend(word_aliases.iter().map(|(alias, _)| alias.clone()));
        Some(Self {
            name: value["name"].as_str()?.to_owned(),
            field: text("field").unwrap_or_default(),
            aliases: list("aliases"),
            deprecated: list("deprecated"),
            words,
            word_aliases,
            ty,
            range: match (text("range"), text("length")) {
                (Some(range), Some(length)) => Some(format!("{range}, {length}")),
                (range, length) => range.or(length),
            },
            has_written_range: ["written_range", "written_length"]
                .iter()
                .any(|written| value[*written].is_string()),
            separator: text("separator"),
            default: text("default").or_else(|| text("default_from")),
            default_from: text("default_from"),
            key: key::of(value, document),
            is_required: value["required"] == true,
            is_secret: value["secret"] == true,
            is_live: value["live"] == true,
            allow_empty: value["allow_empty"] == true,
            may_be_file: value["file"].is_string(),
            conditions: Vec::new(),
        })
    }
}

impl Rule {
    fn of(value: &Value) -> Option<Self> {
        Some(Self {
            kind: value["rule"].as_str()?.to_owned(),
            names: texts(&value["variables"]).collect(),
            fields: texts(&value["fields"]).collect(),
        })
    }
}

/// Returns the texts of a list.
fn texts(list: &Value) -> impl Iterator<Item = String> + '_ {
    let texts = list.as_array().into_iter().flatten();
    texts.filter_map(|it| it.as_str().map(str::to_owned))
}

/// Returns whether the variable is the condition of its own group.
fn switches(when: &Value, name: &str) -> bool {
    let set = when["any_set"].as_array().into_iter().flatten();
    when["variable"] == *name || set.into_iter().any(|it| *it == *name)
}

/// Adds the condition of the group in `field`, which the document of an earlier release does not
/// tell, to the variables that are members.
fn add_condition(variables: &mut [Described], members: &[bool], when: &Value, field: Option<&str>) {
    let any_set = match &when["any_set"] {
        // Of a group with a path that variables outside of the group have too.
        Value::Array(names) => {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            Some(names.join(", "))
        }
        path => path.as_str().map(str::to_owned),
    };
    let condition = match (any_set, when["variable"].as_str()) {
        // Of a group that a certain variable switches on.
        (Some(path), _) if field.is_some() && when["any_set"].is_array() => Condition::AnySet {
            path,
            is_own_path: false,
            is_of_several: false,
            names: texts(&when["any_set"]).collect(),
        },
        (Some(path), _) => {
            let start = path.trim_end_matches('*');
            let mut is_own_path = !when["any_set"].is_array();
            // Only a name with its place tells that a group of a list or a map is there.
            let is_of_several = field.is_some_and(|field| field.ends_with(']'));
            let mut names = BTreeSet::new();
            for (variable, is_inside) in variables.iter().zip(members) {
                if *is_inside {
                    let own = variable.all_names().into_iter();
                    names.extend(own.filter(|name| !is_of_several || name.contains('<')));
                } else {
                    is_own_path &= !variable.name.starts_with(start);
                }
            }
            Condition::AnySet {
                path,
                is_own_path,
                is_of_several,
                names,
            }
        }
        (None, Some(selector)) => Condition::Chosen {
            selector: selector.to_owned(),
            word: when["is"].as_str().unwrap_or_default().to_owned(),
        },
        (None, None) => return,
    };
    for (variable, is_inside) in variables.iter_mut().zip(members) {
        if *is_inside {
            variable.conditions.push(condition.clone());
        }
    }
}

/// Returns whether a field is in the group with the field `outer`. A selector has the field
/// of its group.
pub(super) fn is_inside(field: &str, outer: &str) -> bool {
    let rest = field.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
