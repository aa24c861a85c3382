//! Settings that are valid, and odd: `--check`, `doctor` and the start warn of each.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use environ::{EnvConfig, Source};

use super::AppConfig;
use super::secrets::SecretsConfig;

/// A setting that is valid, and odd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caution {
    /// The subject, for queries.
    pub(crate) code: &'static str,
    /// The variable.
    pub(crate) name: String,
    /// The oddity and the remedy.
    pub(crate) text: String,
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.text)
    }
}

fn caution(code: &'static str, name: impl Into<String>, text: impl Into<String>) -> Caution {
    Caution {
        code,
        name: name.into(),
        text: text.into(),
    }
}

/// Returns every odd setting of a configuration that was loaded from `env`.
pub(crate) fn cautions(config: &AppConfig, env: &dyn Source) -> Vec<Caution> {
    let mut cautions = Vec::new();
    if config.boot.is_prod() && config.server.chaos {
        let text = "true in production, so that clients can make the service misbehave; unset it";
        cautions.push(caution("chaos", "APP_CHAOS", text));
    }
    if config.boot.is_prod() && config.admin.open && config.server.admin_listen.is_none() {
        let text = "true in production: every client reads the configuration and the log level; \
                    unset it, and send the token or set APP_ADMIN_LISTEN";
        cautions.push(caution("open", "APP_ADMIN_OPEN", text));
    }
    cautions.extend(unread(env));
    cautions.extend(plaintext(config, env));
    if let Some((name, file)) = config.boot.secrets.exposed(env) {
        let text = format!("every child process and `/proc` shows it; name a file in {file}");
        cautions.push(caution("exposed", name, text));
    }
    if let Some((name, other)) = config.boot.secrets.without_effect() {
        let text = format!("no effect, because {other} is a document of all secrets; unset one");
        cautions.push(caution("no_effect", name, text));
    }
    if let Some(server) = config.db.unverified() {
        cautions.push(caution("unverified", "APP_DB_URL", server.to_string()));
    }
    cautions.extend(open_files(config, env));
    if let Some(text) = config.stop_budget(env).caution() {
        cautions.push(caution("stop", "APP_STOP_TIMEOUT", text));
    }
    for network in &config.server.trusted_proxies {
        if network.is_too_wide() {
            let text = format!(
                "{network} lets every client claim any address; list the networks of your proxies"
            );
            cautions.push(caution("proxies", "APP_TRUSTED_PROXIES", text));
        }
    }
    cautions
}

/// Variables that other programs read, and ours without the prefix.
const ELSEWHERE: [(&str, &str); 21] = [
    ("RUST_LOG", "APP_LOG_LEVEL"),
    ("LOGLEVEL", "APP_LOG_LEVEL"),
    ("LOG_LVL", "APP_LOG_LEVEL"),
    ("LOGGING_LEVEL", "APP_LOG_LEVEL"),
    ("LOG_FMT", "APP_LOG_FORMAT"),
    ("LOGFORMAT", "APP_LOG_FORMAT"),
    ("LOG_STYLE", "APP_LOG_FORMAT"),
    ("RUST_LOG_STYLE", "APP_LOG_FORMAT"),
    ("RUST_LOG_FORMAT", "APP_LOG_FORMAT"),
    ("DATABASE_URL", "APP_DB_URL"),
    ("DATABASE_URI", "APP_DB_URL"),
    ("DATABASE_DSN", "APP_DB_URL"),
    ("DB_DSN", "APP_DB_URL"),
    ("DB_URI", "APP_DB_URL"),
    ("POSTGRES_URL", "APP_DB_URL"),
    ("POSTGRESQL_URL", "APP_DB_URL"),
    ("PG_URL", "APP_DB_URL"),
    ("WEB_CONCURRENCY", "APP_WORKERS"),
    ("TOKIO_WORKER_THREADS", "APP_WORKERS"),
    ("ACTIX_WORKERS", "APP_WORKERS"),
    ("FORWARDED_ALLOW_IPS", "APP_TRUSTED_PROXIES"),
];

/// Names without the prefix that are read.
const ALIASES: [&str; 2] = ["LOG_LEVEL", "LOG_FORMAT"];

/// Variables that are set and look like ours, but are not read.
pub(crate) fn unread(env: &dyn Source) -> Vec<Caution> {
    let ours = own_names();
    let names = env.names().unwrap_or_default();
    let mut names: Vec<_> = names
        .into_iter()
        .filter_map(|name| name.into_string().ok())
        .collect();
    names.sort_unstable();
    let meant = |name: &str| {
        let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name);
        let elsewhere = elsewhere.map(|(_, meant)| (*meant).to_owned());
        elsewhere
            .or_else(|| without_prefix(name, ours))
            .or_else(|| misspelt(name))
    };
    let is_set = |name: &str| env.get(name).is_some_and(|text| !text.is_empty());
    let unread = names.iter().filter_map(|name| {
        let meant = meant(name).filter(|_| is_set(name))?;
        let text = if is_set(&meant) {
            format!("set, but not read; {meant} is")
        } else {
            format!("set, but not read; is {meant} meant?")
        };
        Some(caution("unread", name, text))
    });
    unread.collect()
}

/// Returns the name with the prefix. A single word such as `ENV` belongs to others.
fn without_prefix(name: &str, ours: &[String]) -> Option<String> {
    let prefixed = format!("APP_{name}");
    let is_ours = name.contains('_') && !ALIASES.contains(&name) && ours.contains(&prefixed);
    is_ours.then_some(prefixed)
}

/// Returns the alias that differs in one letter, or in two neighbours.
fn misspelt(name: &str) -> Option<String> {
    let alias = ALIASES
        .iter()
        .find(|alias| is_near(name.as_bytes(), alias.as_bytes()))?;
    Some((*alias).to_owned())
}

fn is_near(name: &[u8], other: &[u8]) -> bool {
    let front = name.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (name, other) = (&name[front..], &other[front..]);
    let back = name.iter().rev().zip(other.iter().rev());
    let back = back.take_while(|(a, b)| a == b).count();
    match (&name[..name.len() - back], &other[..other.len() - back]) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([a, b], [c, d]) => (a, b) == (d, c),
        _ => false,
    }
}

/// Returns the name of each variable, from the specification that `--diff` reads.
///
/// It is written once: a check of files asks for each workload.
pub(crate) fn own_names() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let help = AppConfig::help().to_json();
        let lines = help.lines();
        let names = lines.filter_map(|line| line.trim().strip_prefix("\"name\": \""));
        let names = names.filter_map(|rest| rest.split('"').next());
        names.map(str::to_owned).collect()
    });
    &NAMES
}

/// Stores that secrets travel from in plaintext.
fn plaintext(config: &AppConfig, env: &dyn Source) -> Option<Caution> {
    if !config.boot.is_prod() {
        return None;
    }
    let (name, host) = config.boot.secrets.plaintext(env)?;
    let text = format!(
        "http:// sends tokens and secrets in plaintext to {host} in production; write https://"
    );
    Some(caution("plaintext", name, text))
}

/// Files with secrets that every user of the machine may read or write.
fn open_files(config: &AppConfig, env: &dyn Source) -> Vec<Caution> {
    let open = secret_files(config, env)
        .into_iter()
        .filter_map(|(name, path)| {
            let others = mode(&path).unwrap_or_default() & 0o7;
            let (verb, remedy) = match others {
                _ if others & 0o2 != 0 => ("write", "chmod o-rwx"),
                _ if others & 0o4 != 0 => ("read", "chmod o-rwx"),
                _ => return None,
            };
            let path = path.display().to_string();
            let text = format!("every user may {verb} {path:?}; {remedy}");
            Some(caution("open_file", name, text))
        });
    open.collect()
}

/// Returns the mode of a regular file.
fn mode(path: &Path) -> Option<u32> {
    let metadata = fs::metadata(path).ok()?;
    metadata.is_file().then(|| metadata.mode())
}

/// Returns the files that hold secrets, each with its variable.
fn secret_files(config: &AppConfig, env: &dyn Source) -> Vec<(String, PathBuf)> {
    let logins = [
        "APP_SECRETS_VAULT_AUTH_TOKEN_FILE",
        "APP_SECRETS_VAULT_AUTH_APPROLE_SECRET_ID_FILE",
        "APP_SECRETS_VAULT_AUTH_USERPASS_PASSWORD_FILE",
        "APP_SECRETS_VAULT_CLIENT_KEY_FILE",
        "APP_SECRETS_AZURE_CLIENT_SECRET_FILE",
        "APP_SECRETS_GCP_CREDENTIALS_FILE",
    ];
    let named = AppConfig::secret_vars()
        .into_iter()
        .map(|name| format!("{name}_FILE"));
    let logins = logins.map(str::to_owned);
    let named = named.chain(logins).filter_map(|name| {
        let path = PathBuf::from(env.get(&name)?.into_owned());
        Some((name, path))
    });
    let mut files: Vec<_> = named.collect();
    if let SecretsConfig::Dir(dir) = &config.boot.secrets {
        let secrets = AppConfig::secret_vars().into_iter().map(|name| {
            let name = name
                .strip_prefix("APP_")
                .unwrap_or(&name)
                .to_ascii_lowercase();
            OsString::from(name)
        });
        let paths = secrets.map(|name| dir.path.join(name));
        files.extend(paths.map(|path| ("APP_SECRETS_DIR_PATH".to_owned(), path)));
    }
    files
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn warned(vars: &[(&str, &str)]) -> Vec<String> {
        let config = AppConfig::from_source(vars).unwrap();
        let cautions = cautions(&config, &vars);
        cautions.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn defaults_are_not_odd() {
        assert_eq!(warned(&[]), [""; 0]);
        assert_eq!(
            warned(&[("LOG_LEVEL", "warn"), ("LOG_FORMAT", "json"), ("ENV", "x")]),
            [""; 0]
        );
        assert_eq!(warned(&[("APP_CHAOS", "true")]), [""; 0]);
    }

    #[test]
    fn chaos_in_production_is_odd() {
        let prod = [
            ("APP_ENV", "prod"),
            ("APP_DB_URL", "sqlite::memory:"),
            ("APP_CHAOS", "true"),
        ];
        let warned = warned(&prod);
        assert_eq!(warned.len(), 1, "{warned:?}");
        assert!(
            warned[0].starts_with("APP_CHAOS: true in production"),
            "{warned:?}"
        );
    }

    #[test]
    fn open_operator_endpoints_in_production_are_odd() {
        let prod = [
            ("APP_ENV", "prod"),
            ("APP_DB_URL", "sqlite::memory:"),
            ("APP_ADMIN_OPEN", "true"),
            ("APP_ADMIN_LISTEN", "127.0.0.1:8001"),
        ];
        assert_eq!(warned(&prod), [""; 0]);
        let warned = warned(&prod[..3]);
        assert_eq!(warned.len(), 1, "{warned:?}");
        assert!(warned[0].starts_with("APP_ADMIN_OPEN: true in production"));
    }

    #[test]
    fn a_variable_of_another_program_is_told_from_ours() {
        for (name, meant) in [
            ("RUST_LOG", "APP_LOG_LEVEL"),
            ("DATABASE_URL", "APP_DB_URL"),
            ("DB_URL", "APP_DB_URL"),
            ("DRAIN_DELAY", "APP_DRAIN_DELAY"),
            ("TRUSTED_PROXIES", "APP_TRUSTED_PROXIES"),
            ("LOG_FROMAT", "LOG_FORMAT"),
            ("LOG_LEVE", "LOG_LEVEL"),
            ("LOGLEVEL", "APP_LOG_LEVEL"),
        ] {
            let expected = format!("{name}: set, but not read; is {meant} meant?");
            assert_eq!(warned(&[(name, "5s")]), [expected], "{name}");
        }
        let both = [("RUST_LOG", "debug"), ("APP_LOG_LEVEL", "debug")];
        let expected = "RUST_LOG: set, but not read; APP_LOG_LEVEL is";
        assert_eq!(warned(&both), [expected]);
    }

    #[test]
    fn a_network_that_holds_strangers_is_odd() {
        for (networks, odd) in [
            ("0.0.0.0/0", 1),
            ("::/0", 1),
            ("0.0.0.0/1,128.0.0.0/1", 2),
            ("2000::/3", 1),
            (
                "10.0.0.0/8,172.16.0.0/12,fc00::/7,fe80::/10,127.0.0.0/8,::1",
                0,
            ),
        ] {
            assert_eq!(
                warned(&[("APP_TRUSTED_PROXIES", networks)]).len(),
                odd,
                "{networks}"
            );
        }
    }

    #[test]
    fn a_secret_that_every_user_may_read_is_odd() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("db_url");
        fs::write(&path, "sqlite::memory:").unwrap();
        let file = [("APP_DB_URL_FILE", path.to_str().unwrap())];
        let store = [
            ("APP_SECRETS", "dir"),
            ("APP_SECRETS_DIR_PATH", dir.path().to_str().unwrap()),
        ];
        let path_of_google = path.to_str().unwrap();
        let credentials = [("APP_SECRETS_GCP_CREDENTIALS_FILE", path_of_google)];
        for (mode, verb) in [(0o666, "write"), (0o644, "read"), (0o640, ""), (0o600, "")] {
            fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            for vars in [&file[..], &store, &credentials] {
                let warned = warned(vars);
                if verb.is_empty() {
                    assert_eq!(warned, [""; 0], "{mode:o}");
                } else {
                    let text = format!("every user may {verb} ");
                    assert!(warned.len() == 1 && warned[0].contains(&text), "{warned:?}");
                }
            }
        }
    }
}
