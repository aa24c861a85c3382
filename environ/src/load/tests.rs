//! Whether a comparison of specifications tells every breaking change, and whether the document of
//! a specification has all that a load judges by: random tables are loaded from random
//! environments.

mod model;
mod mutate;
mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use self::model::{Random, Root};
use super::{untyped, Loading};
use crate::help::{Changes, Help};
use crate::lookup::Lookup;
use crate::report::Problem;
use crate::spec::{parsed, variables, Spec};

const PAIRS: usize = 200;

const SEED: u64 = 6;

/// Rounds of the search for an environment that loads.
const ROUNDS: usize = 12;

/// Environments of each pair.
const ENVIRONMENTS: usize = 150;

type Env = BTreeMap<String, String>;

/// Returns the problems of a load, without the search for names that may be meant.
fn problems(spec: &'static Spec, env: &Env) -> Vec<Problem> {
    let lookup = Lookup::new(Some(env), &[], &[], spec, "APP");
    let mut loading = Loading::new(lookup, spec.items);
    untyped::load(&mut loading);
    if loading.is_any_of_several {
        let variables = loading.lookup.all_variables();
        loading.report_conflicts(&variables);
    }
    loading.problems
}

/// The names that a table reads, with groups of lists and maps.
fn names(spec: &'static Spec) -> Vec<String> {
    let instances = |kind: &crate::spec::Kind, _: &crate::name::Path<'_>| match kind {
        crate::spec::Kind::List(_) => vec!["0".to_owned(), "1".to_owned()],
        crate::spec::Kind::Map(_) => vec!["EU".to_owned(), "EU_B".to_owned()],
        _ => Vec::new(),
    };
    let variables = variables::of(spec.items, &spec.root_path(), &instances);
    let names = variables.iter().flat_map(variables::Variable::all_names);
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Texts of which most types take some.
const TEXTS: [&str; 19] = [
    "", "1", "7", "3", "200", "70000", "x", "1,2", "1;2", "true", "no", "one", "two", "three",
    "uno", "four", "5s", "7,x", "x=7",
];

struct Files(Vec<PathBuf>);

impl Files {
    /// Writes the files of a test.
    fn new(test: &str) -> Self {
        let dir = std::env::temp_dir();
        let paths = ["", "7", "x", "one"]
            .into_iter()
            .enumerate()
            .map(|(at, text)| {
                let path = dir.join(format!("environ-{test}-{}-{at}", std::process::id()));
                std::fs::write(&path, text).unwrap();
                path
            });
        Self(paths.collect())
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for path in &self.0 {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn text(random: &mut Random, files: &Files, name: &str) -> String {
    if name.ends_with("_FILE") {
        return files.0[random.below(files.0.len())].display().to_string();
    }
    random.pick(&TEXTS).to_owned()
}

/// Returns an environment of the names that `spec` reads. It loads if the search succeeds, which
/// has so many rounds at most.
fn environment(
    random: &mut Random,
    files: &Files,
    spec: &'static Spec,
    all: &[String],
    rounds: usize,
) -> Env {
    let density = random.below(100);
    let mut env = Env::new();
    for name in all {
        let percent = if name.ends_with("_FILE") { 8 } else { density };
        let is_set = random.below(100) < percent;
        if is_set {
            env.insert(name.clone(), text(random, files, name));
        }
    }
    // The report names the variables to change.
    for _ in 0..rounds {
        let problems = problems(spec, &env);
        if problems.is_empty() {
            break;
        }
        let wrong = problems.iter().map(Problem::variable);
        for name in wrong.map(str::to_owned) {
            let is_kept = random.below(4) > 0;
            if is_kept && all.contains(&name) {
                let text = text(random, files, &name);
                env.insert(name, text);
            } else {
                env.remove(&name);
                let start = name.trim_end_matches('*').to_owned();
                if start.len() < name.len() {
                    env.retain(|name, _| !name.starts_with(&start));
                }
            }
        }
    }
    env
}

fn compared(old: &'static Spec, new: &'static Spec) -> Changes {
    Help::of(new).diff(&Help::of(old).to_json()).unwrap()
}

#[derive(Debug, Default)]
struct Counts {
    pairs: usize,
    breaking: usize,
    seen_to_break: usize,
    loaded: usize,
    /// Pairs with breaking changes that no environment showed, by the kind of the first change.
    unseen: BTreeMap<String, usize>,
}

/// Makes the document of an earlier release.
fn remove_new_members(document: &mut Value) {
    let members = document.as_object_mut().unwrap();
    members.remove("paths");
    for rule in members
        .get_mut("rules")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        rule.as_object_mut().unwrap().remove("fields");
    }
}

/// Environments of each table that is read from its document.
const ENVIRONMENTS_OF_A_DOCUMENT: usize = 50;

/// A deployment check reads the document of another program.
#[test]
fn a_table_that_is_read_from_its_document_judges_as_the_table_itself() {
    let files = Files::new("documents");
    let mut random = Random::new(SEED);
    let mut problems_seen = 0;
    for _ in 0..PAIRS {
        let Some(table) = table::spec(&Root::random(&mut random)) else {
            continue;
        };
        let document = Help::of(table).to_json();
        let mut value = serde_json::from_str(&document).unwrap();
        let read = parsed::spec(&value).unwrap();
        assert_eq!(Help::of(read).to_json(), document);
        let all = names(table);
        assert_eq!(names(read), all, "{document}");
        remove_new_members(&mut value);
        let earlier = parsed::spec(&value).unwrap();
        assert_eq!(names(earlier), all, "{document}");
        for _ in 0..ENVIRONMENTS_OF_A_DOCUMENT {
            let rounds = random.below(3);
            let env = environment(&mut random, &files, table, &all, rounds);
            let told = |spec| -> Vec<String> {
                problems(spec, &env)
                    .iter()
                    .map(Problem::to_string)
                    .collect()
            };
            let expected = told(table);
            assert_eq!(told(read), expected, "{env:?}\n{document}");
            problems_seen += expected.len();
        }
    }
    assert!(problems_seen > 1_000, "{problems_seen}");
}

#[test]
#[expect(clippy::print_stderr, reason = "false positives are no failure")]
fn every_change_that_breaks_a_deployment_is_said_to_be_breaking() {
    let files = Files::new("releases");
    let mut random = Random::new(SEED);
    let mut counts = Counts::default();
    let mut missed = Vec::new();
    while counts.pairs < PAIRS {
        let old_model = Root::random(&mut random);
        let mut new_model = old_model.clone();
        for _ in 0..=random.below(3) {
            new_model.mutate(&mut random);
        }
        let (Some(old), Some(new)) = (table::spec(&old_model), table::spec(&new_model)) else {
            continue;
        };
        let changes = compared(old, new);
        let is_breaking = changes.iter().any(crate::help::Change::is_breaking);
        counts.pairs += 1;
        counts.breaking += usize::from(is_breaking);
        let all = names(old);
        let mut is_seen = false;
        for _ in 0..ENVIRONMENTS {
            let env = environment(&mut random, &files, old, &all, ROUNDS);
            if !problems(old, &env).is_empty() {
                continue;
            }
            counts.loaded += 1;
            let problems = problems(new, &env);
            if !problems.is_empty() {
                is_seen = true;
                if !is_breaking {
                    missed.push(format!(
                        "{changes}\n{env:?}\n{problems:?}\n{}\n{}",
                        Help::of(old),
                        Help::of(new)
                    ));
                }
                break;
            }
        }
        counts.seen_to_break += usize::from(is_seen);
        let first = changes.iter().next().filter(|_| is_breaking && !is_seen);
        if let Some(first) = first {
            let kind = format!("{:?}", first.kind());
            let kind = kind.split(' ').next().unwrap_or_default();
            *counts.unseen.entry(kind.to_owned()).or_default() += 1;
        }
    }
    eprintln!(
        "{} false negatives; {} false positives at most; {counts:?}",
        missed.len(),
        counts.unseen.values().sum::<usize>(),
    );
    assert!(
        missed.is_empty(),
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n\n")
    );
    // A comparison that calls everything breaking would pass otherwise.
    assert!(counts.breaking < counts.pairs * 9 / 10, "{counts:?}");
    // A load tells nothing of a name that is no longer read. Of the rest, 7 in 10 are seen.
    let removed = counts.unseen.get("Removed").copied().unwrap_or_default();
    let breaking = counts.breaking - removed;
    assert!(counts.seen_to_break > counts.pairs / 10, "{counts:?}");
    assert!(counts.seen_to_break > breaking * 2 / 5, "{counts:?}");
    assert!(counts.loaded > counts.pairs * 20, "{counts:?}");
}
