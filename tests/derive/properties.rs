//! Properties that hold for any text.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::sync::Mutex;

use environ::{EnvConfig, EnvValue, Secret};
use proptest::prelude::*;

/// One field of each kind.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "what it holds does not matter")]
struct Every {
    #[env(alias = "TEXT", deprecated = "OLD_TEXT", file)]
    text: Option<String>,
    #[env(default = 1, range = 0..100)]
    number: i32,
    flag: Option<bool>,
    #[env(default)]
    list: Vec<u8>,
    map: Option<std::collections::BTreeMap<String, f64>>,
    pair: Option<(char, std::net::IpAddr)>,
    duration: Option<std::time::Duration>,
    word: Option<Word>,
    #[env(json)]
    json: Option<Vec<String>>,
    token: Option<Secret<u16>>,
    #[env(group)]
    choice: Choice,
    #[env(group)]
    group: Option<Group>,
    #[env(group)]
    several: Vec<Group>,
    #[env(group)]
    named: std::collections::BTreeMap<String, Group>,
    last: Option<String>,
}

#[derive(Debug, EnvValue)]
enum Word {
    One,
    Two,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "what it holds does not matter")]
enum Choice {
    #[env(default)]
    Here,
    There(Group),
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "what it holds does not matter")]
struct Group {
    #[env(non_empty)]
    name: String,
    #[env(allow_empty)]
    motd: Option<std::path::PathBuf>,
}

/// The names of the config, and some that are not.
fn name() -> impl Strategy<Value = OsString> {
    let help = Every::help().to_lines();
    let names: Vec<String> = help
        .lines()
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    let known = proptest::sample::select(names);
    let known = known.prop_map(|name| name.replace("<N>", "0").replace("<KEY>", "MAIN"));
    prop_oneof![
        4 => known.clone().prop_map(OsString::from),
        1 => known.prop_map(|name| format!("{name}_FILE").into()),
        1 => "APP_[A-Z_0-9]{0,12}".prop_map(OsString::from),
        1 => proptest::collection::vec(any::<u8>(), 0..12).prop_map(bytes),
    ]
}

fn text() -> impl Strategy<Value = OsString> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..24).prop_map(bytes),
        "[-0-9a-z,=.:\\[\\]\" \\\\]{0,16}".prop_map(OsString::from),
        ".{0,8}".prop_map(OsString::from),
    ]
}

fn bytes(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

/// The elements as one text, with the separators in them escaped.
fn joined(elements: &[String]) -> String {
    let escaped = elements.iter().map(|element| {
        let mut escaped = String::new();
        for part in element.split(',') {
            let backslashes = part.len() - part.trim_end_matches('\\').len();
            escaped.push_str(part);
            escaped.push_str(&"\\".repeat(backslashes));
            escaped.push_str("\\,");
        }
        // The last escaped comma is none of the element's: it separates.
        escaped.truncate(escaped.len() - 2);
        escaped
    });
    let mut text = escaped.collect::<Vec<_>>().join(",");
    text.push(',');
    text
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Listed {
    list: Vec<String>,
}

proptest! {
    #[test]
    fn no_text_in_any_variable_makes_loading_panic(
        pairs in proptest::collection::vec((name(), text()), 0..12),
        strict in any::<bool>(),
        deny in any::<bool>(),
    ) {
        let mut loader = Every::loader().source(&pairs);
        if strict {
            loader = loader.strict();
        }
        if deny {
            loader = loader.deny_env_secrets();
        }
        match loader.load() {
            Ok(loaded) => {
                let _ = format!("{loaded:?}");
            }
            Err(err) => {
                prop_assert!(err.problems().len() > 0);
                prop_assert!(!err.to_json().contains('\n'));
                let _ = format!("{err}");
            }
        }
    }

    #[test]
    fn a_load_that_is_told_nothing_gives_what_one_without_a_loader_does(
        pairs in proptest::collection::vec((name(), text()), 0..12),
    ) {
        let shown = |config: &Every| format!("{config:?}");
        let by_loader = Every::loader().source(&pairs).load();
        let by_loader = by_loader.map(|loaded| shown(&loaded.config));
        let by_itself = Every::from_source(&pairs).map(|config| shown(&config));
        prop_assert_eq!(
            by_loader.map_err(|err| err.to_string()),
            by_itself.map_err(|err| err.to_string())
        );
    }

    #[test]
    fn a_list_comes_back_as_it_was_joined(
        elements in proptest::collection::vec("[a-z,\\\\]{0,4}[a-z]|[a-z][a-z,\\\\]{0,4}", 1..6)
    ) {
        let text = joined(&elements);
        let listed = Listed::from_source([("APP_LIST", &text)]).unwrap();
        prop_assert_eq!(listed.list, elements, "{}", text);
    }
}

/// The invariant behind the table: every format names exactly the variables of a load.
#[test]
fn what_help_prints_is_what_loading_reads() {
    let asked = Mutex::new(BTreeSet::new());
    let source = environ::from_fn(|name| {
        asked.lock().unwrap().insert(name.to_owned());
        let value = match name {
            "APP_CHOICE" => "there",
            "APP_CHOICE_THERE_NAME" | "APP_SEVERAL_0_NAME" => "x",
            _ => return None,
        };
        Some(value)
    });
    // A closure cannot list its keys, which is a problem, and does not matter.
    let _ = Every::loader().source(source).load();
    let mut printed = BTreeSet::new();
    let help = Every::help().to_lines();
    for line in help.lines() {
        let mut words = line.split([' ', ',', '.', '(', ')', ':']);
        printed.extend(words.next().map(str::to_owned));
        for label in [" Also: ", " Deprecated: ", " Or a file: "] {
            if let Some((_, names)) = line.split_once(label) {
                let names = names.split('.').next().unwrap();
                printed.extend(names.split(", ").map(str::to_owned));
            }
        }
    }
    let asked: BTreeSet<String> = asked
        .into_inner()
        .unwrap()
        .into_iter()
        .filter(|name| !name.starts_with("APP_SEVERAL_1_"))
        .map(|name| name.replace("APP_SEVERAL_0_", "APP_SEVERAL_<N>_"))
        // Aliases of a variable that may stand in a file may stand in one too.
        .filter(|name| name != "TEXT_FILE" && name != "OLD_TEXT_FILE")
        .collect();
    let printed: BTreeSet<String> = printed
        .into_iter()
        .filter(|name| !name.contains("<KEY>"))
        .collect();
    assert_eq!(asked, printed);
    let markdown = Every::help().to_markdown();
    let json = Every::help().to_json();
    let env = Every::help().to_dotenv();
    for name in printed
        .iter()
        .filter(|name| name.starts_with("APP_") && !name.ends_with("_FILE"))
    {
        assert!(markdown.contains(&format!("| `{name}` |")), "{name}");
        assert!(json.contains(&format!("\"name\": \"{name}\"")), "{name}");
        let concrete = name.replace("<N>", "0");
        assert!(env.contains(&format!("# {concrete}=")), "{name}\n{env}");
    }
}
