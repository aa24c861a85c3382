//! The same configurations and environments for Python's environ-config and for
//! `environ`: the outcomes are the same, but for differences that are listed.
//!
//! `./tests/run` installs environ-config, and runs this.

#![expect(clippy::unwrap_used, reason = "a test that goes wrong ends in a panic")]

mod generate;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

const CONFIGS: usize = 150;
const CASES: usize = 3_000;

/// Where the two differ: on purpose, or since environ-config does not do what its
/// documentation says. Each case that differs has one of these names.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Difference {
    /// Set to nothing counts as not set: deployment tools render empties.
    EmptyIsNotSet,
    /// All groups report their missing variables, not the first group alone.
    AllGroupsAreReported,
    /// An optional group that contains a group is `None` when nothing in it is
    /// set; there it raises, against the documentation.
    OptionalGroupWithAGroup,
}

/// How often each must occur, or the test would show nothing of it.
const EXPECTED: &[(Difference, usize)] = &[
    (Difference::EmptyIsNotSet, 100),
    (Difference::AllGroupsAreReported, 100),
    (Difference::OptionalGroupWithAGroup, 100),
];

#[test]
fn environ_config_and_environ_agree_but_for_what_is_listed() {
    let mut random = generate::Random::new(20_260_101);
    let configs: Vec<_> = (0..CONFIGS)
        .map(|index| generate::config(&mut random, index))
        .collect();
    let cases: Vec<_> = (0..CASES)
        .map(|case| {
            let config = case % CONFIGS;
            let env = generate::environment(&mut random, &configs[config].names);
            json!({ "config": config, "env": env })
        })
        .collect();
    let specs: Vec<_> = configs.iter().map(|config| &config.spec).collect();
    let work = json!({ "configs": specs, "cases": cases });

    let program = build(&generate::program(&configs));
    let ours = outcomes(&mut Command::new(program), &work);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("differential/environ_config.py");
    let theirs = outcomes(Command::new(python()).arg(script), &work);
    assert_eq!((ours.len(), theirs.len()), (CASES, CASES));

    let mut found = Vec::new();
    for ((case, ours), theirs) in cases.iter().zip(&ours).zip(&theirs) {
        let config = &configs[usize::try_from(case["config"].as_u64().unwrap()).unwrap()];
        let told = || {
            format!(
                "{:#}\n{case:#}\nours: {ours:#}\ntheirs: {theirs:#}",
                config.spec
            )
        };
        assert_eq!(*ours, theirs["documented_without_empty"], "{}", told());
        let differences = differences(config, &case["env"], theirs);
        let is_same = *ours == theirs["environ_config"];
        assert!(
            is_same || !differences.is_empty(),
            "not explained\n{}",
            told()
        );
        found.extend(differences);
    }
    for (difference, least) in EXPECTED {
        let count = found.iter().filter(|found| *found == difference).count();
        assert!(
            count >= *least,
            "{difference:?} occurs in {count} of {CASES} cases"
        );
    }
}

/// Why environ-config does something else than we do.
fn differences(config: &generate::Config, env: &Value, theirs: &Value) -> Vec<Difference> {
    let mut differences = Vec::new();
    let (actual, documented) = (&theirs["environ_config"], &theirs["documented"]);
    let has_empty = env.as_object().unwrap().values().any(|text| text == "");
    if has_empty && *documented != theirs["documented_without_empty"] {
        differences.push(Difference::EmptyIsNotSet);
    }
    let missing = |outcome: &Value| -> Vec<String> {
        serde_json::from_value(outcome["missing"].clone()).unwrap_or_default()
    };
    let (actual, documented) = (missing(actual), missing(documented));
    let raises_for: Vec<_> = actual
        .iter()
        .filter(|name| !documented.contains(name))
        .collect();
    let unset = config.variables_of_unset_groups_with_groups(env);
    if !raises_for.is_empty() && raises_for.iter().all(|name| unset.contains(name)) {
        differences.push(Difference::OptionalGroupWithAGroup);
    }
    let hides = documented.iter().any(|name| !actual.contains(name));
    if hides && !actual.is_empty() {
        differences.push(Difference::AllGroupsAreReported);
    }
    differences
}

/// Builds the program in a workspace of its own, beside everything else that is
/// built for tests.
fn build(source: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("differential");
    fs::create_dir_all(root.join("src")).unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = format!(
        "[package]\nname = \"differential\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nenviron = {{ package = \"environ-config\", path = \"{}\" }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\n[workspace]\n",
        repository.join("environ").display()
    );
    fs::write(root.join("Cargo.toml"), manifest).unwrap();
    fs::copy(repository.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
    fs::write(root.join("src/main.rs"), source).unwrap();
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--target-dir", "target"])
        .current_dir(&root)
        .status()
        .unwrap();
    assert!(built.success(), "the generated program does not compile");
    root.join("target/debug/differential")
}

/// The output of the program for each case.
fn outcomes(command: &mut Command, work: &Value) -> Vec<Value> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let work = work.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(work.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{command:?} failed");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let python = root.join(".components/python/bin/python");
    assert!(
        python.exists(),
        "environ-config is not installed; run ./tests/run"
    );
    python
}
