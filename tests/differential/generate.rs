//! Random configurations and environments, the same for the same seed.

use std::collections::HashSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

/// A xorshift generator: a seed can be repeated.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).unwrap()
    }

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// None begins with an underscore: environ-config cannot load those at all.
const FIELDS: &[&str] = &[
    "host", "port", "url", "db_url", "level", "a", "b_c", "x1", "type",
];
const PREFIXES: &[&str] = &["db", "XYZ", "my_app", "cache"];
const TEXTS: &[&str] = &[
    "foo", "0123", " padded ", "a,b\\,c", "ünï", "true", "1", "yes ", "ture", "0",
];

/// A configuration, and the names of its variables.
pub(crate) struct Config {
    pub(crate) spec: Value,
    pub(crate) names: Vec<String>,
}

impl Config {
    /// The variables of optional groups that contain a group, and of which
    /// nothing is set.
    pub(crate) fn variables_of_unset_groups_with_groups(&self, env: &Value) -> Vec<String> {
        let mut names = Vec::new();
        let root = self.spec["prefix"].as_str().unwrap_or("APP");
        unset_groups(&self.spec, root, env, &mut names);
        names
    }
}

fn unset_groups(spec: &Value, path: &str, env: &Value, names: &mut Vec<String>) {
    for group in fields(spec).filter(|field| field["kind"] == "group") {
        let (inner, path) = (&group["spec"], group_path(group, path));
        let mut of_group = Vec::new();
        collect(inner, &path, &mut of_group);
        let has_group = fields(inner).any(|field| field["kind"] == "group");
        let is_set = of_group.iter().any(|name| env.get(name).is_some());
        if group["optional"] == true && has_group && !is_set {
            names.extend(of_group);
        }
        unset_groups(inner, &path, env, names);
    }
}

/// Makes a configuration in which every variable is read once: two that are do
/// not compile here, and are not noticed there.
pub(crate) fn config(random: &mut Random, index: usize) -> Config {
    loop {
        let mut next = 0;
        let spec = structure(random, index, &mut next, 0);
        let mut names = Vec::new();
        let root = spec["prefix"].as_str().unwrap_or("APP").to_owned();
        collect(&spec, &root, &mut names);
        let distinct: HashSet<_> = names.iter().collect();
        if distinct.len() == names.len() {
            return Config { spec, names };
        }
    }
}

fn structure(random: &mut Random, index: usize, next: &mut usize, depth: usize) -> Value {
    let ident = format!("C{index}x{next}");
    *next += 1;
    let mut fields = Vec::new();
    let mut used = HashSet::new();
    for _ in 0..=random.below(4) {
        let name = random.pick(FIELDS);
        if !used.insert(name) {
            continue;
        }
        fields.push(if depth < 3 && random.percent(45) {
            json!({
                "kind": "group",
                "name": name,
                "optional": random.percent(60),
                "spec": structure(random, index, next, depth + 1),
            })
        } else {
            variable(random, name)
        });
    }
    let prefix = match random.below(10) {
        0..=1 => json!(random.pick(PREFIXES)),
        2 => json!(""),
        _ => Value::Null,
    };
    json!({ "ident": ident, "prefix": prefix, "fields": fields })
}

fn variable(random: &mut Random, name: &str) -> Value {
    let is_bool = random.percent(20);
    let default = match (random.percent(45), is_bool) {
        (false, _) => Value::Null,
        (true, true) => random.percent(50).into(),
        (true, false) => random.pick(TEXTS).into(),
    };
    let full_name = if random.percent(8) {
        json!(format!("FULL_{}", random.below(1_000)))
    } else {
        Value::Null
    };
    json!({
        "kind": if is_bool { "bool" } else { "var" },
        "name": name,
        "default": default,
        "full_name": full_name,
    })
}

fn fields(spec: &Value) -> impl Iterator<Item = &Value> {
    spec["fields"].as_array().into_iter().flatten()
}

fn collect(spec: &Value, path: &str, names: &mut Vec<String>) {
    for field in fields(spec) {
        if field["kind"] == "group" {
            collect(&field["spec"], &group_path(field, path), names);
        } else {
            let own = || joined(path, field["name"].as_str().unwrap());
            names.push(field["full_name"].as_str().map_or_else(own, str::to_owned));
        }
    }
}

fn group_path(group: &Value, path: &str) -> String {
    let own = group["spec"]["prefix"].as_str();
    let own = own
        .filter(|prefix| !prefix.is_empty())
        .or(group["name"].as_str());
    joined(path, own.unwrap())
}

fn joined(path: &str, segment: &str) -> String {
    match path {
        "" => segment.to_uppercase(),
        path => format!("{path}_{segment}").to_uppercase(),
    }
}

/// Makes an environment in which some of the variables are set.
pub(crate) fn environment(random: &mut Random, names: &[String]) -> Value {
    let density = [0, 15, 40, 70, 100][random.below(5)];
    let mut env = serde_json::Map::new();
    for name in names {
        if random.percent(density) {
            let text = if random.percent(10) {
                ""
            } else {
                random.pick(TEXTS)
            };
            env.insert(name.clone(), text.into());
        }
    }
    if random.percent(30) {
        env.insert("NEIGHBOUR".to_owned(), "x".into());
    }
    env.into()
}

/// Writes the program that loads the configurations with `environ`.
pub(crate) fn program(configs: &[Config]) -> String {
    let mut source = String::from(
        "//! Written by the differential test.\n\
         #![allow(dead_code, non_snake_case)]\n\
         use environ::EnvConfig;\nuse serde::Serialize;\n",
    );
    let mut arms = String::new();
    for (index, config) in configs.iter().enumerate() {
        define(&config.spec, &mut source);
        let ident = config.spec["ident"].as_str().unwrap();
        let _ = writeln!(arms, "        {index} => outcome::<{ident}>(env),");
    }
    source.push_str(
        include_str!("program.rs.in")
            .replace("/* arms */", arms.trim_end())
            .as_str(),
    );
    source
}

fn define(spec: &Value, source: &mut String) {
    for field in fields(spec).filter(|field| field["kind"] == "group") {
        define(&field["spec"], source);
    }
    source.push_str("\n#[derive(Serialize, EnvConfig)]\n");
    if let Some(prefix) = spec["prefix"].as_str() {
        let _ = writeln!(source, "#[env(prefix = {prefix:?})]");
    }
    let _ = writeln!(source, "struct {} {{", spec["ident"].as_str().unwrap());
    for field in fields(spec) {
        let name = field["name"].as_str().unwrap();
        let (words, ty) = if field["kind"] == "group" {
            let ident = field["spec"]["ident"].as_str().unwrap();
            let optional = field["optional"] == true;
            let ty = if optional {
                format!("Option<{ident}>")
            } else {
                ident.to_owned()
            };
            (vec!["group".to_owned()], ty)
        } else {
            let mut words = Vec::new();
            if !field["default"].is_null() {
                words.push(format!("default = {}", field["default"]));
            }
            if let Some(full) = field["full_name"].as_str() {
                words.push(format!("name = {full:?}"));
            }
            let is_bool = field["kind"] == "bool";
            if is_bool {
                words.push("truthy".to_owned());
            }
            (words, if is_bool { "bool" } else { "String" }.to_owned())
        };
        if !words.is_empty() {
            let _ = writeln!(source, "    #[env({})]", words.join(", "));
        }
        let raw = if name == "type" { "r#" } else { "" };
        let _ = writeln!(source, "    {raw}{name}: {ty},");
    }
    source.push_str("}\n");
}
