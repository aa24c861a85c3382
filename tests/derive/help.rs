use std::time::Duration;

use environ::{EnvConfig, EnvValue, Secret};

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct AppConfig {
    /// Port to listen on;
    /// 0 picks a free one.
    ///
    /// A second paragraph is for rustdoc.
    #[env(default = 8000, alias = "PORT")]
    port: u16,
    #[env(group)]
    log: Log,
    #[env(group)]
    db: Option<Db>,
    #[env(group)]
    secrets: SecretsFrom,
    #[env(default)]
    tags: Vec<String>,
    #[env(default = "")]
    motd: String,
    node: Option<String>,
    #[env(skip)]
    started: u64,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Log {
    /// How lines look.
    #[env(default = "human")]
    format: LogFormat,
}

#[derive(EnvValue)]
enum LogFormat {
    Human,
    Json,
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Db {
    url: Secret<String>,
    #[env(default = "5s", help = "How long to wait for a connection.")]
    /// Not this.
    timeout: Duration,
}

/// Where secrets come from.
#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
enum SecretsFrom {
    #[env(default)]
    Fake,
    Vault(Vault),
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Vault {
    /// Where Vault is.
    addr: String,
}

#[test]
fn help_lists_every_variable_once_in_order() {
    assert_eq!(
        AppConfig::help().to_lines(),
        "\
APP_PORT (Optional, Default=8000): Port to listen on; 0 picks a free one. Also: PORT.
APP_LOG_FORMAT (Optional, Default=human): How lines look. One of: human, json.
APP_DB_URL (Required if any APP_DB_* is set, Secret): Or a file: APP_DB_URL_FILE.
APP_DB_TIMEOUT (Optional, Default=5s): How long to wait for a connection.
APP_SECRETS (Optional, Default=fake): Where secrets come from. One of: fake, vault.
APP_SECRETS_VAULT_ADDR (Required if APP_SECRETS=vault): Where Vault is.
APP_TAGS (Optional)
APP_MOTD (Optional, Default=\"\")
APP_NODE (Optional)"
    );
}

/// Without a required variable, an optional group is there with its defaults.
#[test]
fn the_heading_of_an_optional_group_has_a_condition_only_if_the_group_may_be_absent() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        #[env(group)]
        pool: Option<Pool>,
        #[env(group, defaults(addr = "a"))]
        vault: Option<Vault>,
        #[env(group)]
        proxy: Option<Vault>,
        #[env(group)]
        pools: Vec<Pool>,
    }

    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Pool {
        #[env(default = 1)]
        size: u8,
    }

    assert!(Cfg::from_source(()).unwrap().pool.is_some());
    let help = Cfg::help().to_string();
    let headings: Vec<&str> = help.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(
        headings,
        [
            "APP_POOL_*",
            "",
            "APP_VAULT_*",
            "",
            "APP_PROXY_* (if any of them is set)",
            "",
            "APP_POOLS_<N>_* (if any of them is set)",
        ]
    );
}

/// Stars are how a block is drawn, and a list is one.
#[test]
fn a_block_comment_is_documentation_without_its_stars() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        /** One line. */
        one: u8,
        /**
         * Two
         * lines.
         *
         * No more.
         */
        two: u8,
        /// * A point.
        point: u8,
    }

    assert_eq!(
        Cfg::help().to_lines(),
        "APP_ONE (Required): One line.\n\
         APP_TWO (Required): Two lines.\n\
         APP_POINT (Required): * A point."
    );
}

#[test]
fn a_doc_comment_without_a_full_stop_is_a_sentence_before_others() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        /// Main data folder
        #[env(file)]
        data: String,
        /// Folder of `tmp`
        #[env(alias = "TMP")]
        tmp: String,
        /// Is it large?
        #[env(alias = "LARGE")]
        large: bool,
        /// A port
        port: u16,
    }

    let help = Cfg::help();
    assert_eq!(
        help.to_lines(),
        "APP_DATA (Required): Main data folder. Or a file: APP_DATA_FILE.\n\
         APP_TMP (Required): Folder of `tmp`. Also: TMP.\n\
         APP_LARGE (Required): Is it large? One of: true, false, yes, no, on, off, 1, 0. \
         Also: LARGE.\n\
         APP_PORT (Required): A port"
    );
    let sentence = "Main data folder. Or a file: APP_DATA_FILE.";
    for text in [
        help.to_string(),
        help.to_markdown(),
        help.to_dotenv(),
        help.to_kubernetes(),
        help.to_compose(),
        help.to_systemd(),
        help.to_env_schema(),
        help.to_json_schema(),
        help.to_man(),
    ] {
        assert!(text.contains(sentence), "{text}");
    }
}

#[test]
fn help_has_a_section_for_each_group() {
    assert_eq!(
        AppConfig::help().to_string(),
        "  APP_PORT                Port to listen on; 0 picks a free one. Also: PORT. [default: 8000]
  APP_TAGS
  APP_MOTD                [default: \"\"]
  APP_NODE

APP_LOG_*
  APP_LOG_FORMAT          How lines look. One of: human, json. [default: human]

APP_DB_* (if any of them is set)
  APP_DB_URL              Or a file: APP_DB_URL_FILE. [required] [secret]
  APP_DB_TIMEOUT          How long to wait for a connection. [default: 5s]

Where secrets come from
  APP_SECRETS             Where secrets come from. One of: fake, vault. [default: fake]

APP_SECRETS_VAULT_* (if APP_SECRETS=vault)
  APP_SECRETS_VAULT_ADDR  Where Vault is. [required]"
    );
}

/// Of the field if it has some, because a type may be used for several fields.
#[test]
fn the_heading_of_a_group_is_the_documentation_of_its_field() {
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Cfg {
        /// The first database,
        /// which is written to.
        ///
        /// A second paragraph is for rustdoc.
        #[env(group)]
        primary: Db,
        #[env(group)]
        replica: Option<Db>,
        /// Caches with <tags>.
        #[env(group)]
        caches: Vec<Db>,
        /// Whether to trace.
        #[env(group, switch = "ON")]
        trace: Option<Db>,
        /// The store.
        #[env(group)]
        store: Store,
        #[env(default = 80)]
        port: u16,
    }

    /// A database.
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    struct Db {
        /// Its address.
        url: String,
    }

    /// Of files.
    #[derive(EnvConfig)]
    #[expect(dead_code, reason = "only its help is asked for")]
    enum Store {
        /// A bucket of S3.
        S3(Db),
        Disk(Db),
    }

    let help = Cfg::help();
    assert_eq!(
        help.to_string(),
        "  APP_PORT            [default: 80]

The first database, which is written to
  APP_PRIMARY_URL     Its address. [required]

A database (if any of them is set)
  APP_REPLICA_URL     Its address. [required]

Caches with <tags>: APP_CACHES_<N>_* (if any of them is set)
  APP_CACHES_<N>_URL  Its address. [required]

Whether to trace
  APP_TRACE_ON        [default: false]
  APP_TRACE_URL       Its address. [required if APP_TRACE_ON=true]

The store
  APP_STORE           Of files. One of: s3, disk. [required]

A bucket of S3 (if APP_STORE=s3)
  APP_STORE_S3_URL    Its address. [required]

A database (if APP_STORE=disk)
  APP_STORE_DISK_URL  Its address. [required]"
    );
    let markdown = help.to_markdown();
    let headings: Vec<&str> = markdown.lines().filter(|it| it.starts_with('#')).collect();
    assert_eq!(
        headings,
        [
            "### The first database, which is written to",
            "### A database (if any of them is set)",
            "### Caches with \\<tags>: `APP_CACHES_<N>_*` (if any of them is set)",
            "### Whether to trace",
            "### The store",
            "### A bucket of S3 (if `APP_STORE=s3`)",
            "### A database (if `APP_STORE=disk`)",
        ]
    );
    assert!(
        markdown.starts_with(
            "\
| variable | type | default | meaning |
|---|---|---|---|
| `APP_PORT` | u16 | `80` |  |

### The first database, which is written to

| variable | type | default | meaning |
|---|---|---|---|
| `APP_PRIMARY_URL` | text | **required** | Its address. |

### A database"
        ),
        "{markdown}"
    );
    let man = help.to_man();
    let headings: Vec<&str> = man.lines().filter(|it| it.starts_with(".SS ")).collect();
    assert_eq!(
        headings,
        [
            ".SS The first database, which is written to",
            ".SS A database (if any of them is set)",
            ".SS Caches with <tags>: APP_CACHES_<N>_* (if any of them is set)",
            ".SS Whether to trace",
            ".SS The store",
            ".SS A bucket of S3 (if APP_STORE=s3)",
            ".SS A database (if APP_STORE=disk)",
        ]
    );
    let condition = "if any of them is set";
    assert_eq!(
        man.matches(condition).count(),
        2,
        "in headings alone: {man}"
    );
    let port = man.find(".B APP_PORT").unwrap();
    assert!(port < man.find(".SS").unwrap(), "{man}");
}

#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
#[env(removed("APP_OLD", "set APP_LISTENERS_0_ADDRESS"))]
struct Peers {
    #[env(group)]
    listeners: Vec<Listener>,
    #[env(group)]
    peers: std::collections::BTreeMap<String, Listener>,
}

/// Address of a listener.
#[derive(EnvConfig)]
#[expect(dead_code, reason = "only its help is asked for")]
struct Listener {
    /// Address to listen on: an interface of the host, or all of them.
    #[env(default = "a text with  two spaces")]
    address: String,
    a_field_with_a_long_name_that_fits_nowhere: Option<u8>,
}

#[test]
fn help_fits_the_width() {
    let expected = "\
Address of a listener: APP_LISTENERS_<N>_* (if any of them
is set)
  APP_LISTENERS_<N>_ADDRESS
           Address to listen on: an interface of the host,
           or all of them. [default: a text with  two
           spaces]
  APP_LISTENERS_<N>_A_FIELD_WITH_A_LONG_NAME_THAT_FITS_NOWHERE

Address of a listener: APP_PEERS_<KEY>_* (if any of them is
set)
  APP_PEERS_<KEY>_ADDRESS
           Address to listen on: an interface of the host,
           or all of them. [default: a text with  two
           spaces]
  APP_PEERS_<KEY>_A_FIELD_WITH_A_LONG_NAME_THAT_FITS_NOWHERE

Removed
  APP_OLD  set APP_LISTENERS_0_ADDRESS";
    let help = Peers::help().width(60).to_string();
    assert_eq!(help, expected);
}

#[test]
fn styles_are_escape_sequences_around_words() {
    let styled = Vault::help().styled(true).to_string();
    assert_eq!(
        styled,
        "  \u{1b}[1mAPP_ADDR\u{1b}[0m  Where Vault is. \u{1b}[2m[required]\u{1b}[0m"
    );
    let plain = |text: &str| {
        let parts = text.split('\u{1b}').map(|part| {
            let code = part.strip_prefix('[').and_then(|part| part.split_once('m'));
            code.map_or(part, |(_, text)| text)
        });
        parts.collect::<String>()
    };
    for width in [40, 61, 100, 200] {
        let help = AppConfig::help().width(width);
        assert_eq!(
            plain(&help.clone().styled(true).to_string()),
            help.to_string()
        );
    }
}

#[test]
fn a_line_is_wider_than_asked_for_only_if_a_word_is() {
    for width in [40, 57, 80, 120] {
        for help in [AppConfig::help(), Peers::help()] {
            for line in help.width(width).to_string().lines() {
                let is_word = line.trim().split(' ').count() == 1;
                assert!(is_word || line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn a_variable_is_explained_under_each_of_its_names() {
    let help = AppConfig::help();
    assert_eq!(
        help.explain("app_db_url_file").unwrap(),
        "\
APP_DB_URL

  Type      text
  Required  yes, if any APP_DB_* is set
  Secret    yes, its value is never shown
  Names     `db_url` in a store of secrets, or else APP_DB_URL_FILE (the path of a file), or else
            APP_DB_URL
  Example   APP_DB_URL=change-me"
    );
    assert_eq!(
        help.explain("APP_SECRETS_VAULT_ADDR").unwrap(),
        "\
APP_SECRETS_VAULT_ADDR
  Where Vault is.

  Type      text
  Required  yes, if APP_SECRETS=vault
  Names     APP_SECRETS_VAULT_ADDR
  Example   APP_SECRETS_VAULT_ADDR=change-me"
    );
    assert_eq!(help.explain("APP_PORT"), help.explain("PORT"));
    let peers = Peers::help();
    let of_a_list = peers.explain("APP_LISTENERS_7_ADDRESS").unwrap();
    assert!(
        of_a_list.starts_with("APP_LISTENERS_<N>_ADDRESS\n"),
        "{of_a_list}"
    );
    assert!(
        of_a_list.ends_with("Example   APP_LISTENERS_0_ADDRESS=a text with  two spaces"),
        "{of_a_list}"
    );
}

#[test]
fn an_unknown_variable_is_answered_with_the_name_that_is_meant() {
    let help = AppConfig::help();
    for (name, said) in [
        (
            "APP_PROT",
            "no variable is called \"APP_PROT\"; is APP_PORT meant?",
        ),
        (
            "app_db_ulr",
            "no variable is called \"app_db_ulr\"; is APP_DB_URL meant?",
        ),
        ("HOME", "no variable is called \"HOME\""),
        ("\u{202e}", "no variable is called \"\\u{202e}\""),
    ] {
        assert_eq!(help.explain(name).unwrap_err().to_string(), said);
    }
    assert_eq!(
        help.explain("APP_PROT").unwrap_err().near(),
        Some("APP_PORT")
    );
}
