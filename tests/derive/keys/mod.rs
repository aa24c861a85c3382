//! Combinations of the keys of `#[env(...)]`: structs that hold them, and random environments.
//!
//! The promises are those of the JSON specification and of the example, which a
//! [model](model) reads without the library. Every [pair](pairs) of keys that may stand together is
//! in one of the types.

/// Declares a type, and keeps its source, in which pairs of keys are counted.
macro_rules! recorded {
    ($name:ident: $($items:tt)*) => {
        $($items)*

        impl super::Recorded for $name {
            const SOURCE: &'static str = stringify!($($items)*);
        }
    };
}

mod groups;
mod model;
mod pairs;
mod values;
mod variables;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs;
use std::path::PathBuf;

use environ::{DotEnv, EnvConfig, Problem};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tempfile::TempDir;

use self::model::{Model, Names};

/// Environments for each struct.
const ENVIRONMENTS: u32 = 96;

/// A type that keeps its source.
trait Recorded {
    const SOURCE: &'static str;
}

/// A config type, by the tests of it.
#[derive(Clone, Copy)]
struct Case {
    source: &'static str,
    example: fn(),
    environments: fn(),
}

impl Case {
    const fn of<T: EnvConfig + Debug + Recorded>() -> Self {
        Self {
            source: T::SOURCE,
            example: assert_examples::<T>,
            environments: assert_environments::<T>,
        }
    }
}

const OTHERS: &[Case] = &[
    Case::of::<variables::Flags>(),
    Case::of::<groups::Flat>(),
    Case::of::<groups::Of>(),
];

fn cases() -> impl Iterator<Item = &'static Case> {
    [variables::CASES, values::CASES, groups::CASES, OTHERS]
        .into_iter()
        .flatten()
}

/// As it is, and with every comment removed.
#[test]
fn every_example_loads_and_is_valid() {
    for case in cases() {
        (case.example)();
    }
}

#[test]
fn every_load_answers_as_its_specification_says() {
    for case in cases() {
        (case.environments)();
    }
}

fn assert_examples<T: EnvConfig + Debug>() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".env");
    let model = Model::of(&T::help());
    for is_complete in [false, true] {
        let mut example = T::help().to_dotenv();
        if is_complete {
            example = example.replace("\n# ", "\n");
        }
        // A remark stays a comment.
        let names = |line: &str| {
            model
                .variables()
                .any(|it| line.starts_with(&format!("{}=", it.name)))
        };
        let lines = example.lines().map(|line| match line {
            line if names(line) || line.starts_with('#') => line.to_owned(),
            line => format!("# {line}"),
        });
        let lines: Vec<String> = lines.collect();
        fs::write(&path, lines.join("\n")).unwrap();
        let file = || DotEnv::from_path(&path);
        let loaded = T::loader().source(file()).strict().load();
        if let Err(err) = loaded {
            panic!("{err}\n{example}");
        }
        assert!(T::check(file()).is_ok());
    }
    environ::testing::assert_valid::<T>();
}

fn assert_environments<T: EnvConfig + Debug>() {
    let help = T::help();
    let model = Model::of(&help);
    let files = Files::of(&model);
    let variables = model.variables().count();
    let states = (proptest::collection::vec(any::<u8>(), variables), 0_u8..=4);
    let config = Config {
        cases: ENVIRONMENTS,
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    };
    let result = TestRunner::new(config).run(&states, |(states, density)| {
        let env = environment(&model, &files, &states, density);
        assert_load::<T>(&model, &env);
        Ok(())
    });
    if let Err(err) = result {
        panic!("{}: {err}", std::any::type_name::<T>());
    }
}

/// A file for each text of an example.
struct Files {
    dir: TempDir,
}

impl Files {
    fn of(model: &Model) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for variable in model.variables() {
            fs::write(dir.path().join(&variable.name), &variable.text).unwrap();
        }
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

/// An environment of texts that load, but for garbage.
#[derive(Debug, Default)]
struct Environment {
    pairs: BTreeMap<String, String>,
    /// The own names of the variables that are set to a text that may be wrong.
    garbage: Vec<String>,
}

fn environment(model: &Model, files: &Files, states: &[u8], density: u8) -> Environment {
    let mut env = Environment::default();
    for (variable, state) in model.variables().zip(states) {
        let (state, is_set) = (usize::from(state / 5), state % 5 < density);
        if !is_set {
            continue;
        }
        let Names { own, others, file } = &variable.names;
        let of = |index: usize| others.get(index).unwrap_or(own).clone();
        let text = variable.text.clone();
        let (name, text) = match state {
            0..=3 => {
                if variable.refuses_empty() {
                    env.garbage.push(own.clone());
                }
                (own.clone(), String::new())
            }
            4..=8 => (of(0), text),
            9..=12 => (of(1), text),
            13..=16 if file.is_some() => {
                let path = files.path(&variable.name).display().to_string();
                (file.clone().unwrap_or_default(), path)
            }
            17..=20 if density < 3 && variable.words.is_empty() => {
                env.garbage.push(own.clone());
                (
                    own.clone(),
                    ["\u{1}", "-", "x=", "  ", "9999999"][state % 5].to_owned(),
                )
            }
            21..=28 if !variable.words.is_empty() => {
                let words = &variable.words;
                (own.clone(), words[state % words.len()].clone())
            }
            _ => (own.clone(), text),
        };
        env.pairs.insert(name, text);
    }
    env
}

fn assert_load<T: EnvConfig + Debug>(model: &Model, env: &Environment) {
    let pairs = &env.pairs;
    let loaded = T::loader().source(pairs).load();
    let checked = T::check(pairs);
    let shown = loaded.as_ref().map(|loaded| format!("{:?}", loaded.config));
    let by_itself = T::from_source(pairs).map(|config| format!("{config:?}"));
    assert_eq!(
        shown.map_err(ToString::to_string),
        by_itself.map_err(|err| err.to_string())
    );
    for strict in [
        T::loader().source(pairs).strict().load(),
        T::loader().source(pairs).warn_unknown().load(),
    ] {
        // All names are the config's, so that none is unknown.
        let problems =
            |err: environ::Error| err.problems().map(Problem::to_string).collect::<Vec<_>>();
        let plain = T::loader()
            .source(pairs)
            .load()
            .map(|_| ())
            .map_err(problems);
        assert_eq!(strict.map(|_| ()).map_err(problems), plain);
    }
    match (loaded, checked) {
        (Ok(loaded), Ok(warnings)) => {
            assert_eq!(loaded.warnings, warnings);
            model.assert_loads(env, &loaded.origins);
        }
        (Err(err), Err(checked)) => {
            assert_eq!(err.to_string(), checked.to_string());
            assert!(!err.to_json().contains('\n'));
            model.assert_fails(env, &err);
        }
        (loaded, checked) => panic!("a load says {loaded:?}, a check {checked:?}"),
    }
}
