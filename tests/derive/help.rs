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
        AppConfig::help().to_string(),
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
        Cfg::help().to_string(),
        "APP_ONE (Required): One line.\n\
         APP_TWO (Required): Two lines.\n\
         APP_POINT (Required): * A point."
    );
}
