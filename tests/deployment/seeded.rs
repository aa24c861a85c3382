//! Each mistake of the table is named, by file, line, name, reason and remedy.

use std::collections::BTreeSet;
use std::fs::{self, File};

use demo_service::config::AppConfig;
use environ::{EnvConfig, embedded};

use crate::mistakes::{MISTAKES, Mistake};
use crate::program::{Files, Finding, PROGRAM, check};

/// The files without a mistake.
const GOOD: &[(&str, &str)] = &[
    ("app.yaml", include_str!("good/app.yaml")),
    ("compose.yaml", include_str!("good/compose.yaml")),
    (
        "demo-service.service",
        include_str!("good/demo-service.service"),
    ),
    (
        "demo-service.service.d/10-limits.conf",
        include_str!("good/demo-service.service.d/10-limits.conf"),
    ),
    (
        "demo-service.container",
        include_str!("good/demo-service.container"),
    ),
    ("unit.env", include_str!("good/unit.env")),
    (".env", include_str!("good/.env")),
    ("Dockerfile", include_str!("good/Dockerfile")),
    ("Procfile", include_str!("good/Procfile")),
    ("app.json", include_str!("good/app.json")),
    (
        "kustomization.yaml",
        include_str!("good/kustomization.yaml"),
    ),
];

/// Returns the files that are checked together with a file.
fn together(file: &'static str) -> Vec<&'static str> {
    match file {
        "unit.env" | "demo-service.service" => vec!["demo-service.service", "unit.env"],
        file => vec![file],
    }
}

#[test]
fn good_files_have_no_finding() {
    let files = Files::new(GOOD);
    for (file, _) in GOOD {
        assert_eq!(files.findings(&together(file)), [], "{file}");
    }
    let mut arguments = vec!["--deny-warnings", "--strict"];
    arguments.extend(GOOD.iter().map(|(file, _)| *file));
    let checked = files.check(&arguments);
    assert_eq!(
        (checked.code, &*checked.stdout),
        (Some(0), ""),
        "{checked:?}"
    );
}

#[test]
fn each_mistake_is_named_by_file_line_name_and_remedy() {
    let mut wrong = Vec::new();
    for mistake in MISTAKES {
        let findings = seeded(mistake);
        if !findings.iter().any(|finding| is_named(mistake, finding)) {
            let Mistake {
                file,
                to,
                line,
                name,
                code,
                ..
            } = mistake;
            wrong.push(format!(
                "{file}:{line}: {name} {code} ({to:?}): {findings:#?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} are not named:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_table_holds_sixty_mistakes_of_ten_kinds_in_every_format() {
    let kinds: BTreeSet<&str> = MISTAKES.iter().map(|mistake| mistake.code).collect();
    let files: BTreeSet<&str> = MISTAKES.iter().map(|mistake| mistake.file).collect();
    assert!(
        MISTAKES.len() >= 60 && kinds.len() >= 10,
        "{} {kinds:?}",
        MISTAKES.len()
    );
    assert_eq!(files.len(), GOOD.len());
}

/// A mistake in one place must not hide, or make, a finding in many further places.
#[test]
fn a_mistake_has_few_findings() {
    for mistake in MISTAKES {
        let findings = seeded(mistake);
        assert!(findings.len() <= 4, "{}: {findings:#?}", mistake.to);
    }
}

/// The mistakes that a specification cannot tell: four texts that code of the program reads, and
/// a validator.
const BY_THE_TYPE_ALONE: &[(&str, &str)] = &[
    ("app.yaml", "value: \":8001\""),
    ("app.yaml", "value: \"'[::]:8001'\""),
    ("compose.yaml", "${LEVEL:-inof}"),
    ("compose.yaml", "APP_SECRETS: fake"),
    (".env", "APP_LOG_LEVEL=$LEVEL"),
];

/// The mistakes that have another reason by a specification: the words are of code of the
/// program.
const IN_OTHER_WORDS: &[(&str, &str)] = &[
    (".env", "APP_PORT=80;APP_WORKERS=4"),
    (".env", "APP_PORT=80a0"),
];

#[test]
fn a_specification_judges_as_the_type_does() {
    let spec = tempfile::NamedTempFile::new().unwrap();
    fs::write(spec.path(), AppConfig::help().to_json()).unwrap();
    let spec = spec.path().to_str().unwrap();
    let (mut alone, mut other) = (Vec::new(), Vec::new());
    for mistake in MISTAKES {
        let files = seeded_files(mistake);
        let by_type = files.findings(&together(mistake.file));
        let by_spec = files.findings_by(spec, &together(mistake.file));
        let without_words = |finding: &Finding| Finding {
            message: String::new(),
            ..finding.clone()
        };
        let same = |one: &[Finding], other: &[Finding]| {
            one.iter()
                .map(without_words)
                .eq(other.iter().map(without_words))
        };
        if !same(&by_type, &by_spec) {
            alone.push((mistake.file, mistake.to));
        } else if by_type != by_spec {
            other.push((mistake.file, mistake.to));
        }
    }
    assert_eq!(alone, BY_THE_TYPE_ALONE);
    assert_eq!(other, IN_OTHER_WORDS);
}

#[test]
fn a_program_and_its_specification_judge_alike() {
    let files = Files::new(GOOD);
    let spec = embedded::read(File::open(PROGRAM).unwrap()).unwrap();
    files.write("spec.json", spec.as_bytes());
    for (file, _) in GOOD {
        assert_eq!(
            files.findings_by("spec.json", &together(file)),
            [],
            "{file}"
        );
    }
    for mistake in MISTAKES.iter().step_by(10) {
        let files = seeded_files(mistake);
        files.write("spec.json", spec.as_bytes());
        let [by_spec, by_program] =
            ["spec.json", PROGRAM].map(|spec| files.findings_by(spec, &together(mistake.file)));
        assert_eq!(by_spec, by_program, "{}", mistake.to);
    }
}

#[test]
fn a_file_without_a_specification_is_a_mistake_of_the_command_line() {
    let files = Files::new(GOOD);
    files.write("deep.json", deep().as_bytes());
    for (arguments, said) in [
        (
            &["--spec", "/bin/true", ".env"][..],
            "it holds no specification",
        ),
        (&["--spec", ".env", ".env"], "it holds no specification"),
        (&["--spec", "app.json", ".env"], "its `format` is not 1"),
        (
            &["--spec", "none.json", ".env"],
            "cannot judge by none.json",
        ),
        (&["--spec", "deep.json", ".env"], "it has no variables"),
        (&["--spec", "-", "-"], "cannot hold both"),
    ] {
        let checked = files.check(arguments);
        assert_eq!(checked.code, Some(64), "{checked:?}");
        assert!(checked.stderr.contains(said), "{checked:?}");
    }
    let spec = AppConfig::help().to_json();
    let checked = check(files.dir.path(), &["--spec", "-", "app.yaml"], &spec);
    assert_eq!((checked.code, &*checked.stdout), (Some(0), ""));
}

/// Returns a specification with a variable in 100,000 groups in each other.
fn deep() -> String {
    let field = "a.".repeat(100_000);
    format!(r#"{{"format": 1, "variables": [{{"name": "A", "field": "{field}a"}}]}}"#)
}

fn seeded(mistake: &Mistake) -> Vec<Finding> {
    seeded_files(mistake).findings(&together(mistake.file))
}

/// Returns all files, with the mistake in one of them.
fn seeded_files(mistake: &Mistake) -> Files {
    let Mistake { file, from, to, .. } = mistake;
    let files = Files::new(GOOD);
    let good = GOOD.iter().find(|(name, _)| name == file).unwrap().1;
    assert_eq!(good.matches(from).count(), 1, "{from:?} in {file}");
    files.write(file, good.replace(from, to).as_bytes());
    files
}

pub(crate) fn is_named(mistake: &Mistake, finding: &Finding) -> bool {
    finding.file == mistake.file
        && finding.line == mistake.line as u64
        && finding.name == mistake.name
        && finding.code == mistake.code
        && mistake
            .says
            .iter()
            .all(|part| finding.message.contains(part))
}
