//! The formats of `config --format`, read by the check of deployments: what is printed is
//! right, and each text survives.

use std::collections::BTreeMap;

use environ::deployment::Workload;
use environ::{EnvConfig, EnvValue, Secret};

use crate::asked::asked;
use crate::program::{Files, printed};

/// Texts that formats read in a way of their own.
pub(crate) const ODD: &str =
    "a $B ${C:-d} $$ % %d %% \\ \\n \" ' \u{e9}\u{202e} # ; : { } `x`, ~ ^\ttab";
pub(crate) const LINES: &str = "two\nlines";

#[derive(EnvConfig)]
#[env(prefix = "ODD")]
#[expect(dead_code, reason = "only its help is asked for")]
pub(crate) struct Odd {
    /// .It "quotes" 'this' \\ $HOME, `code`, \u{e9} -- and @more: ~ ^.
    ///
    /// 'And goes on.
    #[env(default = "a $B ${C:-d} $$ % %d %% \\ \\n \" ' \u{e9}\u{202e} # ; : { } `x`, ~ ^\ttab")]
    text: String,
    #[env(default = "two\nlines")]
    lines: String,
    #[env(default = "", allow_empty)]
    empty: String,
    #[env(default = "yes")]
    yes: String,
    #[env(default = 8000, alias = "PORT", range = 1..=9000)]
    port: u16,
    host: String,
    level: Level,
    #[env(default = true)]
    flag: bool,
    token: Secret<String>,
    pin: Option<Secret<u16>>,
    #[env(group)]
    store: Store,
    #[env(group)]
    up: Vec<Up>,
    #[env(group)]
    db: BTreeMap<String, Up>,
}

#[derive(EnvValue)]
enum Level {
    Low,
    #[env(rename = "very-high")]
    High,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
enum Store {
    #[env(default)]
    Memory,
    S3(Bucket),
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Bucket {
    bucket: String,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Up {
    host: String,
}

/// The variables that a format sets for `Odd`, but for secrets.
pub(crate) fn expected() -> BTreeMap<String, String> {
    [
        ("ODD_TEXT", ODD),
        ("ODD_LINES", LINES),
        ("ODD_EMPTY", ""),
        ("ODD_YES", "yes"),
        ("ODD_PORT", "8000"),
        ("ODD_HOST", "change-me"),
        ("ODD_LEVEL", "low"),
        ("ODD_FLAG", "true"),
        ("ODD_STORE", "memory"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// Returns the variables that the check finds in a file.
fn read_back(name: &str, text: &str) -> BTreeMap<String, String> {
    let files = Files::new(&[(name, text)]);
    let deployment = Odd::deployment().strict();
    let (report, mut found) = asked(
        deployment.file(files.dir.path().join(name)),
        |workload: &Workload| workload.variables().clone(),
    );
    // One text turns the direction of text.
    assert!(
        report.findings().all(|it| it.code() == "odd"),
        "{report}\n{text}"
    );
    found.pop().unwrap_or_default()
}

#[test]
fn every_text_survives_in_compose_and_systemd() {
    for (name, text, secret) in [
        (
            "compose.yaml",
            Odd::help().to_compose(),
            "/run/secrets/token",
        ),
        ("odd.service", Odd::help().to_systemd(), ""),
    ] {
        let mut found = read_back(name, &text);
        let file = found.remove("ODD_TOKEN_FILE").unwrap_or_default();
        assert!(file.ends_with(secret), "{file}");
        assert_eq!(found, expected(), "{text}");
    }
}

#[test]
fn the_check_finds_nothing_in_the_formats_of_the_service() {
    // The table does not hold the time that a stop takes.
    let compose = printed("compose").replace(
        "    environment:",
        "    stop_grace_period: 1m\n    environment:",
    );
    let unit = format!("{}TimeoutStopSec=1min\n", printed("systemd"));
    let files = Files::new(&[("compose.yaml", &compose), ("demo-service.service", &unit)]);
    for name in ["compose.yaml", "demo-service.service"] {
        let checked = files.check(&["--strict", "--deny-warnings", name]);
        assert_eq!((checked.code, &*checked.stdout), (Some(0), ""));
    }
}
