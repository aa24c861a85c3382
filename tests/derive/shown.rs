//! What is shown of an environment: no secret, no letter that is not seen, no line that
//! nobody could read.

use std::time::{Duration, Instant};

use environ::EnvConfig;

use crate::problems;

/// Fields that take a text, and none.
#[derive(Debug, EnvConfig)]
#[expect(dead_code, reason = "only what is shown of it counts")]
struct Plain {
    text: Option<String>,
    number: Option<u16>,
}

/// What is shown of a text where it loads, and where it does not.
fn shown(text: &str) -> (String, String) {
    let loaded = Plain::loader().source([("APP_TEXT", text)]).load().unwrap();
    let origin = loaded.origins.shown("APP_TEXT").unwrap().to_owned();
    (origin, problems::<Plain>(&[("APP_NUMBER", text)]))
}

#[test]
fn passwords_in_plain_values_are_masked_wherever_values_are_shown() {
    for (text, masked) in [
        (
            "https://ghp_hunter2@github.com/x",
            "https://***@github.com/x",
        ),
        (
            "AccountName=me;AccountKey=hunter2==",
            "AccountName=me;AccountKey=***",
        ),
        (
            "https://x.example/b?sv=1&sig=hunter2",
            "https://x.example/b?sv=1&sig=***",
        ),
        (
            "https://maps.example/?key=hunter2&v=3",
            "https://maps.example/?key=***&v=3",
        ),
        ("Authorization: Bearer hunter2", "Authorization: ***"),
        ("x-api-key: hunter2", "x-api-key: ***"),
        ("db_password=hunter2 user=me", "db_password=*** user=me"),
        ("a://me:x=b://hunter2@db", "a://me:***@db"),
        ("postgres://me:hunt%40er2@db", "postgres://me:***@db"),
        (
            "spring.datasource.password: hunter2",
            "spring.datasource.password: ***",
        ),
        ("Driver=x;Pwd={hun;ter2};Uid=me", "Driver=x;Pwd=***;Uid=me"),
        ("http://host:80", "http://host:80"),
        ("me@example.org", "me@example.org"),
        ("12:30:00", "12:30:00"),
    ] {
        let (origin, problem) = shown(text);
        assert_eq!(origin, masked);
        let said = format!("  APP_NUMBER  \"{masked}\" is not a u16: ");
        assert!(problem.starts_with(&said), "{problem}");
    }
    let (origin, problem) = shown(r#"[{"user":"me","password":"x"},{"token":"hunter2"}]"#);
    for shown in [origin, problem] {
        assert!(
            !shown.contains("hunter2") && !shown.contains("\"x\""),
            "{shown}"
        );
    }
}

/// Such a value took three minutes.
#[test]
fn a_value_of_16_mb_is_shown_at_once() {
    let text = "a://b:c@d,pwd=x;".repeat(1_000_000);
    let started = Instant::now();
    let (origin, problem) = shown(&text);
    assert!(started.elapsed() < Duration::from_secs(5));
    assert!(origin.starts_with("a://b:***@d,pwd=***;a://b:***@d"));
    assert!(origin.len() < 2_000 && problem.len() < 2_000);
}
