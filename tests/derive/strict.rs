use environ::{EnvConfig, Error, Loaded};

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    database_url: String,
    #[env(default = 8, alias = "POOL", deprecated = "APP_POOL")]
    database_pool: u8,
    #[env(file)]
    motd: Option<String>,
    #[env(group)]
    up: Vec<Up>,
    #[env(group)]
    store: Store,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Up {
    host: String,
}

#[derive(Debug, PartialEq, EnvConfig)]
enum Store {
    #[env(default)]
    Memory,
    Disk(Up),
}

fn strict(pairs: &[(&str, &str)]) -> Result<Loaded<Cfg>, Error> {
    Cfg::loader().source(pairs).strict().load()
}

fn problems(pairs: &[(&str, &str)]) -> Vec<String> {
    strict(pairs)
        .unwrap_err()
        .problems()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn every_name_that_is_read_is_known() {
    let pairs = [
        ("APP_DATABASE_URL", "x"),
        ("POOL", "1"),
        ("APP_POOL", "1"),
        ("APP_UP_0_HOST", "a"),
        ("APP_UP_1_HOST", "a"),
        ("APP_STORE", "memory"),
        ("APP_STORE_DISK_HOST", "a"),
        ("APPLE", "x"),
        ("OTHER_VAR", "x"),
    ];
    assert!(strict(&pairs).is_ok());
}

/// Both halves of a typing error are one message.
#[test]
fn an_unread_variable_is_joined_with_the_missing_one() {
    assert_eq!(
        problems(&[("APP_DATABSE_URL", "x")]),
        ["APP_DATABASE_URL: not set; APP_DATABSE_URL is set but not read; is it meant?"]
    );
}

#[test]
fn an_unread_variable_is_a_problem_and_the_nearest_is_named() {
    assert_eq!(
        problems(&[
            ("APP_DATABASE_URL", "x"),
            ("APP_DATABSE_POOL", "9"),
            ("APP_MOTD_FLIE", "x"),
            // `APP_POOL` is out of use.
            ("APP_POOOL", "9"),
            ("APP_SOMETHING_ELSE", "9"),
            ("APP_UP_2_HOSTS", "9"),
        ]),
        [
            "APP_DATABSE_POOL: set, but no field reads it; is APP_DATABASE_POOL meant?",
            "APP_MOTD_FLIE: set, but no field reads it; is APP_MOTD_FILE meant?",
            "APP_POOOL: set, but no field reads it; remove it",
            "APP_SOMETHING_ELSE: set, but no field reads it; remove it",
            "APP_UP_2_HOSTS: set, but no field reads it; remove it",
        ]
    );
    let err = strict(&[("APP_DATABASE_URL", "x"), ("APP_X", "x")]).unwrap_err();
    assert_eq!(err.problems().next().unwrap().code(), "unknown");
}

#[test]
fn without_strict_mode_an_unread_variable_is_nothing() {
    let pairs = [("APP_DATABASE_URL", "x"), ("APP_DATABSE_POOL", "9")];
    assert_eq!(Cfg::loader().source(pairs).load().unwrap().warnings, []);
}

#[test]
fn an_unread_variable_can_be_a_warning() {
    let warned = |pairs: &[(&str, &str)]| {
        let loaded = Cfg::loader().source(pairs).warn_unknown().load()?;
        let warnings = loaded.warnings.iter();
        let warnings = warnings.map(|one| (one.code(), one.to_string()));
        Ok::<Vec<_>, Error>(warnings.collect())
    };
    let unknown = |text: &str| ("unknown", text.to_owned());
    assert_eq!(
        warned(&[
            ("APP_DATABASE_URL", "x"),
            ("APP_DATABSE_POOL", "9"),
            ("APP_SOMETHING_ELSE", "9"),
            ("OTHER_VAR", "x"),
        ])
        .unwrap(),
        [
            unknown("APP_DATABSE_POOL: set, but no field reads it; is APP_DATABASE_POOL meant?"),
            unknown("APP_SOMETHING_ELSE: set, but no field reads it; remove it"),
        ]
    );
    assert_eq!(
        warned(&[("APP_DATABSE_URL", "x"), ("APP_X", "x")])
            .unwrap_err()
            .problems()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        ["APP_DATABASE_URL: not set; APP_DATABSE_URL is set but not read; is it meant?"]
    );
    // What cannot be listed has nothing that could be warned of.
    let url = environ::from_fn(|name| (name == "APP_DATABASE_URL").then_some("x"));
    let loaded = Cfg::loader().source(url).warn_unknown().load().unwrap();
    assert_eq!(loaded.warnings, []);
}

/// Without a prefix the rest of the environment is not the config's business;
/// what begins like a group is.
#[test]
fn without_a_prefix_only_groups_are_strict() {
    #[derive(Debug, PartialEq, EnvConfig)]
    #[env(prefix = "")]
    struct Bare {
        port: u16,
        #[env(group)]
        log: Up,
    }

    let pairs = [
        ("PORT", "1"),
        ("LOG_HOST", "x"),
        ("PATH", "/bin"),
        ("LOG_HOSTS", "y"),
    ];
    let err = Bare::loader().source(pairs).strict().load().unwrap_err();
    let problems: Vec<_> = err.problems().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        ["LOG_HOSTS: set, but no field reads it; is LOG_HOST meant?"]
    );
}

#[test]
fn a_source_that_cannot_be_listed_cannot_be_strict() {
    #[derive(Debug, EnvConfig)]
    struct Nothing {}

    let err = Nothing::loader()
        .source(environ::from_fn(|_| None::<String>))
        .strict()
        .load()
        .unwrap_err();
    assert_eq!(
        err.problems().next().unwrap().to_string(),
        "APP_*: the source cannot list its variables, so strict mode cannot check them"
    );
}
