//! `/-/log-level`: how much is logged, changed while the service runs.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Answer, Client};
use crate::first_minutes::FAKE;
use crate::in_process::TestService;
use crate::process::Process;
use crate::raw::Raw;

const TOKEN: &str = "an-admin-token-of-24-xyz";

const DEADLINE: Duration = Duration::from_secs(20);

/// A service whose level can be changed with [`TOKEN`], and what the token is in.
struct Changeable(
    Process,
    #[expect(dead_code, reason = "removed when it is dropped")] TempDir,
);

impl Changeable {
    fn start(level: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("token");
        // As an editor or `echo` leaves it.
        fs::write(&file, format!("{TOKEN}\n")).unwrap();
        fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
        let process = Process::start(&[
            ("APP_ADMIN_TOKEN_FILE", file.to_str().unwrap()),
            ("APP_DRAIN_DELAY", "0s"),
            ("LOG_LEVEL", level),
        ]);
        process.line("ready");
        Self(process, dir)
    }

    fn put(&self, body: &str) -> Answer {
        let authorization = format!("Authorization: Bearer {TOKEN}\r\n");
        put(
            &mut Raw::connect(self.0.client().address),
            &authorization,
            body,
        )
    }

    fn level(&self) -> Value {
        serde_json::from_str(&self.0.client().get("/-/log-level").body).unwrap()
    }
}

#[test]
fn a_service_that_takes_no_body_still_takes_a_change() {
    let service = TestService::start(&[("APP_ADMIN_TOKEN", TOKEN), ("APP_MAX_BODY", "0")]);
    let authorization = format!("Authorization: Bearer {TOKEN}\r\n");
    for (body, status) in [
        (r#"{"level":"debug","ttl":"10m"}"#.to_owned(), 200),
        (format!(r#"{{"level":"{}"}}"#, "x".repeat(1024)), 413),
    ] {
        let mut connection = Raw::connect(service.client.address);
        assert_eq!(put(&mut connection, &authorization, &body).status, status);
    }
}

fn put(connection: &mut Raw, headers: &str, body: &str) -> Answer {
    put_to(connection, "localhost", headers, body)
}

fn put_to(connection: &mut Raw, host: &str, headers: &str, body: &str) -> Answer {
    let length = body.len();
    let head = format!("PUT /-/log-level HTTP/1.1\r\nHost: {host}\r\n{headers}");
    connection
        .send(format!("{head}Content-Length: {length}\r\n\r\n{body}"))
        .answer()
}

fn detail(answer: &Answer) -> String {
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    problem["detail"].as_str().unwrap().to_owned()
}

#[test]
fn the_level_is_told() {
    let service = TestService::start(&[("LOG_LEVEL", "WARN, demo_service=Debug")]);
    let answer = service.client.get("/-/log-level");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let level: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        level,
        json!({
            "level": "warn,demo_service=debug",
            "configured": "warn,demo_service=debug",
            "reverts_in_seconds": null,
        })
    );
}

/// Nobody else may have the service keep a body for as long as a request may take.
#[test]
fn no_body_is_read_of_whoever_may_not_change_it_and_no_large_one_of_anybody() {
    let service = Changeable::start("info");
    let head = "PUT /-/log-level HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n";
    let mut connection = Raw::connect(service.0.client().address);
    let answer = connection.send(format!("{head}\r\n")).answer();
    assert_eq!(
        (answer.status, answer.header("connection")),
        (401, Some("close"))
    );
    let answer = service.put(&" ".repeat(1025));
    assert_eq!(answer.status, 413);
    assert_eq!(
        detail(&answer),
        "the body is larger than this service takes"
    );
}

#[test]
fn a_change_takes_effect_and_a_later_one_replaces_it() {
    let service = Changeable::start("info");
    let client = service.0.client();
    client.get("/healthz");
    let answer = service.put(r#"{"level":"debug"}"#);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let mut level = service.level();
    let left = level["reverts_in_seconds"].take().as_f64().unwrap();
    assert!(left > 580.0 && left <= 600.0, "ten minutes: {left}");
    assert_eq!(
        level,
        json!({"level": "debug", "configured": "info", "reverts_in_seconds": null})
    );
    client.get("/-/ready");

    assert_eq!(service.put(r#"{"level":"off","ttl":"1h"}"#).status, 200);
    client.get("/hello");
    let answer = service.put(r#"{"level":"warn","ttl":"1h"}"#);
    assert_eq!(answer.status, 200);
    client.get("/hello");

    service.0.signal(Signal::TERM);
    let log = service.0.wait().log();
    let events: Vec<String> = log
        .iter()
        .filter(|line| line["message"] != FAKE)
        .map(|line| {
            let fields = ["level", "message", "from", "to", "ttl", "client", "path"];
            let fields = fields.map(|name| line[name].as_str().unwrap_or("-").to_owned());
            fields.join(" ")
        })
        .filter(|event| !event.contains("/-/log-level"))
        .collect();
    assert_eq!(
        events,
        [
            "INFO listening - - - - -",
            "INFO ready - - - - -",
            "WARN log level changed info debug 600s 127.0.0.1 -",
            "DEBUG request - - - 127.0.0.1 /-/ready",
            "WARN log level changed debug warn 3600s 127.0.0.1 -",
            "WARN log level changed warn warn 3600s 127.0.0.1 -",
            "INFO draining: not ready, and still serving - - - - -",
            "INFO draining: finishing requests in flight - - - - -",
            "INFO drained - - - - -",
        ]
    );
}

#[test]
fn a_change_reverts_by_itself_when_its_time_is_up() {
    let service = Changeable::start("info");
    assert_eq!(service.put(r#"{"level":"debug","ttl":"1h"}"#).status, 200);
    assert_eq!(service.put(r#"{"level":"debug","ttl":"50ms"}"#).status, 200);
    assert_eq!(service.0.line("log level reverted")["to"], "info");
    let start = Instant::now();
    while service.level()["level"] != "info" {
        assert!(start.elapsed() < DEADLINE, "it does not revert");
    }
    assert_eq!(service.level()["reverts_in_seconds"], Value::Null);
    service.0.client().get("/healthz");
    service.0.client().get("/hello?last");
    service.0.signal(Signal::TERM);
    let log = service.0.wait().stdout;
    assert!(!log.contains("\"/healthz\""), "{log}");
}

/// The first timer must not end the change that replaced its own.
#[test]
fn a_timer_reverts_its_own_change_alone() {
    let service = Changeable::start("info");
    assert_eq!(
        service.put(r#"{"level":"debug","ttl":"300ms"}"#).status,
        200
    );
    assert_eq!(service.put(r#"{"level":"trace","ttl":"1h"}"#).status, 200);
    // A third change, with a later timer than the first, shows that the first timer is over.
    let other = Changeable::start("info");
    assert_eq!(other.put(r#"{"level":"debug","ttl":"600ms"}"#).status, 200);
    other.0.line("log level reverted");
    assert_eq!(service.level()["level"], "trace");
}

#[test]
fn what_is_wrong_changes_nothing_and_says_why() {
    let service = Changeable::start("info");
    let level = "level: \"loud\" is not a log level, like info or warn,demo_service=debug: \
                 \"loud\" is not one of off, error, warn, info, debug, trace";
    for (body, why) in [
        (r#"{"level":"loud"}"#, level.to_owned()),
        (
            r#"{"level":"debug","ttl":"10"}"#,
            "ttl: \"10\" is not a duration, like 500ms, 30s or 1h30m: 10 has no unit; \
             write 10s, or 10ms"
                .to_owned(),
        ),
        (
            r#"{"level":"loud","ttl":"0s"}"#,
            format!("{level}; ttl: \"0s\" is refused: it must be more than 0s and at most 24h"),
        ),
        (
            r#"{"level":"debug","ttl":"25h"}"#,
            "ttl: \"25h\" is refused: it must be more than 0s and at most 24h".to_owned(),
        ),
        (r#"{"level":7}"#, "level: it must be a string".to_owned()),
        (
            r#"{"level":"debug","for":"1m"}"#,
            "\"for\" is not known; write `level` and `ttl`".to_owned(),
        ),
    ] {
        let answer = service.put(body);
        assert_eq!((answer.status, detail(&answer)), (400, why), "{body}");
    }
    for body in ["", "debug", "[]", r#"{"level":"debug""#] {
        let answer = service.put(body);
        assert_eq!(answer.status, 400, "{body}");
        let detail = detail(&answer);
        assert!(
            detail.contains(r#"like {"level":"debug","ttl":"10m"}"#),
            "{detail}"
        );
    }
    let answer = service.put("{}");
    assert_eq!(
        (answer.status, &*detail(&answer)),
        (
            400,
            "level: not set; expected a log level, like info or warn,demo_service=debug"
        )
    );
    assert_eq!(service.level()["level"], "info");
}

/// Libraries log their messages, secrets included.
#[test]
fn libraries_stay_at_info_even_if_they_are_named() {
    let service = Changeable::start("info");
    let answer =
        service.put(r#"{"level":"trace,actix_http=trace,mio=debug,demo_service::drain=warn"}"#);
    assert_eq!(answer.status, 200);
    assert_eq!(
        service.level()["level"],
        "trace,actix_http=info,mio=info,demo_service::drain=warn"
    );
    let client = service.0.client();
    for _ in 0..10 {
        client.get("/hello");
    }
    service.0.signal(Signal::TERM);
    for line in service.0.wait().log() {
        let target = line["target"].as_str().unwrap();
        let is_ours = target.starts_with("demo_service") || target.starts_with("environ");
        let is_low = line["level"] == "DEBUG" || line["level"] == "TRACE";
        assert!(is_ours || !is_low, "{line}");
    }
}

#[test]
fn a_module_alone_silences_nothing_else() {
    let service = Changeable::start("info,demo_service::drain=debug");
    assert_eq!(service.put(r#"{"level":"hyper=trace"}"#).status, 200);
    assert_eq!(
        service.level()["level"],
        "info,demo_service::drain=debug,hyper=info"
    );
    service.0.client().get("/hello");
    let process = Process::start(&[("LOG_LEVEL", "hyper=trace")]);
    process.line("ready");
}

#[test]
fn nothing_falls_below_warn() {
    for level in ["off", "error", "off,demo_service=error"] {
        let service = Changeable::start("info");
        let body = format!("{{\"level\":\"{level}\",\"ttl\":\"24h\"}}");
        assert_eq!(service.put(&body).status, 200);
        let in_effect = service.level()["level"].as_str().unwrap().to_owned();
        assert_eq!(
            in_effect,
            level.replace("off", "warn").replace("error", "warn")
        );
    }
}

/// For every configuration.
#[test]
fn drains_panics_and_changes_are_always_logged() {
    // The line with the address is off.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let process = Process::start(&[
        ("APP_CHAOS", "yes"),
        ("APP_DRAIN_DELAY", "0s"),
        ("APP_ADMIN_LISTEN", &address.to_string()),
        ("LOG_LEVEL", "off"),
    ]);
    let start = Instant::now();
    let operators = Client::new(address);
    while !operators
        .try_send("GET", "/-/ready")
        .is_ok_and(|answer| answer.status == 200)
    {
        assert!(start.elapsed() < DEADLINE, "the service does not start");
    }
    let mut connection = Raw::connect(operators.address);
    assert_eq!(
        put_to(&mut connection, "127.0.0.1", "", r#"{"level":"warn"}"#).status,
        200
    );
    operators.get("/-/chaos/panic");
    process.signal(Signal::TERM);
    let log = process.wait().log();
    for message in ["log level changed", "panicked", "drained"] {
        let found = log.iter().any(|line| line["message"] == message);
        assert!(found, "{message}: {log:#?}");
    }
}

/// A page that a browser shows may send requests to any address that its name resolves to.
#[test]
fn the_operators_listener_changes_nothing_for_other_sites() {
    let token = [
        ("APP_ADMIN_LISTEN", "127.0.0.1:0"),
        ("APP_ADMIN_TOKEN", TOKEN),
    ];
    let body = r#"{"level":"warn","ttl":"24h"}"#;
    let bearer = format!("Authorization: Bearer {TOKEN}\r\n");
    for (vars, host, headers, status) in [
        (
            &token[..],
            "127.0.0.1:8001",
            "Authorization: Bearer wrong\r\n",
            401,
        ),
        (&token[..], "127.0.0.1:8001", "", 401),
        (&token[..], "127.0.0.1:8001", &*bearer, 200),
        (&token[..], "evil.example", &*bearer, 421),
        (&token[..1], "evil.example", "", 421),
        (&token[..1], "localhost.evil.example:8001", "", 421),
        (&token[..1], "127.0.0.1.evil.example", "", 421),
        (&token[..1], "localhost", "", 200),
        (&token[..1], "LOCALHOST:8001", "", 200),
        (&token[..1], "[::1]:8001", "", 200),
        (&token[..1], "[::1]", "", 200),
        (
            &token[..1],
            "127.0.0.1",
            "Origin: https://evil.example\r\n",
            403,
        ),
        (&token[..1], "127.0.0.1", "Origin: null\r\n", 403),
        (
            &token[..1],
            "127.0.0.1:8001",
            "Origin: http://127.0.0.1:8001\r\n",
            200,
        ),
        (
            &token[..1],
            "127.0.0.1:8001",
            "Origin: http://127.0.0.1:8002\r\n",
            403,
        ),
    ] {
        let service = TestService::start(vars);
        let operators = service.operators.as_ref().unwrap();
        let mut connection = Raw::connect(operators.address);
        let answer = put_to(&mut connection, host, headers, body);
        assert_eq!(answer.status, status, "{host} {headers}");
    }
}

#[test]
fn the_operators_listener_tells_a_foreign_host_nothing_but_its_health() {
    let service = TestService::start(&[("APP_ADMIN_LISTEN", "127.0.0.1:0")]);
    let address = service.operators.as_ref().unwrap().address;
    for (path, status) in [
        ("/-/config", 421),
        ("/-/log-level", 421),
        ("/-/metrics", 421),
        ("/-/ready", 200),
        ("/-/healthy", 200),
    ] {
        let head = format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        assert_eq!(
            Raw::connect(address).send(head).answer().status,
            status,
            "{path}"
        );
    }
}

#[test]
fn nobody_changes_it_without_the_token() {
    let service = Changeable::start("info");
    let address = service.0.client().address;
    let body = r#"{"level":"trace"}"#;
    let missing = "send the admin token as `Authorization: Bearer`";
    let wrong = "the token that was sent is not the admin token";
    for (headers, why) in [
        (String::new(), missing),
        ("Authorization: Bearer\r\n".to_owned(), missing),
        ("Authorization: Bearer wrong\r\n".to_owned(), wrong),
        (format!("Authorization: Bearer {TOKEN}x\r\n"), wrong),
        (format!("Authorization: Bearer {}\r\n", &TOKEN[1..]), wrong),
        (format!("Authorization: Basic {TOKEN}\r\n"), missing),
        (format!("Authorization: {TOKEN}\r\n"), missing),
        (format!("X-Token: {TOKEN}\r\n"), missing),
    ] {
        let answer = put(&mut Raw::connect(address), &headers, body);
        assert_eq!(answer.status, 401, "{headers}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert_eq!(detail(&answer), why);
    }
    assert_eq!(service.level()["level"], "info");
}

#[test]
fn where_there_is_no_token_nobody_changes_it_and_the_remedy_is_told() {
    let service = TestService::start(&[]);
    for headers in [
        "",
        "Authorization: Bearer \r\n",
        "Authorization: Bearer x\r\n",
    ] {
        let mut connection = Raw::connect(service.client.address);
        let answer = put(&mut connection, headers, r#"{"level":"trace"}"#);
        assert_eq!(answer.status, 403, "{headers}");
        assert_eq!(
            detail(&answer),
            "no admin token is configured; set APP_ADMIN_TOKEN_FILE, and send the content of the \
             file as `Authorization: Bearer`"
        );
    }
}

#[test]
fn a_token_that_cannot_be_sent_is_refused_at_the_start() {
    for token in ["tiny", "with a space in the midst", "0123456789abcdef\n"] {
        let ended = Process::run(&["--check"], &[("APP_ADMIN_TOKEN", token)]);
        assert_eq!(ended.code, Some(78), "{token:?}");
        assert!(!ended.stderr.contains(token), "{}", ended.stderr);
        assert!(ended.stderr.contains("APP_ADMIN_TOKEN"), "{}", ended.stderr);
    }
}

/// Also a token that the rule contains.
#[test]
fn the_rule_of_the_token_is_shown() {
    for arguments in [&["--check"][..], &["doctor"], &[]] {
        for token in ["short", "16", "a"] {
            let ended = Process::run(arguments, &[("APP_ADMIN_TOKEN", token)]);
            assert_eq!(ended.code, Some(78));
            let problem: Vec<_> = ended.stderr.lines().take(2).collect();
            assert_eq!(
                problem,
                [
                    "demo-service: 1 problem with the environment:",
                    "  APP_ADMIN_TOKEN  the secret is refused: it is too short: at least 16 \
                     characters",
                ]
            );
        }
    }
}
