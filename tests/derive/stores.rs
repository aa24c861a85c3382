use std::borrow::Cow;
use std::fs;
use std::sync::Arc;

use environ::secrets::{
    DirSecrets, Found, IniSecrets, Request, SecretStore, StoreError, VaultEnvSecrets,
};
use environ::{EnvConfig, Error, Loaded, Place, Secret, Warning};

use crate::Inherited;

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct Cfg {
    #[env(group)]
    db: Db,
    #[env(secret, key = "session", alias = "SESSION_KEY")]
    session_key: Option<Secret<String>>,
    #[env(secret, name = "API_TOKEN")]
    token: Option<Secret<String>>,
}

#[derive(Debug, EnvConfig)]
struct Db {
    password: Secret<String>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loads")]
struct Optional {
    #[env(group)]
    db: Option<User>,
}

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loads")]
struct User {
    name: String,
    password: Secret<String>,
}

/// A store that has one answer to everything.
struct Always(Result<Option<&'static str>, &'static str>);

impl SecretStore for Always {
    fn name(&self) -> Cow<'_, str> {
        "the vault".into()
    }

    fn get(&self, request: &Request<'_>) -> Result<Option<Found>, StoreError> {
        match self.0 {
            Ok(text) if request.key() == "db_password" => {
                Ok(text.map(|text| Secret::new(text.to_owned()).into()))
            }
            Ok(_) => Ok(None),
            Err(reason) => Err(StoreError::new(reason)),
        }
    }
}

fn loaded(
    pairs: &[(&str, &str)],
    store: impl SecretStore + Send + Sync,
) -> Result<Loaded<Cfg>, Error> {
    Cfg::loader().source(Inherited(pairs)).secrets(store).load()
}

/// The store that the value of a variable came from.
fn store_of<'l>(loaded: &'l Loaded<Cfg>, name: &str) -> &'l str {
    let origin = loaded.origins.get(name).unwrap();
    assert_eq!(origin.place(), Place::Store);
    assert_eq!(origin.to_string(), origin.name().unwrap());
    origin.name().unwrap()
}

fn password(loaded: &Loaded<Cfg>) -> &str {
    loaded.config.db.password.expose()
}

fn warnings(loaded: &Loaded<Cfg>) -> Vec<String> {
    loaded.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_directory_has_a_file_for_each_key() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("db_password"), "one\n").unwrap();
    fs::write(dir.path().join("session"), "two\n\n").unwrap();
    fs::write(dir.path().join("token"), "three").unwrap();
    let loaded = loaded(&[], DirSecrets::from_path(dir.path())).unwrap();
    assert_eq!(password(&loaded), "one");
    let Cfg {
        session_key, token, ..
    } = &loaded.config;
    assert_eq!(session_key.as_ref().unwrap().expose(), "two\n");
    assert_eq!(token.as_ref().unwrap().expose(), "three");
    let padded: Vec<_> = loaded.warnings.iter().map(Warning::name).collect();
    assert_eq!(padded, ["APP_SESSION_KEY"]);
    let store = format!("the files in {}", dir.path().display());
    assert_eq!(store_of(&loaded, "APP_DB_PASSWORD"), store);
    assert_eq!(store_of(&loaded, "API_TOKEN"), store);
}

#[test]
fn a_variable_can_name_the_directory() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("db_password"), "one").unwrap();
    let store = |default| DirSecrets::from_path_in_env("CREDENTIALS_DIRECTORY", default);
    let path = dir.path().to_str().unwrap();
    let loaded_there = loaded(&[("CREDENTIALS_DIRECTORY", path)], store("/nowhere")).unwrap();
    assert_eq!(password(&loaded_there), "one");
    let not_named = [("CREDENTIALS_DIRECTORY", "")];
    assert_eq!(password(&loaded(&not_named, store(path)).unwrap()), "one");
    let err = loaded(&not_named, store("/nowhere")).unwrap_err();
    assert_eq!(
        err.problems().next().unwrap().to_string(),
        "APP_DB_PASSWORD: not set, and no db_password in the files in the directory \
         CREDENTIALS_DIRECTORY names; cannot list /nowhere: No such file or directory (os error 2)"
    );
}

#[test]
fn a_store_can_be_chosen_at_run_time() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("db_password"), "one").unwrap();
    let from_directory = |is_there: bool| -> Box<dyn SecretStore + Send + Sync> {
        if is_there {
            Box::new(DirSecrets::from_path_in_env("APP_SECRETS_DIR", dir.path()))
        } else {
            Box::new(Always(Ok(Some("two"))))
        }
    };
    assert_eq!(password(&loaded(&[], from_directory(true)).unwrap()), "one");
    let found = loaded(&[], from_directory(false)).unwrap();
    assert_eq!(password(&found), "two");
    let store = "the vault".to_owned();
    assert_eq!(store_of(&found, "APP_DB_PASSWORD"), store);
    let path = dir.path().to_str().unwrap();
    let strict = || Cfg::loader().source([("APP_SECRETS_DIR", path)]).strict();
    assert!(strict().secrets(from_directory(true)).load().is_ok());
    assert!(strict().secrets(from_directory(false)).load().is_err());
}

#[test]
fn a_file_that_cannot_be_read_is_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("db_password")).unwrap();
    fs::write(dir.path().join("session"), b"\xff").unwrap();
    let err = loaded(&[], DirSecrets::from_path(dir.path())).unwrap_err();
    let problems: Vec<_> = err.problems().map(ToString::to_string).collect();
    let store = format!("the files in {}", dir.path().display());
    assert_eq!(
        problems,
        [
            format!(
                "APP_DB_PASSWORD: cannot be read from {store}: db_password: \
                 it is not a regular file"
            ),
            format!("APP_SESSION_KEY: cannot be read from {store}: session: it is not UTF-8"),
        ]
    );
    assert_eq!(err.problems().next().unwrap().code(), "store");

    let err = loaded(&[], IniSecrets::from_path(dir.path())).unwrap_err();
    assert_eq!(
        err.problems().next().unwrap().message(),
        format!(
            "cannot be read from the INI file {}: it is not a regular file",
            dir.path().display()
        )
    );
}

#[test]
fn an_ini_file_has_an_option_for_each_key() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secrets.ini");
    let text = "\
        # A comment.\n\
        [other]\n\
        db_password = wrong\n\
        [secrets]\n\
        db_password = a%(b)s;c #d\n\
        SESSION: with = and : inside\n";
    fs::write(&path, text).unwrap();
    let found = loaded(&[], IniSecrets::from_path(&path)).unwrap();
    assert_eq!(password(&found), "a%(b)s;c #d");
    assert_eq!(
        found.config.session_key.unwrap().expose(),
        "with = and : inside"
    );
    let found = loaded(&[], IniSecrets::from_path(&path).section("other")).unwrap();
    assert_eq!(password(&found), "wrong");
    let from_env = IniSecrets::from_path_in_env("APP_INI", &path);
    assert!(loaded(&[("APP_INI", "/nowhere")], from_env.clone()).is_err());
    assert_eq!(password(&loaded(&[], from_env).unwrap()), "a%(b)s;c #d");
}

/// As Python reads it; an editor on Windows adds a byte order mark.
#[test]
fn a_section_of_an_ini_file_has_the_defaults_of_all_sections() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secrets.ini");
    let text = "\u{feff}[DEFAULT]\ndb_password = one\nsession = two\n[Secrets]\nsession = three\n";
    fs::write(&path, text).unwrap();
    for section in ["secrets", "Secrets"] {
        let store = IniSecrets::from_path(&path).section(section);
        assert_eq!(store.keys(&()).unwrap(), ["db_password", "session"]);
        let found = loaded(&[], store).unwrap();
        assert_eq!(password(&found), "one");
        assert_eq!(found.config.session_key.unwrap().expose(), "three");
    }
    assert!(loaded(&[], IniSecrets::from_path(&path).section("other")).is_err());
}

/// A group of the same type twice, and a field with a name of its own.
#[test]
fn two_secrets_with_one_key_fail_the_test_of_a_config() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its names are asked for")]
    struct Shared {
        #[env(name = "DATABASE_PASSWORD")]
        db_password: Secret<String>,
        #[env(group)]
        db: Db,
        #[env(group)]
        one: Keyed,
        #[env(group)]
        two: Option<Keyed>,
        #[env(group)]
        by: Choice,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its names are asked for")]
    struct Keyed {
        #[env(key = "pin")]
        code: Secret<String>,
    }

    /// Only the selected variant reads.
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its names are asked for")]
    enum Choice {
        Left(Left),
        Right(Right),
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its names are asked for")]
    struct Left {
        #[env(key = "hand")]
        left: Secret<String>,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "only its names are asked for")]
    struct Right {
        #[env(key = "hand")]
        right: Secret<String>,
        #[env(key = "hand")]
        other: Secret<String>,
    }

    let panic = std::panic::catch_unwind(environ::testing::assert_valid::<Shared>).unwrap_err();
    assert_eq!(
        panic.downcast_ref::<String>().unwrap(),
        "two secrets of `Shared` have one key in stores; give one of them another `key`:\n  \
         DATABASE_PASSWORD and APP_DB_PASSWORD  db_password\n  \
         APP_ONE_CODE and APP_TWO_CODE  pin\n  \
         APP_BY_RIGHT_RIGHT and APP_BY_RIGHT_OTHER  hand"
    );
}

#[test]
fn a_changed_ini_file_is_another_version() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secrets.ini");
    let store = IniSecrets::from_path(&path);
    let mut versions = vec![store.version(&()).unwrap()];
    for text in ["[secrets]\ndb_password = a\n", "[secrets]\npin = 1234\n"] {
        fs::write(&path, text).unwrap();
        let version = store.version(&()).unwrap();
        assert!(!versions.contains(&version), "{text}: {versions:?}");
        assert_eq!(store.version(&()).as_ref(), Some(&version));
        versions.push(version);
    }
    assert_eq!(Always(Ok(None)).version(&()), None);
}

/// The parser quotes the line that it does not understand.
#[test]
fn an_ini_file_that_is_none_is_not_quoted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secrets.ini");
    fs::write(&path, "[secrets\ndb_password = hunter2\n").unwrap();
    let err = loaded(&[], IniSecrets::from_path(&path)).unwrap_err();
    assert_eq!(
        err.problems().next().unwrap().to_string(),
        format!(
            "APP_DB_PASSWORD: cannot be read from the INI file {}: \
             it is not an INI file; the place is not shown",
            path.display()
        )
    );
}

#[test]
fn envconsul_replaces_the_prefix() {
    let pairs = [("SECRET_DB_PASSWORD", "one"), ("APP_DB_PASSWORD_", "no")];
    for prefix in ["secret", "SECRET_"] {
        let found = loaded(&pairs, VaultEnvSecrets::new(prefix)).unwrap();
        assert_eq!(password(&found), "one");
    }
    let found = loaded(&pairs, VaultEnvSecrets::new("secret_")).unwrap();
    let store = "the variables SECRET_*".to_owned();
    assert_eq!(store_of(&found, "APP_DB_PASSWORD"), store);
    let by_env = VaultEnvSecrets::with_prefix_from(|env| {
        let stage = env.get("STAGE").unwrap_or_default();
        format!("{}_app_", stage.to_string_lossy())
    });
    let pairs = [("STAGE", "prod"), ("PROD_APP_DB_PASSWORD", "two")];
    let found = loaded(&pairs, by_env).unwrap();
    assert_eq!(password(&found), "two");
    let store = "the variables from Vault".to_owned();
    assert_eq!(store_of(&found, "APP_DB_PASSWORD"), store);
}

#[test]
fn several_loads_can_share_a_store() {
    let store = Arc::new(Always(Ok(Some("two"))));
    assert_eq!(password(&loaded(&[], Arc::clone(&store)).unwrap()), "two");
    let by_ref = Cfg::loader().source(()).secrets(&*store).load().unwrap();
    assert_eq!(password(&by_ref), "two");
}

#[test]
fn a_store_tells_in_debug_where_it_looks() {
    for (store, shown) in [
        (
            VaultEnvSecrets::new("secret"),
            "VaultEnvSecrets { prefix: \"SECRET\" }",
        ),
        (
            VaultEnvSecrets::with_prefix_from(|_| String::new()),
            "VaultEnvSecrets { prefix: a function of the environment }",
        ),
    ] {
        assert_eq!(format!("{store:?}"), shown);
    }
    let loader = Cfg::loader()
        .source([("APP_DB_PASSWORD", "hunter2")])
        .secrets(Always(Ok(Some("hunter2"))));
    assert_eq!(
        format!("{loader:?}"),
        "Loader { prefix: \"APP\", secrets: [\"the vault\"], .. }"
    );
}

#[test]
fn the_first_store_then_the_file_then_the_variable_counts() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "file\n").unwrap();
    let file = file.to_str().unwrap();
    fs::write(dir.path().join("db_password"), "directory").unwrap();
    let directory = || DirSecrets::from_path(dir.path());

    let both = Cfg::loader()
        .source([("X", "")])
        .secrets(Always(Ok(None)))
        .secrets(directory());
    assert_eq!(
        both.load().unwrap().config.db.password.expose(),
        "directory"
    );
    let both = Cfg::loader()
        .source([("X", "")])
        .secrets(Always(Ok(Some("vault"))))
        .secrets(directory());
    assert_eq!(both.load().unwrap().config.db.password.expose(), "vault");

    let by_file = [("APP_DB_PASSWORD_FILE", file)];
    let found = loaded(&by_file, Always(Ok(Some("vault")))).unwrap();
    assert_eq!(password(&found), "vault");
    assert_eq!(
        warnings(&found),
        ["APP_DB_PASSWORD_FILE: not read, since the vault has it too"]
    );
    let found = loaded(&by_file, Always(Ok(None))).unwrap();
    assert_eq!(password(&found), "file");
    assert_eq!(warnings(&found), [""; 0]);
    assert_eq!(
        found.origins.get("APP_DB_PASSWORD").unwrap().to_string(),
        format!("file {file}, from APP_DB_PASSWORD_FILE")
    );

    let by_variable = [("APP_DB_PASSWORD", "variable")];
    let exposed = "APP_DB_PASSWORD: a secret in the environment, where every child process sees it; \
                   APP_DB_PASSWORD_FILE can name a file instead";
    let found = loaded(&by_variable, Always(Ok(None))).unwrap();
    assert_eq!(
        (password(&found), warnings(&found)),
        ("variable", vec![exposed.to_owned()])
    );
    let found = loaded(&by_variable, Always(Ok(Some("vault")))).unwrap();
    let shadowed = "APP_DB_PASSWORD: not read, since the vault has it too";
    assert_eq!(password(&found), "vault");
    assert_eq!(warnings(&found), [shadowed, exposed]);
}

/// A login is refused, and nothing else tells why.
#[test]
fn white_space_around_a_secret_is_a_warning() {
    let padded = "the secret begins or ends with white space, which is part of it; \
                  remove that if a login is refused";
    let found = loaded(&[], Always(Ok(Some("hunter2\n")))).unwrap();
    assert_eq!(password(&found), "hunter2\n");
    assert_eq!(warnings(&found), [format!("APP_DB_PASSWORD: {padded}")]);
    assert_eq!(found.warnings[0].code(), "padded");

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("password");
    fs::write(&file, " hunter2\n").unwrap();
    let file = file.to_str().unwrap();
    let found = loaded(&[("APP_DB_PASSWORD_FILE", file)], Always(Ok(None))).unwrap();
    assert_eq!(password(&found), " hunter2");
    assert_eq!(
        warnings(&found),
        [format!("APP_DB_PASSWORD_FILE: {padded}")]
    );

    let key = "-----BEGIN KEY-----\nAA==\n-----END KEY-----\n";
    let found = loaded(&[], Always(Ok(Some(key)))).unwrap();
    assert_eq!(warnings(&found), [""; 0]);

    fs::write(file, "correct horse\n").unwrap();
    let found = loaded(&[("APP_DB_PASSWORD_FILE", file)], Always(Ok(None))).unwrap();
    assert_eq!(warnings(&found), [""; 0]);
}

#[test]
fn an_empty_secret_counts_as_none() {
    let found = loaded(&[("APP_DB_PASSWORD", "x")], Always(Ok(Some("")))).unwrap();
    assert_eq!(password(&found), "x");
}

/// What a store cannot say must not be taken for a no: not for one variable, and
/// not for a group that need not be there.
#[test]
fn a_store_that_fails_is_a_problem_even_if_the_environment_has_it() {
    let err = loaded(&[("APP_DB_PASSWORD", "x")], Always(Err("sealed"))).unwrap_err();
    let problems: Vec<_> = err.problems().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "APP_DB_PASSWORD: cannot be read from the vault: sealed",
            "APP_SESSION_KEY: cannot be read from the vault: sealed",
            "API_TOKEN: cannot be read from the vault: sealed",
        ]
    );

    let load = Optional::loader().source(()).secrets(Always(Err("sealed")));
    assert_eq!(
        load.load().unwrap_err().to_string(),
        "2 problems with the environment:\n  \
         APP_DB_NAME      not set; required because the vault failed to say whether \
         APP_DB_PASSWORD is there\n  \
         APP_DB_PASSWORD  cannot be read from the vault: sealed"
    );
}

#[test]
fn a_store_switches_a_group_on() {
    let load = Optional::loader().source(()).secrets(Always(Ok(Some("x"))));
    assert_eq!(
        load.load()
            .unwrap_err()
            .problems()
            .next()
            .unwrap()
            .to_string(),
        "APP_DB_NAME: not set; required because APP_DB_PASSWORD is in the vault"
    );
}

#[test]
fn secrets_can_be_kept_out_of_the_environment() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "file\n").unwrap();
    let by_file = [("APP_DB_PASSWORD_FILE", file.to_str().unwrap())];
    assert!(
        Cfg::loader()
            .source(Inherited(by_file))
            .deny_env_secrets()
            .load()
            .is_ok()
    );
    let by_variable = [("APP_DB_PASSWORD", "x"), ("SESSION_KEY", "y")];
    let err = Cfg::loader()
        .source(Inherited(by_variable))
        .deny_env_secrets()
        .load()
        .unwrap_err();
    let problems: Vec<_> = err.problems().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "APP_DB_PASSWORD: a secret in the environment, where every child process sees it; \
             put it into a store, or into a file that APP_DB_PASSWORD_FILE names",
            "SESSION_KEY: a secret in the environment, where every child process sees it; \
             put it into a store, or into a file that SESSION_KEY_FILE names",
        ]
    );
    assert_eq!(err.problems().next().unwrap().code(), "constraint");
}

/// A store that is but variables keeps nothing from children.
#[test]
fn a_secret_in_a_variable_of_a_store_is_exposed_too() {
    let exposed = ["SECRET_DB_PASSWORD", "SECRET_SESSION", "SECRET_TOKEN"];
    let load = || {
        let loader = Cfg::loader().source(Inherited(exposed.map(|name| (name, "hunter2"))));
        loader.secrets(VaultEnvSecrets::new("SECRET"))
    };
    let loaded = load().load().unwrap();
    let warnings = loaded.warnings.iter();
    let warned: Vec<_> = warnings.map(|one| (one.code(), one.name())).collect();
    assert_eq!(warned, exposed.map(|name| ("exposed", name)));
    let origin = loaded.origins.get("APP_DB_PASSWORD").unwrap();
    assert_eq!(origin.name(), Some("the variables SECRET_*"));
    assert_eq!(origin.variable(), Some("SECRET_DB_PASSWORD"));

    let err = load().deny_env_secrets().load().unwrap_err();
    let denied: Vec<_> = err.problems().map(|one| (one.code(), one.name())).collect();
    assert_eq!(denied, exposed.map(|name| ("constraint", name)));
    assert_eq!(
        err.problems().next().unwrap().message(),
        "a secret in the environment, where every child process sees it; \
         put it into another store, or into a file that APP_DB_PASSWORD_FILE names"
    );

    assert_eq!(
        load().prefix("BLUE").secret_vars(),
        [
            "BLUE_DB_PASSWORD",
            "SECRET_DB_PASSWORD",
            "BLUE_SESSION_KEY",
            "SESSION_KEY",
            "SECRET_SESSION",
            "API_TOKEN",
            "SECRET_TOKEN",
        ]
    );
}

#[test]
fn the_variables_of_secrets_are_listed() {
    assert_eq!(
        Cfg::secret_vars(),
        [
            "APP_DB_PASSWORD",
            "APP_SESSION_KEY",
            "SESSION_KEY",
            "API_TOKEN"
        ]
    );
}

/// The keys that it reads depend on the environment, and on the config.
#[test]
fn the_variables_of_a_store_under_the_prefix_are_known() {
    let pairs = [
        ("APP_STAGE_DB_PASSWORD", "hunter2"),
        ("APP_STAGE_DB_PASSWROD", "hunter2"),
    ];
    let store = VaultEnvSecrets::with_prefix_from(|_| "app_stage".to_owned());
    let loader = Cfg::loader().source(Inherited(pairs)).secrets(store);
    let warnings = loader.warn_unknown().load().unwrap().warnings;
    let warned: Vec<_> = warnings
        .iter()
        .map(|one| (one.code(), one.name()))
        .collect();
    assert_eq!(
        warned,
        [("exposed", "APP_STAGE_DB_PASSWORD")],
        "all variables under the prefix of the store are the store's"
    );
}

#[test]
fn strict_mode_knows_the_variables_of_stores() {
    let pairs = [
        ("APP_DB_PASSWORD", "x"),
        ("APP_INI", "/nowhere"),
        ("APP_VAULT_X", "y"),
    ];
    let load = || Cfg::loader().source(pairs).strict();
    assert_eq!(load().load().unwrap_err().problems().len(), 2);
    let knowing = load()
        .secrets(IniSecrets::from_path_in_env("APP_INI", "/nowhere"))
        .secrets(VaultEnvSecrets::new("APP_VAULT"));
    assert!(knowing.load().is_ok());

    let unknown = |loader: environ::Loader<'_, Cfg>| {
        let err = loader.load().unwrap_err();
        let names = err.problems().map(|problem| problem.name().to_owned());
        names.collect::<Vec<_>>()
    };
    let directory = DirSecrets::from_path_in_env("APP_INI", "/nowhere");
    assert_eq!(unknown(load().secrets(directory)), ["APP_VAULT_X"]);
    let ini = IniSecrets::from_path_in_env("APP_INI", "/nowhere");
    assert_eq!(unknown(load().secrets(ini)), ["APP_VAULT_X"]);
    let both = ["APP_INI", "APP_VAULT_X"];
    assert_eq!(unknown(load().secrets(Always(Ok(None)))), both);
    let vault = VaultEnvSecrets::new("APP_VAULT");
    assert_eq!(unknown(load().secrets(vault)), ["APP_INI"]);
}
