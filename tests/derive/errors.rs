use std::time::Duration;

use environ::{EnvConfig, EnvValue, Error, Secret};

/// The report of the specification, letter for letter.
#[test]
fn the_report_names_variable_reason_and_remedy() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct AppConfig {
        #[env(group)]
        db: Option<Db>,
        #[env(group)]
        log: Log,
        /// Port to listen on; 0 picks a free one.
        #[env(default = 8000)]
        port: u16,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Db {
        #[env(secret)]
        url: Secret<String>,
        #[env(default = "5s")]
        timeout: Duration,
    }

    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Log {
        format: LogFormat,
    }

    #[derive(Debug, EnvValue)]
    enum LogFormat {
        Human,
        Json,
    }

    let err = AppConfig::from_source([
        ("APP_DB_TIMEOUT", "3s"),
        ("APP_DB_ULR", "postgres://db/x"),
        ("APP_LOG_FORMAT", "jsno"),
        ("APP_PORT", "80a0"),
        ("APP_PROT", "tcp"),
    ])
    .unwrap_err();
    assert_eq!(
        err.to_string(),
        r#"3 problems with the environment:
  APP_DB_URL      not set; required because APP_DB_TIMEOUT is set
                  APP_DB_ULR is set but not read; is it meant?
  APP_LOG_FORMAT  "jsno" is not one of: human, json
  APP_PORT        "80a0" is not a u16: it must be a whole number from 0 to 65535
                  Port to listen on; 0 picks a free one."#
    );
    assert_eq!(format!("{err:?}"), err.to_string());
    let codes: Vec<_> = err
        .problems()
        .map(|problem| (problem.name(), problem.code()))
        .collect();
    assert_eq!(
        codes,
        [
            ("APP_DB_URL", "missing"),
            ("APP_LOG_FORMAT", "invalid"),
            ("APP_PORT", "invalid")
        ]
    );
    let problem = err.problems().next().unwrap().to_string();
    assert_eq!(
        problem,
        "APP_DB_URL: not set; required because APP_DB_TIMEOUT is set; \
         APP_DB_ULR is set but not read; is it meant?"
    );
    let err = AppConfig::from_source([("APP_LOG_FORMAT", "jsno")]).unwrap_err();
    assert_eq!(
        err.to_json(),
        r#"{"problems":[{"code":"invalid","message":"\"jsno\" is not one of: human, json","name":"APP_LOG_FORMAT"}],"warnings":[]}"#
    );
    assert_eq!(Error::EXIT_CODE, 78);
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Cfg {
    database_url: String,
    id: String,
    #[env(name = "LANG")]
    lang: String,
    #[env(group)]
    cache: Option<Cache>,
}

#[derive(Debug, PartialEq, EnvConfig)]
struct Cache {
    ttl: u32,
}

/// The hints of a load that finds only this variable.
fn hints(name: &str) -> Vec<String> {
    let err = Cfg::from_source([(name, "x")]).unwrap_err();
    let problems = err.problems().map(ToString::to_string);
    problems.filter(|problem| problem.contains("; ")).collect()
}

#[test]
fn a_near_miss_is_named() {
    for name in [
        "APP_DATABSE_URL",
        "APP_DATABASE_ULR",
        "APP_DATABASEURL",
        "APP_DATABASE__URL",
        "APP_DATABSE_ULRS",
        "APP_DAXABAQE_WRL",
        "app_database_url",
    ] {
        assert_eq!(
            hints(name),
            [format!(
                "APP_DATABASE_URL: not set; {name} is set but not read; is it meant?"
            )]
        );
    }
}

#[test]
fn a_third_of_the_letters_may_be_wrong() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Short {
        id: u8,
        key: u8,
        secret: u8,
    }

    for (near, far) in [
        ("app_id", "APP_IX"),
        ("APP_KEX", "APP_KXX"),
        ("APP_SECRXX", "APP_SECXXX"),
    ] {
        let hinted = |name| {
            let err = Short::from_source([(name, "1")]).unwrap_err();
            let messages = err.problems().map(environ::Problem::message);
            messages.filter(|text| text.contains("meant?")).count()
        };
        assert_eq!((hinted(near), hinted(far)), (1, 0), "{near} {far}");
    }
}

#[test]
fn the_nearest_of_several_is_named_and_of_equals_the_first() {
    for (names, nearest) in [
        (["APP_DATABSE_ULR", "APP_DATABASE_ULR"], "APP_DATABASE_ULR"),
        (["APP_DATABASE_URA", "APP_DATABSE_ULR"], "APP_DATABASE_URA"),
        (["APP_DATABASE_URZ", "APP_DATABASE_URA"], "APP_DATABASE_URA"),
    ] {
        let err = Cfg::from_source(names.map(|name| (name, "x"))).unwrap_err();
        assert_eq!(
            err.problems().next().unwrap().message(),
            format!("not set; {nearest} is set but not read; is it meant?")
        );
    }
}

#[test]
fn no_hint_is_given_for_what_is_read_or_short_or_far_or_outside_the_prefix() {
    for name in [
        "APP_DATABASE_PASSWORD",
        "APP_IT",
        "DATABASE_URL",
        "LANGUAGE",
        "LANH",
        "APP_CACHE_TT",
    ] {
        assert_eq!(hints(name), [""; 0], "{name}");
    }
}

/// Looking for near misses must not make a large environment slow.
#[test]
fn a_large_environment_is_searched_for_near_misses() {
    let mut pairs: Vec<_> = (0..100_000)
        .map(|i| (format!("APP_DATABASE_UR{i}"), "x"))
        .collect();
    pairs.push(("APP_DATABASE_ULR".to_owned(), "x"));
    let source: std::collections::HashMap<_, _> = pairs.into_iter().collect();
    let err = Cfg::from_source(&source).unwrap_err();
    let problem = err.problems().next().unwrap().to_string();
    assert!(
        problem.ends_with("is set but not read; is it meant?"),
        "{problem}"
    );
}

/// A value with quotes around it is odd in any case; the report has the remedy once.
#[test]
fn a_warning_does_not_repeat_the_hint_of_a_problem() {
    #[derive(Debug, EnvConfig)]
    #[expect(dead_code, reason = "never loads")]
    struct Cfg {
        port: u16,
        title: String,
        tags: Vec<u8>,
    }

    let vars = [
        ("APP_PORT", "\"80\""),
        ("APP_TITLE", "\"x\""),
        ("APP_TAGS", "[1,2]"),
    ];
    let err = Cfg::from_source(vars).unwrap_err();
    let names = err.problems().map(environ::Problem::name);
    assert_eq!(names.collect::<Vec<_>>(), ["APP_PORT", "APP_TAGS"]);
    let names = err.warnings().map(environ::Warning::name);
    assert_eq!(names.collect::<Vec<_>>(), ["APP_TITLE"]);
    let report = err.to_string();
    assert!(report.contains("it has quotes around it"), "{report}");
    assert!(report.contains("looks like JSON; write 1,2"), "{report}");
}
