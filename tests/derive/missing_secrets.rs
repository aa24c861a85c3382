//! A secret that no store has: where it was looked for, and the key that was meant.

use std::fs;

use environ::secrets::{DirSecrets, IniSecrets, SecretStore, VaultEnvSecrets};
use environ::{EnvConfig, Secret};
use tempfile::TempDir;

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its problems matter")]
struct Cfg {
    #[env(group)]
    db: Db,
    session_key: Option<Secret<String>>,
    port: Option<u16>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only its problems matter")]
struct Db {
    /// URL of the database.
    url: Secret<String>,
}

const NO_VARS: [(&str, &str); 0] = [];

fn dir(names: &[&str]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in names {
        fs::write(dir.path().join(name), "hunter2").unwrap();
    }
    dir
}

fn report(vars: &[(&str, &str)], store: impl SecretStore + Send + Sync) -> String {
    let loader = Cfg::loader().source(vars).secrets(store);
    loader.load().unwrap_err().to_string()
}

fn report_of_dir(names: &[&str]) -> String {
    let dir = dir(names);
    let path = dir.path().display().to_string();
    report(&[], DirSecrets::from_path(dir.path())).replace(&path, "DIR")
}

#[test]
fn the_directory_and_the_key_are_named() {
    assert_eq!(
        report_of_dir(&[]),
        "1 problem with the environment:\n  \
         APP_DB_URL  not set, and no db_url in the files in DIR\n              \
         URL of the database."
    );
}

#[test]
fn a_key_that_is_spelt_otherwise_is_told() {
    for name in [
        "db-url",
        "DB_URL",
        "db.url",
        "dbUrl",
        "app_db_url",
        "APP_DB_URL",
        "db_url.txt",
        "db_ulr",
        "dburl",
    ] {
        assert_eq!(
            report_of_dir(&["unrelated", name]),
            format!(
                "1 problem with the environment:\n  \
                 APP_DB_URL  not set, and no db_url in the files in DIR\n              \
                 {name} is there; is it meant?\n              \
                 URL of the database."
            )
        );
    }
}

#[test]
fn a_key_of_another_secret_and_a_hidden_file_are_not_meant() {
    for name in ["session_key", "..db_url", "unrelated"] {
        assert!(!report_of_dir(&[name]).contains("meant"), "{name}");
    }
}

#[test]
fn a_name_that_would_forge_a_line_is_escaped() {
    let report = report_of_dir(&["db\n-url"]);
    assert!(
        report.contains("\n              db\\n-url is there; is it meant?\n"),
        "{report}"
    );
}

#[test]
fn a_directory_that_is_not_there_is_told() {
    let dir = dir(&[]);
    let path = dir.path().join("secrets");
    let shown = path.display();
    assert_eq!(
        report(&[], DirSecrets::from_path(&path)),
        format!(
            "1 problem with the environment:\n  \
             APP_DB_URL  not set, and no db_url in the files in {shown}\n              \
             cannot list {shown}: No such file or directory (os error 2)\
             \n              URL of the database."
        )
    );
}

#[test]
fn an_option_of_an_ini_file_that_was_meant_is_told() {
    let dir = dir(&[]);
    let path = dir.path().join("secrets.ini");
    fs::write(&path, "[secrets]\ndb-url = hunter2\n[other]\ndb_url = x\n").unwrap();
    assert_eq!(
        report(&[], IniSecrets::from_path(&path)),
        format!(
            "1 problem with the environment:\n  \
             APP_DB_URL  not set, and no db_url in the INI file {}\n              \
             db-url is there; is it meant?\n              \
             URL of the database.",
            path.display()
        )
    );
}

#[test]
fn a_store_of_variables_names_the_variable() {
    let store = || VaultEnvSecrets::new("SECRET");
    assert_eq!(
        report(&[], store()),
        "1 problem with the environment:\n  \
         APP_DB_URL  not set, and neither is SECRET_DB_URL\n              \
         URL of the database."
    );
    assert_eq!(
        report(&[("SECRET_DB_ULR", "hunter2")], store()),
        "1 problem with the environment:\n  \
         APP_DB_URL  not set, and neither is SECRET_DB_URL\n              \
         SECRET_DB_ULR is there; is it meant?\n              \
         URL of the database."
    );
}

/// A misspelt variable, too, is told.
#[test]
fn every_store_is_named() {
    let (one, two) = (dir(&[]), dir(&["db-url"]));
    let loader = Cfg::loader()
        .source([("APP_DB_ULR", "x")])
        .secrets(DirSecrets::from_path(one.path()))
        .secrets(DirSecrets::from_path(two.path()));
    let (one, two) = (one.path().display(), two.path().display());
    assert_eq!(
        loader.load().unwrap_err().to_string(),
        format!(
            "1 problem with the environment:\n  \
             APP_DB_URL  not set, and no db_url in the files in {one}, nor in the files in {two}\
             \n              db-url is in the files in {two}; is it meant?\
             \n              APP_DB_ULR is set but not read; is it meant?\
             \n              URL of the database."
        )
    );
}

/// A secret that need not be there is missed as much, where unknown names are looked at.
#[test]
fn a_respelt_key_of_an_optional_secret_is_a_warning() {
    let dir = dir(&["db_url", "session-key"]);
    let loaded = |is_warned: bool| {
        let loader = Cfg::loader()
            .source(NO_VARS)
            .secrets(DirSecrets::from_path(dir.path()));
        let loader = if is_warned {
            loader.warn_unknown()
        } else {
            loader
        };
        let warnings = loader.load().unwrap().warnings;
        warnings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        loaded(true),
        [format!(
            "APP_SESSION_KEY: not set, but session-key is in the files in {}; \
             is session_key meant?",
            dir.path().display()
        )]
    );
    assert!(loaded(false).is_empty());
}

/// A secret with a problem has its hint there.
#[test]
fn a_respelt_key_is_told_beside_the_problems_of_further_variables() {
    let dir = dir(&["db-url", "session-key"]);
    let store = DirSecrets::from_path(dir.path());
    let loader = Cfg::loader().source(NO_VARS).secrets(store).warn_unknown();
    let err = loader.load().unwrap_err();
    let problems: Vec<_> = err.problems().map(|it| it.name().to_owned()).collect();
    assert_eq!(problems, ["APP_DB_URL"]);
    let warnings: Vec<_> = err.warnings().map(|it| it.name().to_owned()).collect();
    assert_eq!(warnings, ["APP_SESSION_KEY"]);
}

#[test]
fn the_key_of_another_secret_is_not_meant() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its problems matter")]
    struct Tokens {
        token: Secret<String>,
        tokens: Secret<String>,
    }

    let dir = dir(&["token"]);
    let store = DirSecrets::from_path(dir.path());
    let loader = Tokens::loader().source(NO_VARS).secrets(store);
    assert_eq!(
        loader.load().unwrap_err().to_string(),
        format!(
            "1 problem with the environment:\n  \
             APP_TOKENS  not set, and no tokens in the files in {}",
            dir.path().display()
        )
    );
}

/// Without a store, a secret is missed like any other variable.
#[test]
fn a_variable_that_is_no_secret_is_in_no_store() {
    assert_eq!(
        Cfg::from_source(NO_VARS).unwrap_err().to_string(),
        "1 problem with the environment:\n  \
         APP_DB_URL  not set\n              \
         URL of the database."
    );
}
