//! Compose files against Compose itself, which reads them with compose-go: references, files of
//! variables, services that extend each other, anchors and merges.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, Output};

use environ::EnvConfig;
use environ::deployment::Finding;
use serde_json::Value;

use super::{FILES, PARTS, Random, Variables, env_file, read};
use crate::asked::Nothing;
use crate::component::component;
use crate::program::Files;

/// References of each kind, to variables that are set, empty and unset, and `$` in other places.
const REFERENCES: &[&str] = &[
    "$",
    "a$ b",
    "$5",
    "$A",
    "${A}",
    "${A:-d}",
    "${A-d}",
    "${A:+x}",
    "${A+x}",
    "${A:?no}",
    "${A?no}",
    "${E:-d}",
    "${E-d}",
    "${E:+x}",
    "${E+x}",
    "${E?no}",
    "${U}",
    "$U",
    "${U:-d}",
    "${U-d}",
    "${U:+x}",
    "${U+x}",
    "$$",
    "$$A",
    "$${A}",
    "$$$A",
    "${U:-${A}}",
    "${U:-${V:-e}}",
    "${A:+${E:-f}}",
    "${U-$$x}",
    "${U:-a:-b}",
    "${U:-}",
    "${U-}",
    "${U:-a?b}",
    "${U-{}}",
    "${U:-x y}",
    "${U:-\"q\"}",
    "${A}${A}",
    "a$A-b",
    "x${A}y",
    "$A$A",
];

/// References that Compose rejects, some of them if a variable is unset.
const MALFORMED: &[&str] = &[
    "${", "${}", "${A", "${A!x}", "${5}", "${A:x}", "${U:?no}", "${E:?no}", "${U?}", "${A:}",
    "${ A}",
];

/// The values of a map that YAML does not read as text.
const PLAIN: &[&str] = &[
    "",
    "~",
    "null",
    "8000",
    "-1",
    "0.5",
    "true",
    "no",
    "010",
    "1e3",
    "0x1F",
    "a b",
    "1_000",
    "2024-01-01",
    "1.50",
    "0",
    "Null",
    "off",
];

fn value(random: &mut Random) -> String {
    let parts = [
        "a", "B", "1", " ", "#", "\"", "'", "\\", "=", ":", "%", "é", "/",
    ];
    let mut text = String::new();
    for _ in 0..=random.below(3) {
        match random.below(12) {
            0..6 => text.push_str(random.one_of(REFERENCES)),
            6 if random.below(30) == 0 => text.push_str(random.one_of(MALFORMED)),
            _ => text.push_str(random.one_of(&parts)),
        }
    }
    text
}

/// Returns `environment` in one line: a map, or a list.
fn environment(random: &mut Random, names: &[&str]) -> String {
    let mut entries = Vec::new();
    let is_list = random.below(3) == 0;
    for name in names
        .iter()
        .filter(|_| random.below(3) > 0)
        .collect::<Vec<_>>()
    {
        entries.push(match (is_list, random.below(8)) {
            (true, 0) => (*name).to_owned(),
            (true, 1) => format!("{name}="),
            (true, _) => serde_json::to_string(&format!("{name}={}", value(random))).unwrap(),
            (false, 0 | 1) => format!("{name}: {}", random.one_of(PLAIN)),
            (false, _) => format!("{name}: {}", serde_json::to_string(&value(random)).unwrap()),
        });
    }
    if is_list {
        return format!("[{}]", entries.join(", "));
    }
    match random.below(4) {
        0 => entries.insert(0, "<<: *one".to_owned()),
        1 => entries.push("<<: [*two, *one]".to_owned()),
        _ => {}
    }
    format!("{{{}}}", entries.join(", "))
}

/// Returns a file of variables that Compose accepts, as a rule.
fn plain_env_file(random: &mut Random) -> String {
    let mut text = String::new();
    for index in 0..=random.below(5) {
        let value = value(random).replace(['"', '\'', '\\'], "");
        let quote = random.one_of(&["", "", "\"", "'"]);
        let start = random.one_of(&["", "", "export ", "  "]);
        let operator = random.one_of(&["=", "=", " = ", ": ", "= "]);
        let end = random.one_of(&["\n", "\n", " # c\n", "\r\n", "\n\n# c\n"]);
        write!(text, "{start}X_{index}{operator}{quote}{value}{quote}{end}").unwrap();
    }
    text
}

fn compose_file(random: &mut Random) -> String {
    let names = ["X_A", "X_B", "X_C", "X_D", "X_E"];
    let one = value(random).replace('{', "");
    let two = value(random).replace('{', "");
    let mut text = format!(
        "x-one: &one {{X_A: {}, X_F: one}}\nx-two: &two {{X_B: {}, X_F: two}}\nservices:\n",
        serde_json::to_string(&one).unwrap(),
        serde_json::to_string(&two).unwrap()
    );
    for index in 0..3 {
        write!(text, "  s{index}:\n    image: i\n").unwrap();
        if index > 0 && random.below(2) == 0 {
            let base = random.below(index);
            let extends = if random.below(2) == 0 {
                format!("s{base}")
            } else {
                format!("{{service: s{base}}}")
            };
            writeln!(text, "    extends: {extends}").unwrap();
        }
        match random.below(6) {
            0 => text.push_str("    env_file: a.env\n"),
            1 => text.push_str("    env_file: [a.env, {path: raw.env, format: raw}]\n"),
            2 => text.push_str(
                "    env_file:\n      - {path: none.env, required: false}\n      - path: a.env\n",
            ),
            3 => text.push_str("    env_file: [{path: raw.env, format: raw}, \"${U:-a}.env\"]\n"),
            _ => {}
        }
        if random.below(5) > 0 {
            writeln!(text, "    environment: {}", environment(random, &names)).unwrap();
        }
    }
    text
}

fn config(files: &Files) -> Output {
    Command::new(component("python/bin/docker-compose"))
        .current_dir(files.dir.path())
        .env_clear()
        .args(["--file", "compose.yaml", "config", "--format", "json"])
        .output()
        .unwrap()
}

/// Returns the variables of each service that have a value.
fn theirs(output: &Output) -> BTreeMap<String, Variables> {
    let config: Value = serde_json::from_slice(&output.stdout).unwrap();
    let services = config["services"].as_object().unwrap().iter();
    let services = services.map(|(name, service)| {
        let variables = service["environment"].as_object().into_iter().flatten();
        let variables = variables.filter_map(|(name, value)| {
            Some((name.replace("$$", "$"), value.as_str()?.replace("$$", "$")))
        });
        (name.clone(), variables.collect())
    });
    services.collect()
}

#[test]
fn compose_files_are_read_as_compose_does() {
    let mut random = Random(20_270_105);
    let files = Files::new(&[(".env", "A=set\nE=\n")]);
    let path = files.dir.path().join("compose.yaml");
    let parts: Vec<&str> = PARTS
        .iter()
        .copied()
        .chain(["${A}", "$A", "${U:-d}"])
        .collect();
    let (mut compared, mut unknown, mut rejected, mut wrong) = (0, 0, 0, Vec::new());
    for _ in 0..FILES {
        let text = compose_file(&mut random);
        let a = if random.below(4) == 0 {
            env_file(&mut random, &parts)
        } else {
            plain_env_file(&mut random)
        };
        let raw = env_file(&mut random, PARTS).replace("export ", "");
        for (name, text) in [("compose.yaml", &text), ("a.env", &a), ("raw.env", &raw)] {
            files.write(name, text.as_bytes());
        }
        let output = config(&files);
        let report = Nothing::deployment().program("i").file(&path).check();
        // Of a name alone, because no field of the type has it.
        let told: Vec<&Finding> = (report.findings())
            .filter(|finding| !matches!(finding.code(), "unknown" | "case"))
            .collect();
        let shown = || format!("{text}\na.env: {a:?}\nraw.env: {raw:?}\n{report}");
        // The program of the package ends with 0 whatever Compose says.
        if output.stdout.is_empty() {
            rejected += 1;
            let said = String::from_utf8_lossy(&output.stderr);
            // The environment of the command may set the variable, and a brace in a default is
            // not judged.
            let is_left_out = said.contains("required variable") || text.contains("-{}");
            if told.is_empty() && !is_left_out {
                wrong.push(format!("{}\nCompose: {said}", shown()));
            }
            continue;
        }
        let ours = read(std::slice::from_ref(&path));
        for (service, theirs) in theirs(&output) {
            let Some(ours) = ours.get(&service) else {
                if told.is_empty() && !theirs.is_empty() {
                    wrong.push(format!("{service} is not read\n{}", shown()));
                }
                continue;
            };
            let is_named = |name: &str| told.iter().any(|finding| finding.name() == name);
            let invented = ours
                .keys()
                .find(|name| !theirs.contains_key(*name) && !is_named(name));
            if let Some(name) = invented {
                wrong.push(format!("{service}: {name} is ours alone\n{}", shown()));
            }
            for (name, value) in &theirs {
                match ours.get(name) {
                    Some(own) if own == value => compared += 1,
                    Some(_) if is_named(name) => {}
                    Some(own) => {
                        wrong.push(format!("{service}: {name} {own:?} {value:?}\n{}", shown()));
                    }
                    None => unknown += 1,
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {FILES}:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
    assert!(
        compared > 1_500 && unknown < compared / 2 && rejected < FILES * 3 / 5,
        "{compared} {unknown} {rejected}"
    );
}
