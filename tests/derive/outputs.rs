//! For any text in any input, no output shows a secret, a letter that is not seen, or a line
//! that nobody could read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;

use environ::secrets::{Found, Request, SecretStore, StoreError};
use environ::{EnvConfig, EnvValue, Loaded, Secret};
use proptest::prelude::*;
use proptest::sample::select;

use crate::Inherited;
use crate::canaries::explained;

/// Goes into every input that may hold a secret; must come out of none.
const CANARY: &str = "hunter2-canary";

/// An input for each way in which a text can come in, beside the table itself.
#[derive(Debug, EnvConfig)]
#[env(validate = quoting_config)]
#[expect(dead_code, reason = "only what is shown of it counts")]
struct Every {
    #[env(file)]
    text: Option<String>,
    #[env(file)]
    number: Option<u16>,
    list: Option<Vec<u8>>,
    map: Option<BTreeMap<String, u8>>,
    #[env(validate = quoting_text)]
    checked: Option<String>,
    word: Option<Word>,
    #[env(json)]
    json: Option<Login>,
    token: Option<Secret<String>>,
    pin: Option<Secret<u16>>,
    #[env(validate = quoting_secret)]
    key: Option<Secret<String>>,
    #[env(default = 0)]
    quotes: u8,
    #[env(default = "x\u{202e}\n2026", help = "\u{1b}[31m\n2026")]
    hostile: String,
    #[env(group)]
    site: BTreeMap<String, Site>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only what is shown of it counts")]
struct Site {
    port: u16,
    token: Option<Secret<u16>>,
}

#[derive(Debug, EnvValue)]
enum Word {
    #[env(rename = "\u{202e}one\n2026")]
    One,
    Two,
}

#[derive(Debug, serde::Deserialize)]
#[expect(dead_code, reason = "only what is shown of it counts")]
struct Login {
    user: u8,
    password: String,
}

fn quoting_text(text: &str) -> Result<(), String> {
    Err(format!("{text:?} and {text} are odd"))
}

fn quoting_secret(key: &Secret<String>) -> Result<(), String> {
    Err(format!("{} is odd", key.expose()))
}

fn quoting_config(every: &Every) -> Result<(), String> {
    let token = every.token.as_ref().map_or("", |token| token.expose());
    Err(match every.quotes {
        0 => return Ok(()),
        1 => token.to_owned(),
        2 => token.to_uppercase(),
        3 => format!("{token:?}"),
        4 => token.chars().skip(token.chars().count() / 2).collect(),
        _ => "\u{1b}[31m\n2026".to_owned(),
    })
}

/// Answers every key with the same text, or with an error that quotes it.
#[derive(Debug)]
struct Store {
    name: String,
    answer: Option<String>,
    is_error: bool,
}

impl SecretStore for Store {
    fn name(&self) -> Cow<'_, str> {
        (&*self.name).into()
    }

    fn get(&self, _: &Request<'_>) -> Result<Option<Found>, StoreError> {
        if self.is_error {
            return Err(StoreError::new(format_args!("no {CANARY}: {}", self.name)));
        }
        let secret = self.answer.clone().map(Secret::new);
        Ok(secret.map(Found::from))
    }
}

fn hostile() -> impl Strategy<Value = String> {
    let part = select(vec![
        "\n2026-11-26 INFO all is well",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{2066}",
        "\u{feff}",
        "\u{200b}",
        "\u{2028}",
        "\u{85}",
        "\u{e0041}",
        "\r",
        "\t",
        " ",
        "\"",
        "'",
        "\\",
        "# x",
        "x",
        "80",
        ",",
    ]);
    proptest::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

/// A hostile text, which may be long, too.
fn any_hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        20 => hostile(),
        1 => Just("\u{202e}x".repeat(20_000)),
    ]
}

/// A plain value in which a password stands where passwords do.
fn plain() -> impl Strategy<Value = String> {
    let shape = select(vec![
        "",
        "postgres://me:CANARY@db/x",
        "https://CANARY@host/x",
        "https://me:x=y://CANARY@host",
        "AccountKey=CANARY;x=y",
        "?sig=CANARY&x=y",
        "x-api-key: CANARY",
        "Authorization: Bearer CANARY",
        "{\"user\":300,\"password\":\"CANARY\"}",
        "[{\"token\": \"CANARY\"}]",
        "db.password=CANARY",
        "Pwd={x;CANARY};y=z",
    ]);
    (hostile(), shape, hostile()).prop_map(|(before, shape, after)| {
        format!("{before} {} {after}", shape.replace("CANARY", CANARY))
    })
}

fn secret() -> impl Strategy<Value = String> {
    (any_hostile(), hostile()).prop_map(|(before, after)| format!("{before}{CANARY}{after}"))
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let plains = select(vec![
        "TEXT", "NUMBER", "LIST", "MAP", "CHECKED", "WORD", "QUOTES",
    ]);
    let secrets = select(vec!["TOKEN", "PIN", "KEY", "JSON", "SITE_X_TOKEN"]);
    let pair = prop_oneof![
        4 => (plains, plain()).prop_map(|(name, text)| (format!("APP_{name}"), text)),
        4 => (secrets, secret()).prop_map(|(name, text)| (format!("APP_{name}"), text)),
        2 => any_hostile().prop_map(|key| (format!("APP_SITE_{key}_PORT"), "x".to_owned())),
        1 => any_hostile().prop_map(|key| (format!("APP_{key}"), "x".to_owned())),
        1 => hostile().prop_map(|key| (format!("APP_SITE_{key}_PORT"), "1".to_owned())),
        1 => Just(("APP_QUOTES".to_owned(), "1".to_owned())),
        1 => (0u8..6).prop_map(|quotes| ("APP_QUOTES".to_owned(), quotes.to_string())),
    ];
    let no_nul = |pairs: Vec<(String, String)>| {
        pairs
            .into_iter()
            .filter(|(name, _)| !name.contains('='))
            .collect()
    };
    proptest::collection::vec(pair, 0..6).prop_map(no_nul)
}

/// Everything that a load says, whether it goes well or not.
fn said(loader: &environ::Loader<'_, Every>) -> Vec<String> {
    let mut said = vec![format!("{loader:?}")];
    match loader.load() {
        Ok(Loaded {
            origins, warnings, ..
        }) => {
            for warning in &warnings {
                said.extend([
                    warning.to_string(),
                    format!("{warning:?}"),
                    warning.name().to_owned(),
                ]);
            }
            for (name, origin) in origins.iter() {
                said.extend([name.to_owned(), origin.to_string(), format!("{origin:?}")]);
                said.extend(origins.shown(name).map(str::to_owned));
            }
            said.push(format!("{origins:?}"));
        }
        Err(err) => {
            said.extend([
                err.to_string(),
                format!("{err:?}"),
                format!("{err:#?}"),
                err.to_json(),
            ]);
            for problem in err.problems() {
                said.extend([
                    problem.to_string(),
                    problem.message(),
                    problem.name().to_owned(),
                ]);
                said.push(format!("{problem:?}"));
            }
        }
    }
    said
}

fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Returns the mistake in an output, if there is any.
fn fault(output: &str) -> Option<String> {
    if output.to_lowercase().contains("canary") {
        return Some(format!("a secret: {output}"));
    }
    output.lines().find_map(|line| {
        let is_forged = line.trim_start().starts_with("2026");
        let is_odd = is_forged || line.chars().any(is_unseen);
        is_odd.then(|| format!("an odd line: {line:?}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_text_in_any_input_makes_an_output_that_misleads(
        pairs in pairs(),
        path in hostile(),
        contents in secret(),
        name in hostile(),
        answer in proptest::option::of(secret()),
        is_error in any::<bool>(),
        mode in 0..3,
        is_there in any::<bool>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(path.replace('/', "").chars().take(40).collect::<String>());
        let mut pairs = pairs;
        // Known, so that it is found in the answer of a store.
        pairs.push(("APP_PIN".to_owned(), CANARY.to_owned()));
        // A secret in a plain file would be shown, as it should.
        if is_there && fs::write(&path, &contents).is_ok() {
            pairs.push(("APP_TOKEN_FILE".to_owned(), path.to_str().unwrap().to_owned()));
        } else {
            pairs.push(("APP_TEXT_FILE".to_owned(), path.to_str().unwrap().to_owned()));
        }
        let outputs = {
            let loader = || {
                let loader = Every::loader().source(Inherited(pairs.clone()));
                match mode {
                    0 => loader,
                    1 => loader.strict(),
                    _ => loader.warn_unknown().deny_env_secrets(),
                }
            };
            let store = Store { name: name.clone(), answer, is_error };
            let mut outputs = said(&loader());
            outputs.append(&mut said(&loader().secrets(store)));
            outputs
        };
        for output in outputs {
            prop_assert_eq!(fault(&output), None);
            let longest = output.lines().map(str::len).max();
            prop_assert!(longest.is_none_or(|longest| longest < 40_000), "{:?}", longest);
        }
        let help = Every::help().prefix(&name);
        for output in [
            help.to_string(),
            help.to_lines(),
            help.clone().width(0).to_string(),
            explained(&help),
            help.to_markdown(),
            help.to_dotenv(),
            help.clone().secret_object(name.as_str()).to_kubernetes(),
            help.to_json(),
            format!("{help:?}"),
        ] {
            prop_assert_eq!(fault(&output), None);
        }
    }
}
