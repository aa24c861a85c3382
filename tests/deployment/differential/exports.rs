//! The formats of `config --format`, read by the tools that they are for.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Output};

use environ::EnvConfig;
use serde_json::{Value, json};

use super::run;
use crate::component::component;
use crate::exports::{Odd, expected};
use crate::program::{Files, printed};

fn said(output: &Output) -> String {
    let (stdout, stderr) = (&output.stdout, &output.stderr);
    String::from_utf8_lossy(&[&stdout[..], stderr].concat()).into_owned()
}

#[test]
fn compose_reads_each_text_as_it_was() {
    let files = Files::new(&[
        ("odd.yaml", &Odd::help().to_compose()),
        ("service.yaml", &printed("compose")),
        ("secrets/token", "x"),
    ]);
    let config = |file: &str| -> Value {
        let mut command = Command::new(component("python/bin/docker-compose"));
        command.current_dir(files.dir.path()).env_clear();
        let said = run(
            command.args(["--file", file, "config", "--format", "json"]),
            "",
        );
        serde_json::from_str(&said).unwrap()
    };
    let read = &config("odd.yaml")["services"]["odd"]["environment"];
    let mut read: BTreeMap<String, Option<String>> = serde_json::from_value(read.clone()).unwrap();
    let file = read.remove("ODD_TOKEN_FILE").unwrap();
    assert_eq!(file.as_deref(), Some("/run/secrets/token"));
    let read: BTreeMap<String, String> = read
        .into_iter()
        .map(|(name, text)| (name, text.unwrap().replace("$$", "$")))
        .collect();
    assert_eq!(read, expected());
    let service = &config("service.yaml")["services"]["demo-service"];
    assert_eq!(service["environment"]["APP_PORT"], "8000");
}

#[test]
fn systemd_accepts_the_drop_in() {
    let root = component("systemd");
    let dir = tempfile::tempdir_in(root.join("tmp")).unwrap();
    for (name, text) in [
        ("odd.service", Odd::help().to_systemd()),
        ("service.service", printed("systemd")),
    ] {
        let unit = text.replacen("[Service]", "[Service]\nExecStart=/bin/true", 1);
        fs::write(dir.path().join(name), unit).unwrap();
        let inside = dir.path().strip_prefix(&root).unwrap().join(name);
        let output = Command::new("chroot")
            .arg(&root)
            .args(["systemd-analyze", "verify", "--man=no"])
            .arg(format!("/{}", inside.display()))
            .output()
            .unwrap();
        assert_eq!((output.status.code(), &*said(&output)), (Some(0), ""));
    }
}

#[test]
fn json_schema_accepts_what_loads_and_rejects_mistakes() {
    let cases = [
        (json!({}), true),
        (
            json!({"APP_PORT": "80", "APP_LOG_FORMAT": "JSON", "APP_CHAOS": "yes"}),
            true,
        ),
        (json!({"APP_PORT": "80a0"}), false),
        (json!({"APP_LOG_FORMAT": "jsno"}), false),
        (json!({"APP_SECRETS": "vault"}), false),
    ];
    let script = "import sys, json, jsonschema\n\
        schemas, cases = json.load(sys.stdin)\n\
        for schema in schemas: jsonschema.Draft202012Validator.check_schema(schema)\n\
        print(json.dumps([jsonschema.Draft202012Validator(schemas[0]).is_valid(c) for c, _ in cases]))";
    let schemas: Vec<Value> = [printed("json-schema"), Odd::help().to_json_schema()]
        .iter()
        .map(|schema| serde_json::from_str(schema).unwrap())
        .collect();
    let said = run(
        Command::new(component("python/bin/python")).args(["-c", script]),
        &json!([schemas, cases]).to_string(),
    );
    let valid: Vec<bool> = serde_json::from_str(&said).unwrap();
    let expected: Vec<bool> = cases.iter().map(|(_, is_valid)| *is_valid).collect();
    assert_eq!(valid, expected);
}

#[test]
fn varlock_loads_the_schema_and_rejects_a_word() {
    let varlock = |schema: &str, env: &str| {
        let files = Files::new(&[(".env.schema", schema), (".env", env)]);
        Command::new("node")
            .arg(component("varlock/node_modules/varlock/bin/cli.js"))
            .args(["load", "--format", "json"])
            .current_dir(files.dir.path())
            .env("VARLOCK_TELEMETRY_DISABLED", "true")
            .output()
            .unwrap()
    };
    let schema = printed("env-schema");
    let right = varlock(&schema, "APP_PORT=80\n");
    assert!(right.status.success(), "{}", said(&right));
    let read: Value = serde_json::from_slice(&right.stdout).unwrap();
    assert_eq!(read["APP_PORT"], 80);
    let wrong = varlock(&schema, "APP_LOG_FORMAT=jsno\n");
    assert!(!wrong.status.success());
    assert!(said(&wrong).contains("APP_LOG_FORMAT"), "{}", said(&wrong));
    let odd = varlock(
        &Odd::help().to_env_schema(),
        "ODD_HOST=x\nODD_LEVEL=low\nODD_TOKEN=hunter2-hunter2\n",
    );
    assert!(odd.status.success(), "{}", said(&odd));
    let missing = varlock(&Odd::help().to_env_schema(), "ODD_LEVEL=low\n");
    assert!(said(&missing).contains("ODD_HOST"), "{}", said(&missing));
}

#[test]
fn man_and_mandoc_find_no_fault_with_the_page() {
    for page in [printed("man"), Odd::help().to_man()] {
        let files = Files::new(&[("page.7", &page)]);
        let path = files.dir.path().join("page.7");
        let lint = Command::new("mandoc")
            .args(["-Tlint", "-W", "warning"])
            .arg(&path)
            .output()
            .unwrap();
        // The page is the same whenever it is printed.
        let said = said(&lint);
        let faults: Vec<&str> = said
            .lines()
            .filter(|line| !line.contains("missing date"))
            .collect();
        assert_eq!(faults, [""; 0], "{page}");
    }
    let shown = {
        let files = Files::new(&[("page.7", &Odd::help().to_man())]);
        let path = files.dir.path().join("page.7");
        run(
            Command::new("mandoc")
                .args(["-Tutf8", "-Owidth=1000"])
                .arg(path),
            "",
        )
    };
    assert!(shown.contains("It \"quotes\" 'this'"), "{shown}");
}

/// The reports against the schema of SARIF 2.1.0 itself: of every severity, of odd names, and
/// without a finding.
#[test]
fn reports_are_valid_by_the_schema_of_sarif() {
    let odd = "a \u{202e}%é\n,#?.yaml";
    let wrong = "services:\n  app:\n    environment:\n      APP_PORT: \"x\\e\u{202e}\"\n      APP_HOME: /app\n";
    let other = "services:\n  other:\n    image: other\n";
    let good = "services:\n  app:\n    stop_grace_period: 1m\n    environment: {APP_PORT: '80'}\n";
    let files = Files::new(&[
        (odd, wrong),
        ("other.yaml", other),
        ("good.yaml", good),
        ("text.txt", "x"),
    ]);
    let arguments = [
        &[odd, "other.yaml", "none.yaml", "text.txt", "."][..],
        &["good.yaml"],
    ];
    let reports: Vec<Value> = arguments
        .iter()
        .map(|names| {
            let mut all = vec!["--format", "sarif"];
            all.extend(*names);
            serde_json::from_str(&files.check(&all).stdout).unwrap()
        })
        .collect();
    let levels: Vec<&str> = reports[0]["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["level"].as_str().unwrap())
        .collect();
    assert!(
        levels.contains(&"error") && levels.contains(&"warning"),
        "{levels:?}"
    );
    assert_eq!(reports[1]["runs"][0]["results"], json!([]));
    // The schema itself is checked too, and rejects a report without a version.
    let script = "import sys, json, jsonschema\n\
        schema = json.load(open(sys.argv[1]))\n\
        reports = json.load(sys.stdin)\n\
        jsonschema.Draft4Validator.check_schema(schema)\n\
        validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())\n\
        print(json.dumps([[e.message for e in validator.iter_errors(r)] for r in reports]))";
    let mut input = reports.clone();
    input.push(json!({"runs": []}));
    let said = run(
        Command::new(component("python/bin/python"))
            .args(["-c", script])
            .arg(component("sarif/sarif-2.1.0-rtm.5.json")),
        &Value::from(input).to_string(),
    );
    let errors: Vec<Vec<String>> = serde_json::from_str(&said).unwrap();
    assert_eq!((&errors[0], &errors[1]), (&vec![], &vec![]));
    assert!(!errors[2].is_empty());
}
