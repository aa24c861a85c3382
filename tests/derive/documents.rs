use std::collections::BTreeMap;
use std::time::Duration;

use environ::{EnvConfig, EnvValue, Help, Secret, testing};

/// The demo service.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "what it holds does not matter")]
struct AppConfig {
    /// Port to listen on;
    /// 0 picks a free one.
    #[env(default = 8000, alias = "PORT", deprecated = "APP_LISTEN", range = 1..)]
    port: u16,
    /// What | is it?
    #[env(example = "Bob's \"x\" $HOME")]
    motd: String,
    #[env(default = "human")]
    format: Format,
    #[env(group)]
    db: Option<Db>,
    #[env(group)]
    secrets: SecretsFrom,
    #[env(group)]
    upstream: Vec<Upstream>,
    #[env(group)]
    site: BTreeMap<String, Upstream>,
    #[env(default = "a;b", separator = ";")]
    tags: Vec<String>,
    limits: Option<BTreeMap<String, u8>>,
}

#[derive(Debug, EnvValue)]
enum Format {
    Human,
    Json,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "what it holds does not matter")]
struct Db {
    /// The database.
    #[env(example = "postgres://me:pw@db/x", key = "dsn")]
    url: Secret<String>,
    #[env(default = "5s")]
    timeout: Duration,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "what it holds does not matter")]
enum SecretsFrom {
    #[env(default)]
    Fake,
    Vault(Upstream),
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "what it holds does not matter")]
struct Upstream {
    host: std::net::IpAddr,
}

#[test]
fn the_table_is_markdown() {
    assert_eq!(
        AppConfig::help().to_markdown(),
        "\
| variable | type | default | meaning |
|---|---|---|---|
| `APP_PORT` | u16 | `8000` | Port to listen on; 0 picks a free one. At least 1. Also: PORT. Deprecated: APP_LISTEN. |
| `APP_MOTD` | text | **required** | What \\| is it? |
| `APP_FORMAT` | word | `human` | One of: human, json. |
| `APP_TAGS` | list of text | `a;b` | Separated by \";\". |
| `APP_LIMITS` | map of text to u8 |  |  |

### `APP_DB_*` (if any of them is set)

| variable | type | default | meaning |
|---|---|---|---|
| `APP_DB_URL` | text | **required** if any `APP_DB_*` is set | The database. Secret. Or a file: APP_DB_URL_FILE. Key in stores: dsn. |
| `APP_DB_TIMEOUT` | duration | `5s` |  |

### `APP_SECRETS_*`

| variable | type | default | meaning |
|---|---|---|---|
| `APP_SECRETS` | word | `fake` | One of: fake, vault. |

### `APP_SECRETS_VAULT_*` (if `APP_SECRETS=vault`)

| variable | type | default | meaning |
|---|---|---|---|
| `APP_SECRETS_VAULT_HOST` | IP address | **required** if `APP_SECRETS=vault` |  |

### `APP_UPSTREAM_<N>_*` (if any of them is set)

| variable | type | default | meaning |
|---|---|---|---|
| `APP_UPSTREAM_<N>_HOST` | IP address | **required** if any `APP_UPSTREAM_<N>_*` is set |  |

### `APP_SITE_<KEY>_*` (if any of them is set)

| variable | type | default | meaning |
|---|---|---|---|
| `APP_SITE_<KEY>_HOST` | IP address | **required** if any `APP_SITE_<KEY>_*` is set |  |
"
    );
}

const ENV: &str = r#"# Port to listen on; 0 picks a free one. At least 1. Also: PORT. Deprecated: APP_LISTEN.
# APP_PORT=8000

# What | is it?
APP_MOTD="Bob's \"x\" \$HOME"

# One of: human, json.
# APP_FORMAT=human

# The database. Secret. Or a file: APP_DB_URL_FILE. Key in stores: dsn. Required if any APP_DB_* is set.
# APP_DB_URL=postgres://me:pw@db/x

# APP_DB_TIMEOUT=5s

# One of: fake, vault.
# APP_SECRETS=fake

# Required if APP_SECRETS=vault.
# APP_SECRETS_VAULT_HOST=127.0.0.1

# Required if any APP_UPSTREAM_<N>_* is set.
# APP_UPSTREAM_0_HOST=127.0.0.1

# Required if any APP_SITE_<KEY>_* is set.
# APP_SITE_MAIN_HOST=127.0.0.1

# Separated by ";".
# APP_TAGS='a;b'

# APP_LIMITS=change-me=1
"#;

/// The lines that set something, as a shell reads them.
fn sourced(file: &str) -> Vec<(String, String)> {
    let script = format!("set -a\n{file}\nset +a\nenv -0");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", "/root")
        .output()
        .unwrap();
    let vars = String::from_utf8(output.stdout).unwrap();
    let pairs = vars
        .split_terminator('\0')
        .filter_map(|var| var.split_once('='));
    let ours = pairs.filter(|(name, _)| name.starts_with("APP_"));
    ours.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn the_example_loads_as_it_is_and_with_every_comment_removed() {
    assert_eq!(AppConfig::help().to_dotenv(), ENV);
    let pairs = sourced(ENV);
    assert_eq!(
        pairs,
        [("APP_MOTD".to_owned(), "Bob's \"x\" $HOME".to_owned())]
    );
    let config = AppConfig::from_source(&pairs).unwrap();
    assert!(config.db.is_none() && config.upstream.is_empty());

    let all = ENV.replace("\n# APP_", "\nAPP_");
    let pairs = sourced(&all);
    assert_eq!(pairs.len(), 11);
    let loaded = AppConfig::loader().source(&pairs).strict().load().unwrap();
    assert_eq!(loaded.config.motd, "Bob's \"x\" $HOME");
    assert_eq!(
        loaded.config.db.unwrap().url.expose(),
        "postgres://me:pw@db/x"
    );
    assert_eq!(loaded.config.tags, ["a", "b"]);
    assert_eq!(loaded.config.site.keys().collect::<Vec<_>>(), ["main"]);
}

/// Compose and Kubernetes take such a name; no `.env` file does.
#[test]
fn a_name_that_no_dotenv_file_can_have_is_a_comment() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Cfg {
        #[env(name = "2FA.ENABLED", default = true)]
        second_factor: bool,
        port: u16,
    }

    assert_eq!(
        Cfg::help().to_dotenv(),
        "# One of: true, false, yes, no, on, off, 1, 0.\n\
         # in no .env file: 2FA.ENABLED=true\n\nAPP_PORT=1\n"
    );
}

/// A default may stay a comment; an example is asked for because it should load.
#[test]
fn a_text_that_no_dotenv_file_can_have_is_a_comment_and_no_example() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Cfg {
        #[env(default = "\t")]
        separator: String,
        #[env(example = "C:\\data\\")]
        folder: String,
        port: u16,
    }
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example is asked for")]
    struct Unfit {
        #[env(example = "it's `x`")]
        shell: String,
        #[env(example = "a\u{a0}b")]
        space: Option<String>,
    }

    let example = Cfg::help().to_dotenv();
    assert_eq!(
        example,
        "# in no .env file: APP_SEPARATOR=\\t\n\n\
         APP_FOLDER=\"C:\\\\data\\\\\"\n\nAPP_PORT=1\n"
    );
    let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let set = [pair("APP_FOLDER", "C:\\data\\"), pair("APP_PORT", "1")];
    let mut read = sourced(&example);
    read.sort_unstable();
    assert_eq!(read, set);
    testing::assert_valid::<Cfg>();

    let refused = std::panic::catch_unwind(testing::assert_valid::<Unfit>).unwrap_err();
    assert_eq!(
        refused.downcast_ref::<String>().unwrap(),
        "no example can be made of `Unfit`:\n  \
         APP_SHELL  no `.env` file can hold \"it's `x`\"; write another `example`\n  \
         APP_SPACE  no `.env` file can hold \"a\\u{a0}b\"; write another `example`"
    );
}

#[test]
fn kubernetes_takes_secrets_by_reference() {
    let env = AppConfig::help().secret_object("demo").to_kubernetes();
    assert_eq!(
        env,
        r#"env:
  # Port to listen on; 0 picks a free one. At least 1. Also: PORT. Deprecated: APP_LISTEN.
  - name: APP_PORT
    value: "8000"
  # What | is it?
  - name: APP_MOTD
    value: "Bob's \"x\" $$HOME"
  # One of: human, json.
  - name: APP_FORMAT
    value: "human"
  # The database. Or a file: APP_DB_URL_FILE. Key in stores: dsn. Required if any APP_DB_* is set.
  # - name: APP_DB_URL
  #   valueFrom:
  #     secretKeyRef:
  #       name: demo
  #       key: dsn
  # - name: APP_DB_TIMEOUT
  #   value: "5s"
  # One of: fake, vault.
  - name: APP_SECRETS
    value: "fake"
  # Required if APP_SECRETS=vault.
  # - name: APP_SECRETS_VAULT_HOST
  #   value: "127.0.0.1"
  # Required if any APP_UPSTREAM_<N>_* is set.
  # - name: APP_UPSTREAM_0_HOST
  #   value: "127.0.0.1"
  # Required if any APP_SITE_<KEY>_* is set.
  # - name: APP_SITE_MAIN_HOST
  #   value: "127.0.0.1"
  # Separated by ";".
  - name: APP_TAGS
    value: "a;b"
  # - name: APP_LIMITS
  #   value: "change-me=1"
"#
    );
}

/// Names of objects in Kubernetes have neither capitals nor `_`.
#[test]
fn without_an_option_the_secret_object_is_called_like_the_prefix() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        token: Secret<String>,
    }

    let object = |help: Help| {
        let env = help.to_kubernetes();
        let (_, object) = env.split_once("secretKeyRef:\n        name: ").unwrap();
        object.lines().next().unwrap().to_owned()
    };
    assert_eq!(object(Cfg::help()), "app");
    assert_eq!(object(Cfg::help().prefix("MY_APP")), "my-app");
    assert_eq!(object(Cfg::help().prefix("")), "app");
    let named = Cfg::help().secret_object("tokens").prefix("MY_APP");
    assert_eq!(object(named), "tokens");
}

/// Bare, YAML takes them for a bool, nothing, a number, and a comment.
#[test]
fn what_kubernetes_would_not_read_as_a_text_is_in_quotes() {
    #[derive(Debug, EnvConfig)]
    #[env(prefix = "")]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        on: Secret<String>,
        #[env(secret, key = "null")]
        a: Secret<String>,
        #[env(secret, key = "123")]
        b: Secret<String>,
        #[env(secret, key = "a: b #c")]
        c: Secret<String>,
        #[env(secret, key = "tls.key_2")]
        d: Secret<String>,
    }

    let env = Cfg::help().secret_object("x").to_kubernetes();
    let of = |key: &str| -> Vec<String> {
        let lines = env.lines().filter_map(|line| line.split_once(key));
        lines.map(|(_, value)| value.to_owned()).collect()
    };
    let keys = [
        r#""on""#,
        r#""null""#,
        r#""123""#,
        r#""a: b #c""#,
        "tls.key_2",
    ];
    assert_eq!(of("        key: "), keys);
    assert_eq!(of("- name: "), [r#""ON""#, "A", "B", "C", "D"]);
}

#[test]
fn kubernetes_reads_a_text_as_it_is_meant() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(default = "\"é\\\n\r\t\u{7f}\u{1}")]
        text: String,
        token: Secret<String>,
    }

    let env = |secret: &str| {
        format!(
            r#"env:
  - name: APP_TEXT
    value: "\"é\\\n\r\t\u007f\u0001"
  # Or a file: APP_TOKEN_FILE.
  - name: APP_TOKEN
    valueFrom:
      secretKeyRef:
        name: {secret}
        key: token
"#
        )
    };
    assert_eq!(
        Cfg::help().secret_object("my-app").to_kubernetes(),
        env("my-app")
    );
    for odd in ["-", "null:", "1", "", "null", "On"] {
        assert_eq!(
            Cfg::help().secret_object(odd).to_kubernetes(),
            env(&format!("{odd:?}"))
        );
    }
}

#[test]
fn the_specification_is_json() {
    let spec: serde_json::Value = serde_json::from_str(&AppConfig::help().to_json()).unwrap();
    assert_eq!(spec["format"], 1);
    assert_eq!(spec["config"], "AppConfig");
    assert_eq!(spec["doc"], "The demo service.");
    let variables = spec["variables"].as_array().unwrap();
    assert_eq!(
        variables[0],
        serde_json::json!({
            "name": "APP_PORT",
            "field": "port",
            "type": "u16",
            "range": "at least 1",
            "required": false,
            "default": "8000",
            "aliases": ["PORT"],
            "deprecated": ["APP_LISTEN"],
            "doc": "Port to listen on; 0 picks a free one.",
        })
    );
    assert_eq!(
        variables[3],
        serde_json::json!({
            "name": "APP_DB_URL",
            "field": "db.url",
            "type": "text",
            "required": true,
            "when": { "any_set": "APP_DB_*" },
            "example": "postgres://me:pw@db/x",
            "secret": true,
            "key": "dsn",
            "file": "APP_DB_URL_FILE",
            "doc": "The database.",
        })
    );
    assert_eq!(
        variables[6]["when"],
        serde_json::json!({ "variable": "APP_SECRETS", "is": "vault" })
    );
    assert_eq!(variables[7]["field"], "upstream[<N>].host");
    assert_eq!(variables[9]["separator"], ";");
}

#[test]
fn the_specification_tells_what_separates_several_secrets() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(separator = ";")]
        tokens: Secret<Vec<String>>,
        token: Secret<String>,
    }

    let spec: serde_json::Value = serde_json::from_str(&Cfg::help().to_json()).unwrap();
    assert_eq!(spec["variables"][0]["separator"], ";");
    assert!(spec["variables"][1]["separator"].is_null());
}

#[test]
fn the_words_of_each_element_are_told() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(default)]
        formats: Vec<Format>,
        two: [Format; 2],
        secret: Secret<Format>,
    }

    let help = Cfg::help();
    assert_eq!(
        help.to_lines(),
        "\
APP_FORMATS (Optional): Each one of: human, json.
APP_TWO (Required): Each one of: human, json.
APP_SECRET (Required, Secret): One of: human, json. Or a file: APP_SECRET_FILE."
    );
    let mut spec: serde_json::Value = serde_json::from_str(&help.to_json()).unwrap();
    for variable in spec["variables"].as_array_mut().unwrap() {
        assert_eq!(variable["words"], serde_json::json!(["human", "json"]));
        variable["words"]
            .as_array_mut()
            .unwrap()
            .push("loud".into());
    }
    let changes = help.diff(&spec.to_string()).unwrap().to_string();
    assert!(
        changes.starts_with("APP_FORMATS can no longer be loud\n"),
        "{changes}"
    );
}

#[test]
fn a_release_tells_what_it_changes() {
    mod v1 {
        use environ::{EnvConfig, EnvValue};

        #[derive(Debug, EnvConfig)]
        #[expect(dead_code, reason = "only its help is asked for")]
        pub(super) struct Cfg {
            #[env(default = 8000)]
            port: u16,
            #[env(default = "x")]
            name: String,
            host: Option<String>,
            level: Option<Level>,
            token: String,
            old: String,
            gone: u8,
            must: u8,
        }

        #[derive(Debug, EnvValue)]
        enum Level {
            Info,
            Loud,
        }
    }

    mod v2 {
        use environ::{EnvConfig, EnvValue, Secret};

        #[derive(Debug, EnvConfig)]
        #[expect(dead_code, reason = "only its help is asked for")]
        pub(super) struct Cfg {
            #[env(default = 8080, range = 1..)]
            port: u32,
            name: Option<String>,
            host: String,
            level: Option<Level>,
            token: Secret<String>,
            #[env(deprecated = "APP_OLD")]
            new: String,
            added: Option<u8>,
            #[env(default = 1)]
            must: u8,
            needed: u8,
        }

        #[derive(Debug, EnvValue)]
        enum Level {
            Info,
            Debug,
        }
    }

    let old = v1::Cfg::help().to_json();
    let changes = v2::Cfg::help().diff(&old).unwrap();
    assert_eq!(
        changes.to_string(),
        "\
newly requires APP_HOST
APP_LEVEL can no longer be loud
newly requires APP_NEEDED
type of APP_PORT changed from u16 to u32
range of APP_PORT was none, and is at least 1
no longer reads APP_GONE
newly reads APP_ADDED
APP_LEVEL can newly be debug
no longer requires APP_MUST
APP_MUST newly has the default 1
APP_NAME no longer has the default x
renames APP_OLD to APP_NEW; the old name still works
default of APP_PORT changed from 8000 to 8080
APP_TOKEN is newly a secret"
    );
    assert!(!changes.is_empty());
    let breaking: Vec<_> = changes.iter().map(environ::Change::is_breaking).collect();
    assert_eq!(breaking, [vec![true; 6], vec![false; 8]].concat());
    assert!(v1::Cfg::help().diff(&old).unwrap().is_empty());
    for (document, reason) in [
        ("{", "EOF while parsing an object at line 1 column 1"),
        ("{}", "its `format` is not 1"),
        (r#"{"format": 1}"#, "it has no variables"),
    ] {
        let err = v1::Cfg::help().diff(document).unwrap_err();
        assert_eq!(
            err.to_string(),
            format!("not a specification of variables: {reason}")
        );
    }
}

#[test]
fn a_config_can_be_tested_in_a_line() {
    testing::assert_valid::<AppConfig>();
}

/// Unless it selects a variant, a word need not be one that everything accepts.
#[test]
fn a_config_may_refuse_a_word() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "what it holds does not matter")]
    struct Cfg {
        #[env(default = "human", validate = not_yet)]
        format: Format,
    }

    fn not_yet(format: &Format) -> Result<(), &'static str> {
        match format {
            Format::Human => Ok(()),
            Format::Json => Err("not yet"),
        }
    }

    testing::assert_valid::<Cfg>();
}

fn message(test: fn()) -> String {
    let panic = std::panic::catch_unwind(test).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[test]
fn a_bad_default_is_found_in_a_group_that_is_not_there_too() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Outer {
        #[env(group)]
        inner: Option<Inner>,
        #[env(group)]
        from: From,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Inner {
        host: String,
        #[env(default = "80a0")]
        ratio: f64,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    enum From {
        #[env(default)]
        Here,
        There(Other),
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Other {
        #[env(default = "x")]
        number: f64,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct OnlyThere {
        #[env(group)]
        from: From,
    }

    assert_eq!(
        message(testing::assert_valid::<Outer>),
        "the example of `Outer` does not load; 1 problem with the environment:\n  \
         APP_INNER_RATIO  the default \"80a0\" is not an f64: it must be a number, like 0.5\n\
         what was set: APP_FROM, APP_INNER_HOST"
            .replace("APP_FROM, ", "")
    );
    assert_eq!(
        message(testing::assert_valid::<OnlyThere>),
        "the example of `OnlyThere` does not load; 1 problem with the environment:\n  \
         APP_FROM_THERE_NUMBER  the default \"x\" is not an f64: it must be a number, like 0.5\n\
         what was set: APP_FROM"
    );
}

#[test]
fn a_type_without_an_example_is_named() {
    #[derive(Debug)]
    struct Opaque;

    impl std::str::FromStr for Opaque {
        type Err = String;

        fn from_str(_: &str) -> Result<Self, String> {
            Ok(Self)
        }
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        one: Opaque,
        #[env(example = "x")]
        two: Opaque,
    }

    assert_eq!(
        message(testing::assert_valid::<Cfg>),
        "no example can be made of `Cfg`:\n  \
         APP_ONE  an Opaque has no text that is known; add `#[env(example = \"...\")]`"
    );
}

/// The separator of inner elements does not separate outer elements.
#[test]
fn the_example_of_a_list_of_tuples_loads() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its example counts")]
    struct Cfg {
        pairs: Vec<(String, u16)>,
        deep: Vec<Vec<(bool, char)>>,
        #[env(separator = ";")]
        by_name: BTreeMap<String, (u8, u8)>,
        colour: [u8; 3],
        point: ([f32; 2], String),
    }

    testing::assert_valid::<Cfg>();
    assert_eq!(
        Cfg::help().to_dotenv().replace("\n\n", "\n"),
        "APP_PAIRS='change-me\\,1'\n\
         APP_DEEP='true\\\\\\,x'\n\
         # Separated by \";\".\n\
         APP_BY_NAME='change-me=1\\;1'\n\
         APP_COLOUR=1,1,1\n\
         APP_POINT='0.5\\,0.5,change-me'\n"
    );
}

#[test]
fn the_example_of_a_range_is_in_it() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "what it holds does not matter")]
    struct Cfg {
        #[env(range = 5..=9)]
        inside: u8,
        #[env(range = 1_000..)]
        above: u32,
        #[env(range = -0.5..0.5)]
        between: f64,
        #[env(range = ..=9)]
        below: u8,
        #[env(range = Duration::from_secs(1)..)]
        time: Duration,
    }

    let example = Cfg::help().to_dotenv();
    let set: Vec<_> = example
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert_eq!(
        set,
        [
            "APP_INSIDE=5",
            "APP_ABOVE=1000",
            "APP_BETWEEN=-0.5",
            "APP_BELOW=1",
            "APP_TIME=1s"
        ]
    );
    testing::assert_valid::<Cfg>();
}

/// Kubernetes would insert the value of another variable of the container, and make a single
/// `$` of two.
#[test]
fn kubernetes_expands_nothing() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "what it holds does not matter")]
    struct Cfg {
        #[env(default = "$(HOME)/x")]
        path: String,
        #[env(default = "a$$b")]
        twice: String,
        #[env(default = "$$(HOME)")]
        escaped: String,
        #[env(example = "$1$salt$hash")]
        hash: String,
        #[env(default = "$")]
        one: String,
    }

    assert_eq!(
        Cfg::help().secret_object("x").to_kubernetes(),
        r#"env:
  - name: APP_PATH
    value: "$$(HOME)/x"
  - name: APP_TWICE
    value: "a$$$$b"
  - name: APP_ESCAPED
    value: "$$$$(HOME)"
  - name: APP_HASH
    value: "$$1$$salt$$hash"
  - name: APP_ONE
    value: "$$"
"#
    );
}

/// A path that begins names outside of its group does not say how to switch the group on.
#[test]
fn the_switches_of_a_flattened_group_are_named() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "MEILI")]
    struct Search {
        env: Option<String>,
        #[env(group, flatten)]
        ssl: Option<Tls>,
        #[env(group, flatten)]
        auth: Option<Auth>,
        #[env(group)]
        dump: Option<Dump>,
        dump_pool: Option<u8>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Tls {
        ssl_cert_path: String,
        #[env(alias = "SSL_KEY")]
        ssl_key_path: String,
        #[env(group)]
        ocsp: Ocsp,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Ocsp {
        path: Option<String>,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Auth {
        user: String,
        #[env(default = "x")]
        realm: String,
    }

    #[derive(Debug, PartialEq, EnvConfig)]
    struct Dump {
        dir: String,
        #[env(default = 1)]
        keep: u8,
    }

    assert_eq!(
        Search::help().to_lines(),
        "\
MEILI_ENV (Optional)
MEILI_SSL_CERT_PATH (Required if any of MEILI_SSL_KEY_PATH, SSL_KEY, MEILI_OCSP_PATH is set)
MEILI_SSL_KEY_PATH (Required if any of MEILI_SSL_CERT_PATH, MEILI_OCSP_PATH is set): Also: SSL_KEY.
MEILI_OCSP_PATH (Optional)
MEILI_USER (Required if MEILI_REALM is set)
MEILI_REALM (Optional, Default=x)
MEILI_DUMP_DIR (Required if MEILI_DUMP_KEEP is set)
MEILI_DUMP_KEEP (Optional, Default=1)
MEILI_DUMP_POOL (Optional)"
    );
    let markdown = Search::help().to_markdown();
    for row in [
        "| `MEILI_SSL_KEY_PATH` | text | **required** if any of `MEILI_SSL_CERT_PATH`, \
         `MEILI_OCSP_PATH` is set | Also: SSL_KEY. |",
        "| `MEILI_USER` | text | **required** if `MEILI_REALM` is set |  |",
    ] {
        assert!(markdown.contains(row), "{markdown}");
    }
    let example = Search::help().to_dotenv();
    assert!(
        example.contains("# Required if MEILI_REALM is set.\n# MEILI_USER="),
        "{example}"
    );
    let document: serde_json::Value = serde_json::from_str(&Search::help().to_json()).unwrap();
    assert_eq!(
        document["variables"][4]["when"],
        serde_json::json!({ "any_set": ["MEILI_REALM"] })
    );
    // The claims hold.
    let pairs = [("MEILI_ENV", "x"), ("MEILI_DUMP_POOL", "1")];
    let search = Search::from_source(pairs).unwrap();
    assert_eq!((search.ssl, search.auth, search.dump), (None, None, None));
    let err = Search::from_source([("MEILI_REALM", "x"), ("MEILI_DUMP_KEEP", "1")]).unwrap_err();
    let names: Vec<_> = err.problems().map(environ::Problem::name).collect();
    assert_eq!(names, ["MEILI_USER", "MEILI_DUMP_DIR"]);
    testing::assert_valid::<Search>();
}
