//! A reader of the JSON specification that says which environments load.

use std::collections::BTreeMap;

use environ::{Error, Help, Origins};
use serde_json::Value;

use super::Environment;

pub(super) struct Model {
    variables: Vec<Variable>,
    groups: Vec<Group>,
    rules: Vec<Rule>,
}

/// A variable, in the first group of each list and map.
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) names: Names,
    /// The text of the example.
    pub(super) text: String,
    pub(super) words: Vec<String>,
    field: String,
    is_required: bool,
    default: Option<String>,
    allows_empty: bool,
    is_flag: bool,
}

pub(super) struct Names {
    pub(super) own: String,
    pub(super) others: Vec<String>,
    pub(super) file: Option<String>,
}

struct Group {
    field: String,
    when: When,
}

enum When {
    /// Any variable of the group is set.
    AnySet,
    /// One of these variables is set.
    AnyOf(Vec<String>),
    /// The variable is one of the words.
    Is(String, Vec<String>),
}

struct Rule {
    kind: String,
    /// The names, or the beginning of all names of a group and `*`.
    members: Vec<String>,
}

/// Why an environment does not load: the names that a problem may have.
type Violation = Vec<String>;

impl Model {
    pub(super) fn of(help: &Help) -> Self {
        let json: Value = serde_json::from_str(&help.to_json()).unwrap();
        let texts = texts(&help.to_dotenv());
        let each = |key: &str| json[key].as_array().cloned().unwrap_or_default();
        Self {
            variables: each("variables")
                .iter()
                .map(|it| Variable::of(it, &texts))
                .collect(),
            groups: each("groups").iter().map(Group::of).collect(),
            rules: each("rules").iter().map(Rule::of).collect(),
        }
    }

    pub(super) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.variables.iter()
    }

    /// The environment must load, and each value comes from its variable.
    pub(super) fn assert_loads(&self, env: &Environment, origins: &Origins) {
        let violations = self.violations(env);
        assert!(
            violations.is_empty(),
            "loaded, in spite of {violations:?}: {env:?}"
        );
        for variable in self
            .variables
            .iter()
            .filter(|it| self.is_read(&it.field, env))
        {
            let origin = origins.get(&variable.name);
            if let Some(name) = variable.name_in(env) {
                let origin = origin.and_then(environ::Origin::variable);
                assert_eq!(origin.unwrap_or(&variable.name), name, "{env:?}");
            } else if variable.default.is_some() {
                assert!(
                    origin.is_some_and(environ::Origin::is_default),
                    "{}: {env:?}",
                    variable.name
                );
            }
        }
    }

    /// The environment must not load, for the reasons that the report has.
    pub(super) fn assert_fails(&self, env: &Environment, err: &Error) {
        let violations = self.violations(env);
        let problems: Vec<&str> = err.problems().map(environ::Problem::name).collect();
        for violation in &violations {
            let is_reported = violation.iter().any(|name| problems.contains(&&**name));
            assert!(is_reported, "{violation:?} of {env:?}: {err}");
        }
        if env.garbage.is_empty() {
            let is_violation = |name: &&str| violations.iter().flatten().any(|it| it == name);
            let other = problems.iter().find(|name| !is_violation(name));
            assert_eq!(other, None, "{env:?}: {err}\n{violations:?}");
        } else if violations.is_empty() {
            let is_garbage = |name: &&str| env.garbage.iter().any(|it| it == name);
            assert!(problems.iter().any(is_garbage), "{env:?}: {err}");
        }
    }

    fn violations(&self, env: &Environment) -> Vec<Violation> {
        let missing = self.variables.iter().filter(|it| {
            it.is_required && it.name_in(env).is_none() && self.is_read(&it.field, env)
        });
        let missing = missing.map(Variable::all_names);
        let broken = self.rules.iter().filter(|rule| !self.keeps(rule, env));
        missing
            .chain(broken.map(|rule| self.names_of(rule)))
            .collect()
    }

    /// Returns whether all groups around a field are there.
    fn is_read(&self, field: &str, env: &Environment) -> bool {
        let mut around = self
            .groups
            .iter()
            .filter(|group| is_inside(field, &group.field));
        around.all(|group| match &group.when {
            When::AnySet => self.is_any_set(env, |it| is_inside(&it.field, &group.field)),
            When::AnyOf(names) => names.iter().any(|name| self.is_set(name, env)),
            When::Is(name, words) => self
                .find(name)
                .is_some_and(|it| it.word_in(env).is_some_and(|word| words.contains(&word))),
        })
    }

    fn keeps(&self, rule: &Rule, env: &Environment) -> bool {
        if !self.is_read(&self.struct_of(rule), env) {
            return true;
        }
        let set: Vec<bool> = rule
            .members
            .iter()
            .map(|name| self.is_set(name, env))
            .collect();
        let count = set.iter().filter(|is_set| **is_set).count();
        match &*rule.kind {
            "one_of" => count == 1,
            "at_most_one_of" => count <= 1,
            "at_least_one_of" => count >= 1,
            "all_or_none" => count == 0 || count == set.len(),
            "requires" => !set[0] || count == set.len(),
            kind => panic!("unknown rule {kind}"),
        }
    }

    /// Returns the field of the struct that has a rule.
    fn struct_of(&self, rule: &Rule) -> String {
        let fields = rule.members.iter().flat_map(|name| self.members(name));
        let common = fields.map(|it| it.field.clone()).reduce(|one, other| {
            let parts = one.split('.').zip(other.split('.'));
            let same = parts.take_while(|(one, other)| one == other);
            same.map(|(part, _)| part).collect::<Vec<_>>().join(".")
        });
        let common = common.unwrap();
        match (common.rsplit_once('.'), &rule.members[..]) {
            // All members are those of a single group.
            (Some((outer, _)), [_]) => outer.to_owned(),
            (None, [_]) => String::new(),
            _ => common,
        }
    }

    fn names_of(&self, rule: &Rule) -> Vec<String> {
        let members = rule.members.iter().flat_map(|name| self.members(name));
        let names = members.flat_map(Variable::all_names);
        // Of a list that needs a group, a report names the first group.
        let starts = rule
            .members
            .iter()
            .filter_map(|name| name.strip_suffix('*'));
        let first = starts.map(|start| format!("{start}0_*"));
        let own = rule.members.iter().cloned();
        names.chain(own).chain(first).collect()
    }

    /// Returns the variables that a rule means by a name.
    fn members(&self, name: &str) -> Vec<&Variable> {
        let all = self.variables.iter();
        all.filter(|it| match name.strip_suffix('*') {
            Some(start) => it.name.starts_with(start),
            None => it.names.own == name,
        })
        .collect()
    }

    fn is_set(&self, name: &str, env: &Environment) -> bool {
        if name.ends_with('*') {
            let members = self.members(name);
            return members.iter().any(|it| it.name_in(env).is_some());
        }
        let is = |it: &&Variable| it.all_names().iter().any(|other| other == name);
        let variable = self.variables.iter().find(is);
        let Some(variable) = variable else {
            return false;
        };
        let switched = self.groups.iter().find_map(|group| match &group.when {
            When::Is(selector, words) if *selector == variable.name => Some(words),
            _ => None,
        });
        match switched {
            // A switch that is off is not set.
            Some(words) => variable
                .word_in(env)
                .is_some_and(|word| words.contains(&word)),
            None => variable.name_in(env).is_some(),
        }
    }

    fn is_any_set(&self, env: &Environment, is_meant: impl Fn(&Variable) -> bool) -> bool {
        let mut meant = self.variables.iter().filter(|it| is_meant(it));
        meant.any(|it| it.name_in(env).is_some())
    }

    fn find(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|it| it.name == name)
    }
}

impl Variable {
    fn of(json: &Value, texts: &BTreeMap<String, String>) -> Self {
        let text = |key: &str| json[key].as_str().map(concrete);
        let list = |key: &str| {
            let list = json[key].as_array().cloned().unwrap_or_default();
            list.iter()
                .map(|it| it.as_str().unwrap().to_owned())
                .collect::<Vec<String>>()
        };
        let name = text("name").unwrap();
        Self {
            names: Names {
                own: name.clone(),
                others: [list("aliases"), list("deprecated")].concat(),
                file: text("file"),
            },
            text: texts[&name].clone(),
            words: list("words"),
            field: json["field"].as_str().unwrap().to_owned(),
            is_required: json["required"] == true,
            default: text("default").or_else(|| text("default_from")),
            allows_empty: json["allow_empty"] == true,
            is_flag: json["present"] == true,
            name,
        }
    }

    fn all_names(&self) -> Vec<String> {
        let Names { own, others, file } = &self.names;
        let names = [own].into_iter().chain(others).chain(file);
        names.cloned().collect()
    }

    /// Returns the name under which an environment has the variable.
    pub(super) fn name_in<'e>(&self, env: &'e Environment) -> Option<&'e str> {
        let names = self.all_names().into_iter();
        let mut set = names.filter_map(|name| env.pairs.get_key_value(&name));
        let found = set.find(|(_, text)| !text.is_empty() || self.allows_empty || self.is_flag);
        found.map(|(name, _)| &**name)
    }

    fn word_in(&self, env: &Environment) -> Option<String> {
        match self.name_in(env) {
            Some(name) if self.names.file.as_deref() == Some(name) => Some(self.text.clone()),
            // The words of a bool.
            Some(name) => match &*env.pairs[name] {
                "1" | "yes" | "on" | "t" | "y" => Some("true".to_owned()),
                word => Some(word.to_owned()),
            },
            None => self.default.clone(),
        }
    }

    pub(super) fn refuses_empty(&self) -> bool {
        self.allows_empty && !self.is_flag
    }
}

impl Group {
    fn of(json: &Value) -> Self {
        let when = &json["when"];
        let list = |value: &Value| match value {
            Value::Array(list) => list
                .iter()
                .map(|it| concrete(it.as_str().unwrap()))
                .collect(),
            value => vec![concrete(value.as_str().unwrap())],
        };
        Self {
            field: json["field"].as_str().unwrap().to_owned(),
            when: match (&when["any_set"], &when["is"]) {
                (Value::Array(_), _) => When::AnyOf(list(&when["any_set"])),
                (Value::String(_), _) => When::AnySet,
                (_, is) => When::Is(concrete(when["variable"].as_str().unwrap()), list(is)),
            },
        }
    }
}

impl Rule {
    fn of(json: &Value) -> Self {
        let members = json["variables"].as_array().unwrap().iter();
        Self {
            kind: json["rule"].as_str().unwrap().to_owned(),
            members: members.map(|it| concrete(it.as_str().unwrap())).collect(),
        }
    }
}

fn is_inside(field: &str, outer: &str) -> bool {
    let rest = field.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn concrete(name: &str) -> String {
    name.replace("<N>", "0").replace("<KEY>", "MAIN")
}

/// Returns the text of each variable in an example.
fn texts(example: &str) -> BTreeMap<String, String> {
    let lines = example.lines().filter_map(|line| {
        let line = line.trim_start_matches("# ");
        let line = line
            .trim_start_matches("or instead: ")
            .trim_start_matches("in no .env file: ");
        let (name, text) = line.split_once('=')?;
        let is_name = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let quotes = ['\'', '"'];
        is_name.then(|| (name.to_owned(), text.trim_matches(quotes).to_owned()))
    });
    lines.collect()
}
