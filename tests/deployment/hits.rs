//! `config --diff OLD FILE...`: the lines of a deployment that the changes of a release concern.

use std::process::Command;

use environ::EnvConfig;
use serde_json::Value;

use crate::program::{Files, PROGRAM, printed};

mod old {
    #[derive(environ::EnvConfig)]
    #[env(prefix = "SHOP")]
    #[expect(dead_code, reason = "only its specification is read")]
    pub(super) struct Shop {
        #[env(default = 8000)]
        port: u16,
        size: Option<u32>,
        word: Option<Word>,
        gone: Option<String>,
        name: Option<String>,
        #[env(default = "5s")]
        timeout: std::time::Duration,
        #[env(group)]
        db: std::collections::BTreeMap<String, Db>,
    }

    #[derive(environ::EnvValue)]
    pub(super) enum Word {
        One,
        Two,
    }

    #[derive(environ::EnvConfig)]
    #[expect(dead_code, reason = "only its specification is read")]
    pub(super) struct Db {
        url: String,
        role: Option<String>,
    }
}

mod new {
    #[derive(environ::EnvConfig)]
    #[env(prefix = "SHOP")]
    #[expect(dead_code, reason = "only its specification is read")]
    pub(super) struct Shop {
        #[env(default = 8000)]
        port: u16,
        #[env(range = 1..=9)]
        size: Option<u32>,
        word: Option<Word>,
        #[env(deprecated = "SHOP_NAME")]
        title: String,
        #[env(default = "9s")]
        timeout: std::time::Duration,
        #[env(group)]
        db: std::collections::BTreeMap<String, Db>,
    }

    #[derive(environ::EnvValue)]
    pub(super) enum Word {
        One,
        Three,
    }

    #[derive(environ::EnvConfig)]
    #[expect(dead_code, reason = "only its specification is read")]
    pub(super) struct Db {
        url: String,
        role: String,
    }
}

fn hits(text: &str) -> Vec<String> {
    let files = Files::new(&[("compose.yaml", text)]);
    let changes = new::Shop::help()
        .diff(&old::Shop::help().to_json())
        .unwrap();
    let file = files.dir.path().join("compose.yaml");
    let report = new::Shop::deployment().file(&file).hits(&changes);
    let start = format!("{}:", file.display());
    let lines = report.findings().map(ToString::to_string);
    lines.map(|line| line.replace(&start, "")).collect()
}

#[test]
fn each_line_that_a_change_concerns_is_named() {
    let all = "services:\n  shop:\n    environment:\n      SHOP_SIZE: \"10\"\n      SHOP_WORD: two\n\
               \x20     SHOP_GONE: x\n      SHOP_DB_EU_URL: x\n";
    assert_eq!(
        hits(all),
        [
            "2:3: SHOP_TIMEOUT: warning: default of SHOP_TIMEOUT changed from 5s to 9s; set it to \
             keep the old value",
            "2:3: SHOP_TITLE: newly requires SHOP_TITLE; set it",
            "4:18: SHOP_SIZE: range of SHOP_SIZE changed from none to from 1 to 9; correct it",
            "5:18: SHOP_WORD: SHOP_WORD can no longer be two; write another word",
            "6:7: SHOP_GONE: no longer reads SHOP_GONE; remove it",
            "7:7: SHOP_DB_EU_ROLE: newly requires SHOP_DB_<KEY>_ROLE where any SHOP_DB_<KEY>_* is \
             set; set it",
        ]
    );
}

#[test]
fn a_deployment_that_no_change_concerns_has_no_findings() {
    let none = "services:\n  shop:\n    environment:\n      SHOP_TIMEOUT: 1s\n      SHOP_WORD: one\n\
                \x20     SHOP_TITLE: x\n      SHOP_DB_EU_URL: x\n      SHOP_DB_EU_ROLE: x\n";
    assert_eq!(hits(none), [""; 0]);
    let fine = none.replace("SHOP_TITLE: x", "SHOP_SIZE: \"5\"\n      SHOP_NAME: x");
    let found = hits(&fine);
    assert!(
        found.iter().all(|line| line.contains(": warning: ")),
        "{found:?}"
    );
}

#[test]
fn the_program_exits_with_1_where_a_deployment_breaks() {
    let mut old: Value = serde_json::from_str(&printed("json")).unwrap();
    for variable in old["variables"].as_array_mut().unwrap() {
        if variable["name"] == "APP_CHAOS" {
            variable["name"] = "APP_MISCHIEF".into();
        }
    }
    let files = Files::new(&[
        ("old.json", &old.to_string()),
        (".env", "APP_PORT=80\nAPP_MISCHIEF=true\n"),
        ("other.env", "APP_PORT=80\n"),
    ]);
    let diff = |file: &str| {
        let output = Command::new(PROGRAM)
            .args(["config", "--diff", "old.json", file])
            .current_dir(files.dir.path())
            .env_clear()
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let said = ".env:2:1: APP_MISCHIEF: no longer reads APP_MISCHIEF; remove it\n";
    assert_eq!(diff(".env"), (Some(1), said.to_owned()));
    assert_eq!(diff("other.env"), (Some(0), String::new()));
}
