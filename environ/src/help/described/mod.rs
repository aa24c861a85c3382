//! A specification, as read from its JSON document.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::name::{ANY_KEY, ANY_NUMBER};
use crate::spec::ON;

/// The words of `#[env(truthy)]`, which reads any other text as false.
const TRUTHY: [&str; 2] = ["true", "false"];

/// The names of a group that a person is told, if they have nothing in common.
const MAX_NAMES: usize = 3;

/// The variables of a document, sorted by name.
pub(super) struct Document {
    pub(super) variables: Vec<Described>,
    pub(super) rules: Vec<Rule>,
    /// The names that a release has removed, each with its remedy.
    removed: Vec<(String, String)>,
}

/// A rule between variables.
#[derive(PartialEq)]
pub(super) struct Rule {
    pub(super) kind: String,
    /// The names, or the beginning of all names of a group and `*`.
    pub(super) names: Vec<String>,
}

/// A member of a rule.
pub(super) struct RuleMember<'d> {
    pub(super) variables: Vec<&'d Described>,
    /// Whether only a text that is true counts as set.
    pub(super) is_switch: bool,
}

/// A variable, as a document describes it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of the document"
)]
pub(super) struct Described {
    pub(super) name: String,
    pub(super) aliases: Vec<String>,
    pub(super) deprecated: Vec<String>,
    pub(super) words: Vec<String>,
    /// Words that are read too, each with the word that it stands for.
    pub(super) word_aliases: Vec<(String, String)>,
    pub(super) ty: Option<String>,
    pub(super) range: Option<String>,
    pub(super) separator: Option<String>,
    pub(super) default: Option<String>,
    /// The default, if it has the texts of other variables in it.
    pub(super) default_from: Option<String>,
    pub(super) is_required: bool,
    pub(super) is_secret: bool,
    pub(super) is_live: bool,
    pub(super) allow_empty: bool,
    pub(super) may_be_file: bool,
    /// The conditions of the groups around it, the outer first.
    pub(super) conditions: Vec<Condition>,
}

/// The condition of a group.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    /// A variable with any of the names is set.
    AnySet {
        /// The beginning of the names, and `*`.
        path: String,
        /// Whether no name outside of the group begins so.
        is_own_path: bool,
        names: BTreeSet<String>,
    },
    /// The selector is the word.
    Chosen { selector: String, word: String },
}

impl Document {
    pub(super) fn of(document: &Value) -> Option<Self> {
        let values = document["variables"].as_array()?;
        let variables = values.iter().map(Described::of);
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
            add_condition(&mut variables, &members, when, true);
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
                    add_condition(&mut variables, &members, when, false);
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

    /// Returns the remedy for a name that a release has removed.
    pub(super) fn remedy(&self, name: &str) -> Option<String> {
        let removed = self.removed.iter().find(|(removed, _)| removed == name);
        removed.map(|(_, remedy)| remedy.clone())
    }

    pub(super) fn find(&self, name: &str) -> Option<&Described> {
        self.variables.iter().find(|it| it.name == name)
    }

    /// Returns the variables that a default with the texts of variables in it names.
    pub(super) fn sources(&self, default: &str) -> Vec<&Described> {
        let is_named = |it: &&Described| {
            let name = format!("${}", it.name);
            default.match_indices(&name).next().is_some()
        };
        self.variables.iter().filter(is_named).collect()
    }

    /// Returns whether another variable is read if the variable is set.
    pub(super) fn is_a_switch(&self, name: &str) -> bool {
        let depends = |condition: &Condition| matches!(condition, Condition::AnySet { names, .. } if names.contains(name));
        let mut others = self.variables.iter().filter(|it| it.name != name);
        others.any(|it| it.conditions.iter().any(depends))
    }

    /// Returns the variables of a member of a rule, by the name that the rule has for it.
    pub(super) fn member(&self, name: &str) -> RuleMember<'_> {
        let all = || self.variables.iter();
        let Some(start) = name.strip_suffix('*') else {
            let selects = |condition: &Condition| matches!(condition, Condition::Chosen { selector, .. } if selector == name);
            return RuleMember {
                variables: all().filter(|it| it.name == name).collect(),
                is_switch: all().any(|it| it.conditions.iter().any(selects)),
            };
        };
        let is_of_group = |condition: &Condition| matches!(condition, Condition::AnySet { path, .. } if path == name);
        let mut variables: Vec<&Described> = all()
            .filter(|it| it.conditions.iter().any(is_of_group))
            .collect();
        if variables.is_empty() {
            variables = all().filter(|it| it.name.starts_with(start)).collect();
        }
        RuleMember {
            variables,
            is_switch: false,
        }
    }

    /// Returns the variable that is read under the first of `names` that is read, if
    /// possible under conditions like those of `like`.
    pub(super) fn before(&self, like: &Described) -> Option<&Described> {
        let mut all = self.variables.iter();
        let same = all.find(|it| it.name == like.name && it.is_read_like(like));
        same.or_else(|| like.names().find_map(|name| self.reading(name)))
    }

    /// Returns the variable that is read under `name`, be it its own name or another.
    pub(super) fn reading(&self, name: &str) -> Option<&Described> {
        let mut variables = self.variables.iter();
        self.find(name)
            .or_else(|| variables.find(|it| it.names().any(|other| other == name)))
    }

    /// Returns whether a name is read, the names of files included.
    pub(super) fn reads(&self, name: &str) -> bool {
        let mut variables = self.variables.iter();
        variables.any(|it| it.all_names().iter().any(|other| other == name))
    }

    /// Returns a variable that reads a name, or may read a name of the pattern `name`.
    pub(super) fn may_read(&self, name: &str) -> Option<&Described> {
        let mut variables = self.variables.iter();
        variables.find(|it| it.all_names().iter().any(|other| overlap(name, other)))
    }
}

impl Described {
    fn of(value: &Value) -> Option<Self> {
        let text = |property: &str| match &value[property] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let list = |property: &str| -> Vec<String> {
            let elements = value[property].as_array().into_iter().flatten();
            elements
                .filter_map(|element| element.as_str().map(str::to_owned))
                .collect()
        };
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
            aliases: list("aliases"),
            deprecated: list("deprecated"),
            words,
            word_aliases,
            ty,
            range: match (text("range"), text("length")) {
                (Some(range), Some(length)) => Some(format!("{range}, {length}")),
                (range, length) => range.or(length),
            },
            separator: text("separator"),
            default: text("default").or_else(|| text("default_from")),
            default_from: text("default_from"),
            is_required: value["required"] == true,
            is_secret: value["secret"] == true,
            is_live: value["live"] == true,
            allow_empty: value["allow_empty"] == true,
            may_be_file: value["file"].is_string(),
            conditions: Vec::new(),
        })
    }

    /// Returns the names that the text itself may stand under, in the order of preference.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let names = [&self.name].into_iter().chain(&self.aliases);
        names.chain(&self.deprecated).map(String::as_str)
    }

    /// Returns the texts that a selector reads as a word.
    pub(super) fn texts_of<'t>(&'t self, word: &'t str) -> Vec<&'t str> {
        let aliases = self.word_aliases.iter().filter(|(_, of)| of == word);
        let mut texts = vec![word];
        texts.extend(aliases.map(|(alias, _)| &**alias));
        if word == ON {
            let others = ["yes", "on", "1"].into_iter();
            texts.extend(others.filter(|text| self.words.iter().any(|it| it == text)));
        }
        texts
    }

    /// Returns all names, the names of files included.
    pub(super) fn all_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.names().map(str::to_owned).collect();
        names.extend(self.file_names());
        names
    }

    pub(super) fn file_names(&self) -> Vec<String> {
        let names = self.names().filter(|_| self.may_be_file);
        names.map(crate::name::of_file).collect()
    }

    /// Returns whether there are texts that are no value.
    pub(super) fn can_be_wrong(&self) -> bool {
        self.ty.as_deref() != Some("text") || self.range.is_some() || !self.words.is_empty()
    }

    /// Returns whether the variable is required, and not only in a group that may be
    /// absent.
    pub(super) fn is_always_required(&self) -> bool {
        self.is_required && self.conditions.is_empty()
    }

    /// Returns whether a person would call the conditions of both the same.
    pub(super) fn is_read_like(&self, other: &Self) -> bool {
        let mut pairs = self.conditions.iter().zip(&other.conditions);
        self.conditions.len() == other.conditions.len() && pairs.all(|(a, b)| a.is_like(b))
    }

    /// Returns the conditions for a person: `APP_SECRETS=vault and any APP_DB_* is set`.
    pub(super) fn when(&self) -> Option<String> {
        let conditions: Vec<String> = self.conditions.iter().map(Condition::words).collect();
        (!conditions.is_empty()).then(|| conditions.join(" and "))
    }
}

impl Rule {
    fn of(value: &Value) -> Option<Self> {
        let names = value["variables"].as_array()?.iter();
        Some(Self {
            kind: value["rule"].as_str()?.to_owned(),
            names: names
                .filter_map(|it| it.as_str().map(str::to_owned))
                .collect(),
        })
    }

    /// Returns the first name.
    pub(super) fn first(&self) -> &str {
        self.names.first().map_or("", |name| name)
    }

    /// Returns the rule for a person.
    pub(super) fn words(&self) -> String {
        let names = self.names.join(", ");
        match &*self.kind {
            "one_of" => format!("exactly one of {names}"),
            "at_most_one_of" => format!("at most one of {names}"),
            "at_least_one_of" => format!("at least one of {names}"),
            "all_or_none" => format!("all or none of {names}"),
            "requires" => {
                let (first, rest) = self
                    .names
                    .split_first()
                    .map_or(("", &[][..]), |(a, b)| (a, b));
                format!("{} with {first}", rest.join(", "))
            }
            kind => format!("{kind} of {names}"),
        }
    }

    pub(super) fn needs_any(&self) -> bool {
        matches!(&*self.kind, "one_of" | "at_least_one_of")
    }

    pub(super) fn excludes(&self) -> bool {
        matches!(&*self.kind, "one_of" | "at_most_one_of")
    }

    /// Returns whether an environment may break the rule that can set only some of its members.
    pub(super) fn may_refuse(&self, may_be_set: &[bool]) -> bool {
        let count = may_be_set.iter().filter(|may_be| **may_be).count();
        match &*self.kind {
            "at_most_one_of" => count > 1,
            "all_or_none" => count > 0,
            "requires" => may_be_set.first() == Some(&true),
            _ => true,
        }
    }
}

impl RuleMember<'_> {
    pub(super) fn names(&self) -> Vec<String> {
        let variables = self.variables.iter();
        variables
            .flat_map(|variable| variable.all_names())
            .collect()
    }
}

impl Condition {
    pub(super) fn words(&self) -> String {
        match self {
            Self::Chosen { selector, word } => format!("{selector}={word}"),
            Self::AnySet {
                path,
                is_own_path,
                names,
            } => {
                let start = path.trim_end_matches('*');
                let is_shown = |name: &&String| !is_own_path || !name.starts_with(start);
                let mut shown: Vec<&str> = is_own_path.then_some(&**path).into_iter().collect();
                let others: Vec<&String> = names.iter().filter(is_shown).collect();
                shown.extend(others.iter().take(MAX_NAMES).map(|name| name.as_str()));
                if others.len() > MAX_NAMES {
                    shown.push("...");
                }
                let any = if *is_own_path { "any " } else { "" };
                format!("{any}{} is set", shown.join(" or "))
            }
        }
    }

    /// Returns whether a person would call both conditions the same.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::AnySet { path, .. }, Self::AnySet { path: other, .. }) => path == other,
            (one, other) => one == other,
        }
    }
}

/// Returns whether the variable is the condition of its own group.
fn switches(when: &Value, name: &str) -> bool {
    let set = when["any_set"].as_array().into_iter().flatten();
    when["variable"] == *name || set.into_iter().any(|it| *it == *name)
}

fn add_condition(variables: &mut [Described], members: &[bool], when: &Value, is_of_group: bool) {
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
        (Some(path), _) if is_of_group && when["any_set"].is_array() => {
            let names = when["any_set"].as_array().into_iter().flatten();
            let names = names.filter_map(Value::as_str).map(str::to_owned);
            Condition::AnySet {
                path,
                is_own_path: false,
                names: names.collect(),
            }
        }
        (Some(path), _) => {
            let start = path.trim_end_matches('*');
            let mut is_own_path = !when["any_set"].is_array();
            let mut names = BTreeSet::new();
            for (variable, is_inside) in variables.iter().zip(members) {
                if *is_inside {
                    names.extend(variable.all_names());
                } else {
                    is_own_path &= !variable.name.starts_with(start);
                }
            }
            Condition::AnySet {
                path,
                is_own_path,
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
fn is_inside(field: &str, outer: &str) -> bool {
    let rest = field.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Returns whether there is a name that both patterns may be. It may say so too often.
fn overlap(one: &str, other: &str) -> bool {
    let (Some((one_start, one_end)), Some((start, end))) = (ends(one), ends(other)) else {
        return match (ends(one), ends(other)) {
            (None, None) => one == other,
            (Some(_), _) => matches(one, other),
            (None, _) => matches(other, one),
        };
    };
    let starts = one_start.starts_with(start) || start.starts_with(one_start);
    // The key of a group takes all up to a segment that is there, so any text may follow.
    let is_deep = [one, other]
        .iter()
        .any(|pattern| pattern.matches('<').count() > 1);
    starts && (is_deep || one_end.ends_with(end) || end.ends_with(one_end))
}

/// Returns the parts of a pattern before its first and after its last placeholder.
fn ends(pattern: &str) -> Option<(&str, &str)> {
    let first = pattern.find('<')?;
    let last = pattern.rfind('>')?;
    Some((&pattern[..first], &pattern[last + 1..]))
}

/// Returns whether a name is of a pattern.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, end)) = ends(pattern) else {
        return pattern == name;
    };
    let rest = name
        .strip_prefix(start)
        .and_then(|rest| rest.strip_suffix(end));
    rest.is_some_and(|rest| {
        let is_number = !pattern.contains(ANY_KEY) && pattern.matches(ANY_NUMBER).count() == 1;
        !rest.is_empty() && (!is_number || rest.bytes().all(|byte| byte.is_ascii_digit()))
    })
}
