//! Exit codes, and the report as text, JSON, SARIF and for GitHub.

use serde_json::Value;

use crate::program::{Files, check, findings};

const WARNED: &str =
    "services:\n  app:\n    stop_grace_period: 1m\n    environment:\n      APP_HOME: /app\n";
const WRONG: &str =
    "services:\n  app:\n    stop_grace_period: 1m\n    environment:\n      APP_PORT: 80a0, 100%\n";

#[test]
fn exit_codes_are_0_64_and_78() {
    let files = Files::new(&[("warned.yaml", WARNED), ("wrong.yaml", WRONG)]);
    for (arguments, code) in [
        (&["warned.yaml"][..], 0),
        (&["--strict", "warned.yaml"], 78),
        (&["--deny-warnings", "warned.yaml"], 78),
        (&["warned.yaml", "--container", "app"], 0),
        (&["warned.yaml", "--container", "other"], 78),
        (&["wrong.yaml"], 78),
        (&["missing.yaml"], 78),
        (&[], 64),
        (&["--format", "xml", "wrong.yaml"], 64),
        (&["--strikt", "wrong.yaml"], 64),
        (&["wrong.yaml", "--container"], 64),
    ] {
        let checked = files.check(arguments);
        assert_eq!(checked.code, Some(code), "{arguments:?}: {checked:?}");
    }
}

#[test]
fn text_has_a_line_for_each_finding() {
    let files = Files::new(&[("warned.yaml", WARNED), ("wrong.yaml", WRONG)]);
    let checked = files.check(&["warned.yaml", "wrong.yaml"]);
    assert_eq!(
        checked.stdout,
        "warned.yaml:5:7: APP_HOME: warning: set, but no field reads it; remove it\n\
         wrong.yaml:5:17: APP_PORT: \"80a0, 100%\" is not a u16: it must be a number from 0 to \
         65535, such as 8000\n"
    );
    assert_eq!(checked.stderr, "");
}

#[test]
fn json_has_every_part() {
    let files = Files::new(&[("wrong.yaml", WRONG)]);
    let found = files.findings(&["wrong.yaml"]);
    let [finding] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!((finding.line, finding.column), (5, 17));
    assert_eq!((&*finding.code, &*finding.severity), ("invalid", "error"));
}

#[test]
fn github_shows_findings_beside_their_lines() {
    let files = Files::new(&[("a,b.yaml", WRONG)]);
    let checked = files.check(&["--format", "github", "a,b.yaml"]);
    assert_eq!(
        checked.stdout,
        "::error file=a%2Cb.yaml,line=5,col=17,title=invalid::APP_PORT: \"80a0, 100%25\" is not a \
         u16: it must be a number from 0 to 65535, such as 8000\n"
    );
}

#[test]
fn sarif_has_rules_levels_and_regions() {
    let files = Files::new(&[("warned.yaml", WARNED), ("a b.yaml", WRONG)]);
    let checked = files.check(&["--format", "sarif", "warned.yaml", "a b.yaml"]);
    let sarif: Value = serde_json::from_str(&checked.stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "invalid");
    let result = &run["results"][0];
    assert_eq!(
        (&result["ruleId"], &result["level"]),
        (&"invalid".into(), &"error".into())
    );
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.yaml");
    assert_eq!(place["region"]["startLine"], 5);
    assert_eq!(run["results"][1]["level"], "warning");
}

/// A name that a terminal obeys, and a value likewise.
const ODD_NAME: &str = "a\u{202e}\u{1b}[31m,:%\n.yaml";
const ODD: &str = "services:\n  app:\n    stop_grace_period: 1m\n    environment:\n      APP_PORT: \"8\\e[31m\u{202e}%0A::error::x\\n\"\n";

#[test]
fn no_format_holds_a_letter_that_a_terminal_obeys() {
    let files = Files::new(&[(ODD_NAME, ODD)]);
    for format in ["text", "json", "github", "sarif"] {
        let checked = files.check(&["--format", format, ODD_NAME]);
        assert_eq!(checked.code, Some(78), "{checked:?}");
        let is_obeyed = |letter: char| {
            letter.is_control() && letter != '\n' || ('\u{202a}'..='\u{202e}').contains(&letter)
        };
        assert!(!checked.stdout.contains(is_obeyed), "{checked:?}");
        assert_eq!(checked.stdout.lines().count(), 1, "{checked:?}");
    }
    let found = files.findings(&[ODD_NAME]);
    assert_eq!(found[0].file, ODD_NAME);
    let github = files.check(&["--format", "github", ODD_NAME]).stdout;
    assert!(
        github.starts_with("::error file=a\\u{202e}\\u{1b}[31m%2C%3A%25\\n.yaml,line=5,col=17,"),
        "{github}"
    );
}

#[test]
fn standard_input_holds_rendered_manifests_and_other_formats() {
    let files = Files::new(&[]);
    for (text, line, name) in [
        (
            include_str!("good/app.yaml").replace("value: \"4\"", "value: \"x\""),
            48,
            "APP_WORKERS",
        ),
        (WRONG.to_owned(), 5, "APP_PORT"),
        (
            "[Service]\nEnvironment=APP_PORT=x\n".to_owned(),
            2,
            "APP_PORT",
        ),
        ("# x\nAPP_PORT=x\n".to_owned(), 2, "APP_PORT"),
        ("FROM x\nENV APP_PORT=x\n".to_owned(), 2, "APP_PORT"),
    ] {
        let found = findings(&check(files.dir.path(), &["--format", "json", "-"], &text));
        let [finding] = &found[..] else {
            panic!("{text}: {found:?}")
        };
        assert_eq!(
            (&*finding.file, finding.line, &*finding.name),
            ("-", line, name)
        );
    }
}
