//! Environments of any names, for a config with every kind of group.
//!
//! An input is a letter, then names with a zero byte between them, as in
//! `/proc/self/environ`: `NAME=value`, or `NAME`, which gets a value of its own. The
//! letter says how to load: `s` strict, `w` with warnings, `#` strict and with 16,000
//! variables, made by putting a number into each name in the place of its `#`, which must
//! not take the square of the time of 1,000.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use environ::{EnvConfig, Secret, Source};

use crate::shown;

const MANY: usize = 16_000;

/// Every field is a text, so that each tells which variable it was read from.
#[derive(Debug, EnvConfig)]
struct Config {
    #[env(alias = "PORT", deprecated = "OLD_PORT", file)]
    port: Option<String>,
    #[env(group)]
    db: BTreeMap<String, Db>,
    db_main_url: Option<String>,
    #[env(group)]
    up: Vec<Host>,
    #[env(group)]
    cache: Option<Cache>,
    #[env(group)]
    storage: Storage,
    token: Option<Secret<String>>,
}

#[derive(Debug, EnvConfig)]
struct Db {
    url: String,
    replica_url: Option<String>,
    size: Option<String>,
}

#[derive(Debug, EnvConfig)]
struct Host {
    name: String,
    port: Option<String>,
    #[env(group)]
    tls: Option<Tls>,
}

#[derive(Debug, EnvConfig)]
struct Tls {
    key: Secret<String>,
    ca: Option<String>,
}

#[derive(Debug, EnvConfig)]
struct Cache {
    url: String,
    #[env(group)]
    node: BTreeMap<String, Host>,
}

#[derive(Debug, EnvConfig)]
enum Storage {
    #[env(default)]
    Memory,
    S3(Bucket),
}

#[derive(Debug, EnvConfig)]
struct Bucket {
    bucket: String,
}

pub(crate) fn fuzz(input: &[u8]) {
    let Some((how, names)) = input.split_first() else {
        return;
    };
    // Names, and values without a secret's mark, are shown.
    if shown::holds_password(names) {
        return;
    }
    match how {
        b'#' => crate::assert_linear(MANY, |count| load(b's', many(names, count))),
        how => load(*how, environment(names)),
    }
}

fn load(how: u8, environment: Environment) {
    let plain = Config::loader().source(environment);
    let configured = match how {
        b'w' => plain.warn_unknown(),
        b'd' => plain.deny_env_secrets(),
        b'l' => plain,
        _ => plain.strict(),
    };
    let loaded = configured.load();
    shown::assert_load(&loaded);
    if let Ok(loaded) = loaded {
        assert_one_reader(&loaded.config);
    }
}

/// A source that finds each of many variables quickly, as the environment of a process
/// does, and whose names need not be UTF-8.
struct Environment(BTreeMap<OsString, OsString>);

impl Source for Environment {
    fn get(&self, name: &str) -> Option<Cow<'_, OsStr>> {
        self.0
            .get(OsStr::new(name))
            .map(|text| text.as_os_str().into())
    }

    fn names(&self) -> Option<Vec<OsString>> {
        Some(self.0.keys().cloned().collect())
    }
}

fn environment(names: &[u8]) -> Environment {
    let variables = names.split(|byte| *byte == 0).enumerate();
    let variables = variables.map(|(index, variable)| {
        let equals = variable.iter().position(|byte| *byte == b'=');
        match equals {
            Some(at) => (bytes(&variable[..at]), bytes(&variable[at + 1..])),
            None => (bytes(variable), format!("value-{index}").into()),
        }
    });
    Environment(variables.filter(|(name, _)| !name.is_empty()).collect())
}

fn many(names: &[u8], count: usize) -> Environment {
    let Environment(few) = environment(names);
    let numbered = (0..count)
        .zip(few.iter().cycle())
        .map(|(number, (name, _))| {
            let number = number.to_string();
            let name = name.as_bytes().split(|byte| *byte == b'#');
            let name: Vec<_> = name.collect();
            (
                bytes(&name.join(number.as_bytes())),
                format!("value-{number}").into(),
            )
        });
    Environment(numbered.collect())
}

fn bytes(bytes: &[u8]) -> OsString {
    OsStr::from_bytes(bytes).to_owned()
}

/// Asserts that no value that stands in one variable came to two fields.
fn assert_one_reader(config: &Config) {
    let mut seen = BTreeSet::new();
    let mut check = |text: Option<&String>| {
        if let Some(text) = text.filter(|text| text.starts_with("value-")) {
            assert!(
                seen.insert(text.clone()),
                "{text} has two readers: {config:?}"
            );
        }
    };
    let mut host = |host: &Host| {
        check(Some(&host.name));
        check(host.port.as_ref());
        if let Some(tls) = &host.tls {
            check(Some(tls.key.expose()));
            check(tls.ca.as_ref());
        }
    };
    config.up.iter().for_each(&mut host);
    if let Some(cache) = &config.cache {
        cache.node.values().for_each(&mut host);
        check(Some(&cache.url));
    }
    for db in config.db.values() {
        check(Some(&db.url));
        check(db.replica_url.as_ref());
        check(db.size.as_ref());
    }
    if let Storage::S3(bucket) = &config.storage {
        check(Some(&bucket.bucket));
    }
    check(config.port.as_ref());
    check(config.db_main_url.as_ref());
    check(config.token.as_ref().map(Secret::expose));
}
