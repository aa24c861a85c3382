//! The end of a process with a wrong environment.

use std::process::{Command, ExitCode, Termination};

use environ::{EnvConfig, Process, Secret, Source};

#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "never loads")]
struct Cfg {
    port: u16,
    #[env(deprecated = "APP_LEVEL")]
    log_level: String,
    token: Secret<String>,
}

/// The variable that tells this program that it is the child.
const CHILD: &str = "TEST_IS_CHILD";

#[test]
#[expect(clippy::disallowed_methods, reason = "this is what is tested")]
fn a_wrong_environment_exits_with_78_and_prints_the_report_before_the_warnings() {
    if Process.get(CHILD).is_some() {
        let cfg = Cfg::from_env().unwrap_or_else(|err| err.exit());
        unreachable!("{cfg:?} is no config");
    }
    let test = "exit::a_wrong_environment_exits_with_78_and_prints_the_report_before_the_warnings";
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env_clear()
        .envs([(CHILD, "1"), ("APP_PORT", "80a0")])
        .envs([("APP_LEVEL", "info"), ("APP_TOKEN", "hunter2")])
        .output()
        .unwrap();
    assert_eq!(child.status.code(), Some(78), "{child:?}");
    assert_eq!(
        String::from_utf8(child.stderr).unwrap(),
        "\
1 problem with the environment:
  APP_PORT  \"80a0\" is not a u16: it must be a whole number from 0 to 65535
2 warnings:
  APP_LEVEL  deprecated; write APP_LOG_LEVEL instead
  APP_TOKEN  a secret in the environment, where every child process sees it; \
         APP_TOKEN_FILE can name a file instead
"
    );
}

#[test]
fn an_error_keeps_the_warnings_of_every_way_of_loading() {
    let pairs = [("APP_PORT", "80a0"), ("APP_LEVEL", "info")];
    for err in [
        Cfg::from_source(pairs).unwrap_err(),
        Cfg::check(pairs).unwrap_err(),
        Cfg::loader().source(pairs).load().unwrap_err(),
    ] {
        assert_eq!(err.problems().count(), 2);
        let warnings: Vec<_> = err.warnings().collect();
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].name(), "APP_LEVEL");
        assert_eq!(warnings[0].code(), "deprecated");
        assert_eq!(
            warnings[0].message(),
            "deprecated; write APP_LOG_LEVEL instead"
        );
        assert!(!err.to_string().contains("APP_LEVEL"), "{err}");
        assert!(
            err.to_json()
                .contains(r#""warnings":[{"code":"deprecated""#)
        );
    }
}

/// The standard library chooses the code, and shows the error by `Debug`.
#[test]
fn a_main_that_returns_the_error_prints_the_report_and_exits_with_1() {
    let err = Cfg::from_source([("APP_PORT", "80a0")]).unwrap_err();
    assert_eq!(format!("{err:?}"), err.to_string());
    let code = Err::<(), _>(err).report();
    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
}
