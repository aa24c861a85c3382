//! The first minutes with the service.

use crate::process::Process;

/// The only line about fakes, of debug builds alone.
pub(crate) const FAKE: &str =
    "debug build with fakes; set APP_SECRETS and APP_DB_URL for real secrets and a database";

#[test]
#[cfg(debug_assertions)]
fn a_debug_build_says_in_one_line_what_is_fake() {
    for (vars, fake) in [
        (&[][..], "secrets, database"),
        (&[("APP_DB_URL", "sqlite::memory:")], "secrets"),
    ] {
        let process = Process::start(vars);
        let line = process.line(FAKE);
        assert_eq!(
            (&line["level"], &line["fake"]),
            (&"INFO".into(), &fake.into())
        );
        process.signal(rustix::process::Signal::TERM);
        assert_eq!(process.wait().stdout.matches(FAKE).count(), 1);
    }
}

#[test]
fn nothing_is_said_of_fakes_where_there_are_none() {
    let dir = tempfile::tempdir().unwrap();
    let vars = [
        ("APP_SECRETS", "dir"),
        ("APP_SECRETS_DIR_PATH", dir.path().to_str().unwrap()),
        ("APP_DB_URL", "sqlite::memory:"),
    ];
    let process = Process::start(&vars);
    process.line("ready");
    process.signal(rustix::process::Signal::TERM);
    assert!(!process.wait().stdout.contains(FAKE));
}
