//! A specification, as read from its JSON document, and the questions of a comparison.

mod condition;
mod key;
mod pattern;
mod read;
mod rule;

pub(super) use self::condition::Condition;
#[cfg(feature = "deployment")]
pub(crate) use self::pattern::matches;
use self::pattern::overlap;
pub(super) use self::rule::{Rule, RuleMember};
use crate::spec::ON;

/// The variables of a document, sorted by name.
pub(super) struct Document {
    pub(super) variables: Vec<Described>,
    pub(super) rules: Vec<Rule>,
    /// The names that a release has removed, each with its remedy.
    removed: Vec<(String, String)>,
}

/// A variable, as a document describes it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of the document"
)]
pub(super) struct Described {
    pub(super) name: String,
    /// The fields that lead to it, or nothing.
    pub(super) field: String,
    pub(super) aliases: Vec<String>,
    pub(super) deprecated: Vec<String>,
    pub(super) words: Vec<String>,
    /// Words that are read too, each with the word that it stands for.
    pub(super) word_aliases: Vec<(String, String)>,
    pub(super) ty: Option<String>,
    pub(super) range: Option<String>,
    /// Whether the range is as the code has it, because only the compiler can evaluate it.
    pub(super) has_written_range: bool,
    pub(super) separator: Option<String>,
    pub(super) default: Option<String>,
    /// The default, if it has the texts of other variables in it.
    pub(super) default_from: Option<String>,
    /// The key by which stores are asked for it, if it is a secret.
    pub(super) key: Option<String>,
    pub(super) is_required: bool,
    pub(super) is_secret: bool,
    pub(super) is_live: bool,
    pub(super) allow_empty: bool,
    pub(super) may_be_file: bool,
    /// The conditions of the groups around it, the outer first.
    pub(super) conditions: Vec<Condition>,
}

impl Document {
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
            let (name, braced) = (format!("${}", it.name), format!("${{{}}}", it.name));
            default.contains(&name) || default.contains(&braced)
        };
        self.variables.iter().filter(is_named).collect()
    }

    /// Returns whether another variable is read if the variable is set.
    pub(super) fn is_a_switch(&self, name: &str) -> bool {
        let depends = |condition: &Condition| matches!(condition, Condition::AnySet { names, .. } if names.contains(name));
        let mut others = self.variables.iter().filter(|it| it.name != name);
        others.any(|it| it.conditions.iter().any(depends))
    }

    /// Returns the members of a rule.
    pub(super) fn members(&self, rule: &Rule) -> Vec<RuleMember<'_>> {
        let names = rule.names.iter().enumerate();
        let field = |index| rule.fields.get(index).map(String::as_str);
        let members = names.map(|(index, name)| self.member(name, field(index)));
        members.collect()
    }

    /// Returns a member of a rule by the name that the rule has for it, and by its field.
    fn member(&self, name: &str, field: Option<&str>) -> RuleMember<'_> {
        let is_inside =
            |it: &&Described| field.is_none_or(|field| read::is_inside(&it.field, field));
        let all = || self.variables.iter().filter(is_inside);
        let Some(start) = name.strip_suffix('*') else {
            let selects = |condition: &Condition| matches!(condition, Condition::Chosen { selector, .. } if selector == name);
            return RuleMember {
                variables: all().filter(|it| it.name == name).collect(),
                is_of_several: false,
                is_switch: self
                    .variables
                    .iter()
                    .any(|it| it.conditions.iter().any(selects)),
            };
        };
        let is_of_group = |condition: &Condition| matches!(condition, Condition::AnySet { path, .. } if path == name);
        let mut variables: Vec<&Described> = all().collect();
        if field.is_none() {
            // The document of an earlier release.
            variables.retain(|it| it.conditions.iter().any(is_of_group));
            if variables.is_empty() {
                variables = all().filter(|it| it.name.starts_with(start)).collect();
            }
        }
        RuleMember {
            variables,
            is_of_several: field.is_some_and(|field| field.ends_with(']')),
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

    /// Returns whether there are texts, or places of texts, that the variable cannot be read from.
    pub(super) fn may_fail(&self) -> bool {
        self.can_be_wrong() || self.may_be_file || !self.deprecated.is_empty()
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
