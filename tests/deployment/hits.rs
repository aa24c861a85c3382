//! `config --diff OLD FILE...`: the lines of a deployment that the changes of a release concern.

use std::process::Command;

use environ::{EnvConfig, EnvValue, Live, Secret};
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
    hits_of::<old::Shop, new::Shop>(text)
}

fn hits_of<Old: EnvConfig, New: EnvConfig>(text: &str) -> Vec<String> {
    let files = Files::new(&[("compose.yaml", text)]);
    let changes = New::help().diff(&Old::help().to_json()).unwrap();
    let file = files.dir.path().join("compose.yaml");
    let report = New::deployment().file(&file).hits(&changes);
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
            "4:18: SHOP_SIZE: range of SHOP_SIZE was none, and is from 1 to 9; correct it",
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

/// Two releases of a type, variables of a service, and the findings.
struct Release {
    name: &'static str,
    hits: fn(&str) -> Vec<String>,
    variables: &'static [&'static str],
    findings: &'static [&'static str],
}

macro_rules! releases {
    ($(
        $old:ident [$($old_keys:tt)*] { $($old_fields:tt)* } => $new:ident [$($new_keys:tt)*] { $($new_fields:tt)* },
        [$($variable:literal),*], [$($finding:literal),*];
    )*) => {
        $(
            #[derive(EnvConfig)]
            #[env(prefix = "SHOP", $($old_keys)*)]
            #[expect(dead_code, reason = "only its specification is read")]
            struct $old { name: Option<String>, $($old_fields)* }

            #[derive(EnvConfig)]
            #[env(prefix = "SHOP", $($new_keys)*)]
            #[expect(dead_code, reason = "only its specification is read")]
            struct $new { name: Option<String>, $($new_fields)* }
        )*

        const RELEASES: &[Release] = &[$(Release {
            name: stringify!($new),
            hits: hits_of::<$old, $new>,
            variables: &[$($variable),*],
            findings: &[$($finding),*],
        }),*];
    };
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
struct Disk {
    path: String,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
enum InMemory {
    #[env(default)]
    Memory,
    Disk(Disk),
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
enum OnDisk {
    Memory,
    #[env(default)]
    Disk(Disk),
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
struct Mail {
    host: String,
    port: Option<u16>,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its specification is read")]
struct MailOfUser {
    host: String,
    port: Option<u16>,
    user: String,
}

#[derive(EnvValue)]
enum Two {
    One,
    Two,
}

#[derive(EnvValue)]
enum UpToThree {
    One,
    Two,
    More,
}

releases! {
    RequiredOld [] { #[env(group)] mail: Option<Mail>, }
        => RequiredNew [] { #[env(group)] mail: Option<MailOfUser>, },
        ["SHOP_MAIL_HOST: x"],
        ["4:7: SHOP_MAIL_USER: newly requires SHOP_MAIL_USER where any SHOP_MAIL_* is set; set it"];
    DefaultWordOld [] { #[env(group)] store: InMemory, }
        => DefaultWordNew [] { #[env(group)] store: OnDisk, },
        ["SHOP_NAME: x"],
        ["2:3: SHOP_STORE: warning: default of SHOP_STORE changed from memory to disk; set it to keep the old value",
            "2:3: SHOP_STORE_DISK_PATH: newly requires SHOP_STORE_DISK_PATH where SHOP_STORE=disk; set it"];
    RemovedOld [] { gone: Option<String>, }
        => RemovedNew [removed("SHOP_GONE", "use SHOP_NAME")] {},
        ["SHOP_GONE: x"],
        ["4:7: SHOP_GONE: no longer reads SHOP_GONE; use SHOP_NAME; remove it"];
    RenamedOld [] { title: Option<String>, }
        => RenamedNew [] { #[env(alias = "SHOP_TITLE")] label: Option<String>, },
        ["SHOP_TITLE: x"],
        ["4:7: SHOP_TITLE: warning: renames SHOP_TITLE to SHOP_LABEL; the old name still works; write the new name"];
    DeprecatedOld [] { #[env(alias = "TITLE")] title: Option<String>, }
        => DeprecatedNew [] { #[env(deprecated = "TITLE")] title: Option<String>, },
        ["SHOP_NAME: x", "TITLE: x"],
        ["5:7: TITLE: warning: deprecates TITLE; write SHOP_TITLE instead; write the new name",
            "5:14: TITLE: warning: TITLE can no longer differ from SHOP_TITLE; check the value"];
    DefaultOld [] { #[env(default = "b")] title: String, #[env(default = 1)] size: u8, }
        => DefaultNew [] { #[env(default = "b")] title: String, #[env(default_from = "{title}")] size: u8, },
        ["SHOP_TITLE: x"],
        ["2:3: SHOP_SIZE: default of SHOP_SIZE changed from 1 to $SHOP_TITLE; set it"];
    AddedOld [] { #[env(default = 1)] title: u8, }
        => AddedNew [] { #[env(default = 1)] title: u8, #[env(default_from = "{title}0", range = ..50)] size: u8, },
        ["SHOP_TITLE: 7"],
        ["2:3: SHOP_SIZE: newly reads SHOP_SIZE; correct it"];
    NotEmptyOld [] { #[env(allow_empty)] title: String, }
        => NotEmptyNew [] { title: String, },
        ["SHOP_TITLE: ''"],
        ["4:19: SHOP_TITLE: SHOP_TITLE can no longer be empty; write a value",
            "4:19: SHOP_TITLE: newly requires SHOP_TITLE; set it"];
    EmptyOld [] { size: Option<u8>, }
        => EmptyNew [] { #[env(allow_empty)] size: Option<u8>, },
        ["SHOP_SIZE: ''"],
        ["4:18: SHOP_SIZE: SHOP_SIZE can newly be empty; correct it"];
    SecretOld [] { token: Option<String>, }
        => SecretNew [] { token: Option<Secret<String>>, },
        ["SHOP_TOKEN: x"],
        ["4:7: SHOP_TOKEN: warning: SHOP_TOKEN is newly a secret; take it from a secret"];
    PublicOld [] { token: Secret<String>, }
        => PublicNew [] { token: String, },
        ["SHOP_NAME: x"],
        ["2:3: SHOP_TOKEN: SHOP_TOKEN is no longer a secret; correct it",
            "2:3: SHOP_TOKEN: newly requires SHOP_TOKEN; set it"];
    KeyOld [] { token: Option<Secret<String>>, }
        => KeyNew [] { #[env(key = "jwt")] token: Option<Secret<String>>, },
        ["SHOP_NAME: x"],
        ["2:3: SHOP_TOKEN: warning: newly asks stores for SHOP_TOKEN under the key jwt, no longer under token; copy the secret to the new key"];
    MountedOld [] { token: Option<Secret<String>>, }
        => MountedNew [] { #[env(key = "jwt")] token: Option<Secret<String>>, },
        ["SHOP_TOKEN_FILE: /run/secrets/token"], [];
    TypeOld [] { size: Option<String>, }
        => TypeNew [] { size: Option<u8>, },
        ["SHOP_SIZE: big"],
        ["4:18: SHOP_SIZE: type of SHOP_SIZE changed from text to u8; correct it"];
    FittingOld [] { size: Option<String>, }
        => FittingNew [] { size: Option<u8>, },
        ["SHOP_SIZE: '5'"],
        ["4:18: SHOP_SIZE: warning: type of SHOP_SIZE changed from text to u8; check the value"];
    SeparatorOld [] { ports: Option<Vec<u16>>, }
        => SeparatorNew [] { #[env(separator = ";")] ports: Option<Vec<u16>>, },
        ["SHOP_PORTS: '1,2'"],
        ["4:19: SHOP_PORTS: separator of SHOP_PORTS changed from , to ;; correct it"];
    LengthOld [] { key: Option<String>, }
        => LengthNew [] { #[env(len = 4..)] key: Option<String>, },
        ["SHOP_KEY: abc"],
        ["4:17: SHOP_KEY: range of SHOP_KEY was none, and is at least 4 characters; correct it"];
    WhenOld [] { #[env(group)] mail: Option<Mail>, }
        => WhenNew [] { #[env(group, when = "host")] mail: Option<Mail>, },
        ["SHOP_MAIL_HOST: x", "SHOP_MAIL_PORT: 25"],
        ["4:23: SHOP_MAIL_HOST: warning: when of SHOP_MAIL_HOST changed from any SHOP_MAIL_* is set to none; check the value",
            "5:23: SHOP_MAIL_PORT: warning: when of SHOP_MAIL_PORT changed from any SHOP_MAIL_* is set to SHOP_MAIL_HOST is set; check the value"];
    TakenOverOld [] { title: Option<String>, size: Option<u8>, }
        => TakenOverNew [] { #[env(alias = "SHOP_TITLE")] size: Option<u8>, },
        ["SHOP_TITLE: x"],
        ["4:19: SHOP_TITLE: newly reads SHOP_TITLE in another way than SHOP_TITLE did; correct it"];
    ContradictsOld [] { a: Option<String>, b: Option<String>, }
        => ContradictsNew [] { #[env(deprecated = "SHOP_B")] a: Option<String>, },
        ["SHOP_A: x", "SHOP_B: y"],
        ["5:7: SHOP_B: warning: deprecates SHOP_B; write SHOP_A instead; write the new name",
            "5:15: SHOP_B: SHOP_B can no longer differ from SHOP_A; correct it"];
    RuleOld [] { a: Option<String>, b: Option<String>, }
        => RuleNew [at_most_one_of(a, b)] { a: Option<String>, b: Option<String>, },
        ["SHOP_A: x", "SHOP_B: y"],
        ["5:15: SHOP_B: newly asks for at most one of SHOP_A, SHOP_B; obey the rule"];
    KeptRuleOld [] { a: Option<String>, b: Option<String>, }
        => KeptRuleNew [at_most_one_of(a, b)] { a: Option<String>, b: Option<String>, },
        ["SHOP_A: x"], [];
    HarmlessOld [all_or_none(a, b)] { a: Option<Two>, b: Option<Two>, token: String, level: Option<String>, }
        => HarmlessNew [] {
            a: Option<UpToThree>, b: Option<Two>, token: Option<String>,
            #[env(live)] level: Live<Option<String>>, more: Option<String>,
        },
        ["SHOP_TOKEN: x", "SHOP_A: one", "SHOP_B: two", "SHOP_LEVEL: x"], [];
}

/// Each kind of change is named where it hits a deployment, with the remedy.
#[test]
fn each_change_has_its_place_and_its_remedy() {
    let mut wrong = Vec::new();
    for release in RELEASES {
        let lines = release.variables.iter().map(|it| format!("      {it}\n"));
        let lines: String = lines.collect();
        let text = format!("services:\n  shop:\n    environment:\n{lines}");
        let found = (release.hits)(&text);
        if found != release.findings {
            wrong.push(format!("{}: {found:#?}", release.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
