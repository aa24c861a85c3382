//! Every key of `#[env(...)]` that tells a reader something is in every format of help.
//!
//! The table has a row for each key of the table of the derive. A row says where each format shows
//! the key, or why not.

use std::fs;
use std::path::Path;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Live, Secret};
use serde_json::Value;

#[derive(EnvConfig)]
#[env(
    prefix = "ALL",
    delimiter = "__",
    one_of(url, host),
    at_most_one_of(red, green, blue),
    at_least_one_of(url, red, green),
    all_or_none(cert, private),
    removed("ALL_GONE", "use ALL_URL")
)]
#[expect(dead_code, reason = "only its help is asked for")]
struct All {
    #[env(default = 8000, alias = "PORT", deprecated = "OLD_PORT", range = 1..=9_000)]
    port: u16,
    #[env(help = "The address of a host.", example = "http://localhost")]
    url: Option<String>,
    #[env(name = "HOST_OF_ALL", requires = "cert")]
    host: Option<String>,
    #[env(conflicts = "blue")]
    red: Option<u8>,
    green: Option<u8>,
    blue: Option<u8>,
    cert: Option<String>,
    #[env(file)]
    private: Option<String>,
    #[env(default = "data", allow_empty)]
    folder: String,
    #[env(default_from = "{folder}/tmp")]
    tmp: String,
    #[env(parse = cron, expected = "a cron schedule", default_fn = nightly)]
    backup: Cron,
    #[env(unit = "m", default = 30)]
    session: Duration,
    #[env(unit = "s", separator = ";", default = "5;1m;0.5")]
    retries: Vec<Duration>,
    #[env(key = "signing", len = 64..)]
    token: Secret<String>,
    #[env(json)]
    routes: Option<Vec<u8>>,
    #[env(present)]
    quiet: bool,
    #[env(truthy, default = false)]
    tracing: bool,
    #[env(live, default = 7)]
    rate: Live<u32>,
    #[env(group, when = "dsn")]
    sentry: Option<Sentry>,
    #[env(group, switch = "ENABLED")]
    search: Option<Search>,
    #[env(group, selector = "TYPE")]
    storage: Storage,
    #[env(group, flatten)]
    flat: Flat,
    #[env(group, defaults(burst = 600), prefix = "BOUNDS")]
    limit: Limit,
    #[env(group, non_empty)]
    peers: Vec<Peer>,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Peer {
    host: String,
}

#[derive(Debug)]
struct Cron;

fn cron(text: &str) -> Result<Cron, &'static str> {
    if text == "@daily" {
        Ok(Cron)
    } else {
        Err("it must be @daily")
    }
}

fn nightly() -> Cron {
    Cron
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Sentry {
    dsn: String,
    project: u8,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Search {
    index: String,
}

#[derive(EnvConfig)]
#[env(rename_all = "UPPERCASE")]
enum Storage {
    #[env(default)]
    Disk,
    #[env(rename = "bucket")]
    S3,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Flat {
    level: Level,
}

#[derive(EnvValue)]
enum Level {
    Low,
    High,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Limit {
    #[env(default = 5)]
    burst: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Terminal,
    Lines,
    Man,
    Markdown,
    Dotenv,
    Explain,
    Json,
    JsonSchema,
    EnvSchema,
    Kubernetes,
    Compose,
    Systemd,
}

use Format::{
    Compose, Dotenv, EnvSchema, Explain, Json, JsonSchema, Kubernetes, Lines, Man, Markdown,
    Systemd, Terminal,
};

const FORMATS: [Format; 12] = [
    Terminal, Lines, Man, Markdown, Dotenv, Explain, Json, JsonSchema, EnvSchema, Kubernetes,
    Compose, Systemd,
];

/// The files for a deployment to begin with.
const TO_BEGIN_WITH: &[Format] = &[Kubernetes, Compose, Systemd];

/// The way in which formats show a key.
#[derive(Clone, Copy)]
enum Shown {
    As(&'static str),
    /// Not at all, for this reason.
    Not(&'static str),
}

use Shown::{As, Not};

struct Row {
    key: &'static str,
    /// The variable to explain.
    variable: &'static str,
    /// The first that has a format counts. The last is for all formats.
    shown: Vec<(&'static [Format], Shown)>,
}

/// A fact that formats show in the same sentence, but for a clause in an explanation, and a member
/// in JSON.
fn fact(
    key: &'static str,
    variable: &'static str,
    [sentence, clause, member]: [&'static str; 3],
) -> Row {
    let shown: Vec<(&[Format], Shown)> = vec![
        (&[Explain], As(clause)),
        (&[Json], As(member)),
        (&FORMATS, As(sentence)),
    ];
    Row {
        key,
        variable,
        shown,
    }
}

/// A key that is a part of a name, or of a text that all formats show alike.
fn part(key: &'static str, variable: &'static str, text: &'static str) -> Row {
    fact(key, variable, [text; 3])
}

/// A key that tells the reader of no format anything, for this reason.
fn silent(key: &'static str, why: &'static str) -> Row {
    Row {
        key,
        variable: "ALL_PORT",
        shown: vec![(&FORMATS, Not(why))],
    }
}

impl Row {
    fn but(mut self, formats: &'static [Format], shown: Shown) -> Self {
        self.shown.insert(0, (formats, shown));
        self
    }
}

/// A default is where each format has defaults.
fn default(
    key: &'static str,
    variable: &'static str,
    [tag, person, program]: [&'static str; 3],
) -> Row {
    fact(key, variable, [person, person, program])
        .but(&[Terminal], As(tag))
        .but(&[JsonSchema, EnvSchema, Dotenv], As(program))
        .but(TO_BEGIN_WITH, As(program))
}

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let code = "it decides on code, and on no text";
    vec![
        fact("alias", "ALL_PORT", ["Also: PORT.", "or else PORT", "\"PORT\""]),
        fact("all_or_none", "ALL_CERT", [
            "All or none of: ALL_CERT, ALL_PRIVATE.",
            "Rule      All or none of: ALL_CERT, ALL_PRIVATE.",
            "\"all_or_none\"",
        ]),
        fact("allow_empty", "ALL_FOLDER", ["May be empty.", "text, may be empty", "\"allow_empty\": true"]),
        fact("at_least_one_of", "ALL_RED", [
            "At least one of: ALL_URL, ALL_RED, ALL_GREEN.",
            "Rule      At least one of: ALL_URL, ALL_RED, ALL_GREEN.",
            "\"at_least_one_of\"",
        ]),
        fact("at_most_one_of", "ALL_RED", [
            "At most one of: ALL_RED, ALL_GREEN, ALL_BLUE.",
            "Rule      At most one of: ALL_RED, ALL_GREEN, ALL_BLUE.",
            "\"at_most_one_of\"",
        ]),
        silent("bound", code),
        fact("conflicts", "ALL_RED", ["Not beside: ALL_BLUE.", "Rule      Not beside: ALL_BLUE.", "\"at_most_one_of\""]),
        silent("crate", code),
        default("default", "ALL_PORT", ["[default: 8000]", "8000", "8000"]),
        silent("default_fn", "only a run of the program knows the value"),
        default("default_from", "ALL_TMP", ["[default: $ALL_FOLDER/tmp]", "$ALL_FOLDER/tmp", "$ALL_FOLDER/tmp"]),
        default("defaults", "ALL_BOUNDS__BURST", ["[default: 600]", "600", "600"]),
        part("delimiter", "ALL_SENTRY__DSN", "ALL_SENTRY__DSN"),
        fact("deprecated", "ALL_PORT", ["Deprecated: OLD_PORT.", "OLD_PORT (deprecated)", "\"OLD_PORT\""]),
        part("example", "ALL_URL", "http://localhost")
            .but(&[Terminal, Lines, Man, Markdown], Not("the list of all variables has facts; `explain` has the example"))
            .but(&[EnvSchema], Not("a text there is a default")),
        fact("expected", "ALL_BACKUP", ["Expects a cron schedule.", "Type      cron schedule", "\"cron schedule\""])
            .but(&[Markdown], As("| cron schedule |")),
        fact("file", "ALL_PRIVATE", ["Or a file: ALL_PRIVATE_FILE.", "ALL_PRIVATE_FILE (the path of a file)", "\"ALL_PRIVATE_FILE\""]),
        part("flatten", "ALL_LEVEL", "ALL_LEVEL"),
        part("group", "ALL_SENTRY__PROJECT", "ALL_SENTRY__PROJECT"),
        part("help", "ALL_URL", "The address of a host."),
        fact("json", "ALL_ROUTES", ["Expects a JSON value.", "Type      JSON value", "\"JSON value\""])
            .but(&[Markdown], As("| JSON value |")),
        fact("key", "ALL_TOKEN", ["Key in stores: signing.", "`signing` in a store of secrets", "\"key\": \"signing\""]),
        fact("len", "ALL_TOKEN", ["At least 64 characters.", "text, at least 64 characters", "\"at least 64 characters\""]),
        fact("live", "ALL_RATE", ["Takes effect without a restart.", "a change needs no restart", "\"live\": true"]),
        part("name", "HOST_OF_ALL", "HOST_OF_ALL"),
        // Of a variable it says little: an empty text is unset anyway.
        fact("non_empty", "ALL_PEERS__0__HOST", [
            "At least one of: ALL_PEERS__*.",
            "Rule      At least one of: ALL_PEERS__*.",
            "\"ALL_PEERS__*\"",
        ]),
        fact("one_of", "ALL_URL", [
            "Exactly one of: ALL_URL, HOST_OF_ALL.",
            "Rule      Exactly one of: ALL_URL, HOST_OF_ALL.",
            "\"one_of\"",
        ]),
        silent("parse", "only code reads the function; `expected` names the text"),
        silent("plain", code),
        part("prefix", "ALL_BOUNDS__BURST", "ALL_BOUNDS__BURST"),
        fact("present", "ALL_QUIET", ["On if set, even to an empty text.", "on if set, even to an empty text", "\"present\": true"]),
        fact("range", "ALL_PORT", ["From 1 to 9000.", "u16, from 1 to 9000", "\"from 1 to 9000\""]),
        fact("removed", "ALL_GONE", ["ALL_GONE: No longer read; use ALL_URL.", "No longer read; use ALL_URL.", "\"ALL_GONE\""])
            .but(&[Terminal], As("Removed ALL_GONE use ALL_URL"))
            .but(&[Lines], As("ALL_GONE (Removed): use ALL_URL"))
            .but(&[Man], As(".B ALL_GONE (Removed) use ALL_URL"))
            .but(&[Markdown], As("Removed: use ALL_URL"))
            .but(&[JsonSchema], As("\"description\": \"No longer read; use ALL_URL.\""))
            .but(TO_BEGIN_WITH, Not("a deployment that begins sets no removed name")),
        fact("rename", "ALL_STORAGE__TYPE", ["One of: DISK, bucket.", "one of: DISK, bucket", "\"bucket\""]),
        fact("rename_all", "ALL_STORAGE__TYPE", ["One of: DISK, bucket.", "one of: DISK, bucket", "\"DISK\""]),
        fact("requires", "HOST_OF_ALL", ["Needs: ALL_CERT.", "Rule      Needs: ALL_CERT.", "\"requires\""]),
        fact("secret", "ALL_TOKEN", ["Secret.", "Secret    yes", "\"secret\": true"])
            .but(&[Terminal], As("[secret]"))
            .but(&[Lines, Man], As(", Secret)"))
            .but(&[JsonSchema], As("\"writeOnly\": true"))
            .but(&[EnvSchema], As("@sensitive"))
            .but(&[Kubernetes], As("secretKeyRef:"))
            .but(&[Compose], As("secrets:"))
            .but(&[Systemd], As("LoadCredential=signing")),
        part("selector", "ALL_STORAGE__TYPE", "ALL_STORAGE__TYPE"),
        fact("separator", "ALL_RETRIES", ["Separated by \";\".", "separated by \";\"", "\"separator\": \";\""]),
        silent("skip", "no variable is read"),
        part("switch", "ALL_SEARCH__ENABLED", "ALL_SEARCH__ENABLED"),
        fact("truthy", "ALL_TRACING", ["On if true, yes or 1; off if any other text.", "on if true, yes or 1; off if any other text", "\"true\""]),
        fact("unit", "ALL_SESSION", [
            "Expects a number of minutes, or a duration such as 90s.",
            "Type      number of minutes Default   30m",
            "\"number of minutes\"",
        ])
            .but(&[Terminal], As("Expects a number of minutes, or a duration such as 90s. [default: 30m]"))
            .but(&[Lines], As("ALL_SESSION (Optional, Default=30m): Expects a number of minutes"))
            .but(&[Markdown], As("| number of minutes | `30m` |")),
        silent("validate", "only code reads the function; the documentation names a rule"),
        fact("when", "ALL_SENTRY__PROJECT", ["if ALL_SENTRY__DSN is set", "Required  yes, if ALL_SENTRY__DSN is set", "\"ALL_SENTRY__DSN\""])
            .but(&[Markdown], As("if `ALL_SENTRY__DSN` is set"))
            .but(&[JsonSchema, EnvSchema], Not("neither format can require a variable if another is set to any text")),
    ]
}

fn text(format: Format, variable: &str) -> String {
    let help = All::help();
    let text = match format {
        Terminal => help.width(10_000).to_string(),
        Lines => help.to_lines(),
        Man => help.to_man().replace("\\-", "-").replace("\\(dq", "\""),
        Markdown => help.to_markdown(),
        Dotenv => help.to_dotenv(),
        Explain => help.width(10_000).explain(variable).unwrap(),
        Json => help.to_json(),
        JsonSchema => help.to_json_schema().replace("\\\"", "\""),
        EnvSchema => help.to_env_schema(),
        Kubernetes => help.to_kubernetes(),
        Compose => help.to_compose(),
        Systemd => help.to_systemd(),
    };
    if format == Explain {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        return lines.join(" ");
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_key_is_in_every_format_that_has_something_to_tell() {
    for row in rows() {
        for format in FORMATS {
            let mut shown = row.shown.iter();
            let (_, shown) = shown
                .find(|(formats, _)| formats.contains(&format))
                .unwrap();
            match shown {
                As(expected) => {
                    let text = text(format, row.variable);
                    assert!(
                        text.contains(expected),
                        "{} in {format:?}: {expected:?} is not in:\n{text}",
                        row.key
                    );
                }
                Not(why) => assert!(why.len() > 10, "{} in {format:?}", row.key),
            }
        }
    }
}

/// A new key is without a row until its author has decided on each format.
#[test]
fn each_key_of_the_derive_has_a_row() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../environ-derive/src/attr/key.rs");
    let table = fs::read_to_string(table).unwrap();
    let (_, table) = table.split_once("\nkeys! {\n").unwrap();
    let (table, _) = table.split_once("\n}\n").unwrap();
    let lines = table
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let mut keys: Vec<&str> = lines.map(|line| line.split('"').nth(1).unwrap()).collect();
    keys.sort_unstable();
    assert!(keys.len() > 40, "{keys:?}");
    let rows: Vec<&str> = rows().iter().map(|row| row.key).collect();
    assert_eq!(rows, keys);
}

/// The text is verbatim for a program, and has its unit for a person.
#[test]
fn each_number_of_a_default_has_its_unit() {
    let lines = All::help().to_lines();
    assert!(
        lines.contains("ALL_RETRIES (Optional, Default=5s;1m;0.5s)"),
        "{lines}"
    );
    let json: Value = serde_json::from_str(&All::help().to_json()).unwrap();
    let variables = json["variables"].as_array().unwrap();
    let retries = variables
        .iter()
        .find(|it| it["name"] == "ALL_RETRIES")
        .unwrap();
    assert_eq!(retries["default"], "5;1m;0.5");
}
