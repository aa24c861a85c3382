//! Each mistake of the table is named, by file, line, name, reason and remedy.

use std::collections::BTreeSet;

use crate::mistakes::{MISTAKES, Mistake};
use crate::program::{Files, Finding};

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

fn seeded(mistake: &Mistake) -> Vec<Finding> {
    let Mistake { file, from, to, .. } = mistake;
    let files = Files::new(GOOD);
    let good = GOOD.iter().find(|(name, _)| name == file).unwrap().1;
    assert_eq!(good.matches(from).count(), 1, "{from:?} in {file}");
    files.write(file, good.replace(from, to).as_bytes());
    files.findings(&together(file))
}

fn is_named(mistake: &Mistake, finding: &Finding) -> bool {
    finding.file == mistake.file
        && finding.line == mistake.line as u64
        && finding.name == mistake.name
        && finding.code == mistake.code
        && mistake
            .says
            .iter()
            .all(|part| finding.message.contains(part))
}
