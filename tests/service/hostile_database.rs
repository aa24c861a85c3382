//! A database server that says what no server should.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use crate::client::{Answer, Client};
use crate::fake_postgres::{FakePostgres, Says, columns, error, message, notice, ready, row};
use crate::process::{Ended, Process};

/// Goes in as a password; must come out nowhere.
const CANARY: &str = "hunter2-canary";

/// The time that a platform would give.
const GRACE: Duration = Duration::from_secs(30);

/// The memory of a service with a database, in KiB. A service that takes what an endless
/// answer has needs a hundred times as much.
const MEMORY_KIB: u64 = 200 << 10;

fn serve(database: &FakePostgres) -> Process {
    let url = database.url(CANARY);
    let own = [
        ("APP_DB_URL", &*url),
        ("APP_DB_MIGRATE", "no"),
        ("APP_DB_QUERY_TIMEOUT", "1s"),
        ("APP_HEARTBEAT_INTERVAL", "24h"),
        ("APP_DRAIN_DELAY", "0s"),
    ];
    Process::start(&own)
}

fn stop(process: Process) -> Ended {
    process.signal(Signal::TERM);
    let ended = process.wait_or_kill(GRACE);
    assert_eq!(ended.code, Some(0), "{}", ended.stdout);
    ended
}

fn detail(answer: &Answer) -> (u16, String) {
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    (answer.status, body["detail"].as_str().unwrap().to_owned())
}

/// Waits for the first check of the database.
fn eventually_checked(client: &Client) {
    let start = Instant::now();
    let checked = "demo_service_check_up{check=\"database\"} 1\n";
    while !client.get("/-/metrics").body.contains(checked) {
        assert!(start.elapsed() < GRACE, "no check has run");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A row whose column is longer than the message.
fn short_row() -> Vec<u8> {
    let data = message(b'D', &[0, 1, 0, 0, 0, 100, b'1', b'2']);
    [columns(), data, message(b'C', b"UPDATE 1\0"), ready()].concat()
}

/// A message that says it is shorter than its length.
fn without_length() -> Vec<u8> {
    b"D\0\0\0\0".to_vec()
}

/// The number in a line of the metrics.
fn metric(metrics: &str, name: &str) -> usize {
    let value = metrics.lines().find_map(|line| line.strip_prefix(name));
    value.unwrap().trim().parse().unwrap()
}

#[test]
fn a_visit_with_an_unreadable_answer_may_be_counted() {
    for (says, panics) in [
        (short_row(), 1),
        (without_length(), 1),
        ([row(Some(b"abc")), ready()].concat(), 0),
        ([row(Some(b"99999999999999999999")), ready()].concat(), 0),
        ([row(None), ready()].concat(), 0),
        (message(b'y', b""), 0),
    ] {
        let database = FakePostgres::start();
        let process = serve(&database);
        let client = process.client();
        // Its next check is a day away.
        eventually_checked(&client);
        database.say_to_statements(Says::Bytes(says));
        let unsure = "the database did not answer, and the visit is counted or not";
        let posted = detail(&client.send("POST", "/visits"));
        assert_eq!(posted, (504, unsure.to_owned()));
        assert_eq!(database.visits(), 1);
        let unavailable = (503, "the database is unavailable".to_owned());
        assert_eq!(detail(&client.get("/visits")), unavailable);
        let metrics = client.get("/-/metrics").body;
        let counted = metric(&metrics, "demo_service_panics_total");
        assert_eq!(counted, 2 * panics, "{metrics}");
        database.say_to_statements(Says::Well);
        assert_eq!(client.get("/visits").body, r#"{"visits":1}"#);
        let log = stop(process).stdout;
        assert_eq!(log.matches("\"panicked\"").count(), 2 * panics);
        let away = log.matches("\"the database is unavailable\"").count();
        assert_eq!(away, 1, "{log}");
    }
}

#[test]
fn a_login_that_the_driver_panics_at_is_waited_for_and_then_69() {
    for says in [
        b"R\0\0\0\0".to_vec(),
        b"E\0\0\0\x03".to_vec(),
        message(b'R', &5_u32.to_be_bytes()),
    ] {
        let database = FakePostgres::start();
        database.say_to_logins(Says::Bytes(says));
        let url = database.url(CANARY);
        let vars = [("APP_DB_URL", &*url), ("APP_START_TIMEOUT", "300ms")];
        let ended = Process::start(&vars).wait();
        assert_eq!(ended.code, Some(69), "{}", ended.stdout);
        let reason = "the driver panicked at a message of the server";
        assert!(ended.stdout.contains(reason), "{}", ended.stdout);
    }
}

fn parameters() -> Vec<u8> {
    let parameter = |number| format!("a{number}\0{}\0", "b".repeat(200));
    let parameters = (0..200).map(|number| message(b'S', parameter(number).as_bytes()));
    parameters.collect::<Vec<_>>().concat()
}

#[test]
fn an_endless_answer_holds_up_nothing() {
    let data = message(b'D', &[0, 1, 0, 0, 0, 1, b'3']);
    for endless in [
        data.repeat(1000),
        notice("hello").repeat(1000),
        parameters(),
        // The length of a message that the server goes on with.
        [&b"D\x7f\xff\xff\xf0"[..], &vec![0; 1 << 16]].concat(),
    ] {
        let database = FakePostgres::start();
        let process = serve(&database);
        let client = process.client();
        database.say_to_statements(Says::Endless([columns(), endless].concat()));
        assert_eq!(client.get("/visits").status, 503);
        assert_eq!(client.send("POST", "/visits").status, 504);
        assert_eq!(client.get("/-/healthy").status, 200);
        let used = process.resident_kib();
        assert!(used < MEMORY_KIB, "{used} KiB");
        let log = stop(process).stdout;
        let reason = "the connection broke: an answer of the server is larger than 1 MiB";
        assert!(log.contains(reason), "{log}");
        assert!(!log.contains("\"hello\""), "{log}");
    }
}

#[test]
fn an_endless_login_holds_up_no_signal() {
    for endless in [notice("hello").repeat(1000), parameters()] {
        let database = FakePostgres::start();
        let accepted = message(b'R', &[0; 4]);
        database.say_to_logins(Says::Endless([accepted, endless].concat()));
        let process = serve(&database);
        let client = process.starting_client();
        process.text("an answer of the server is larger than 1 MiB");
        assert_eq!(client.get("/-/healthy").status, 200);
        let used = process.resident_kib();
        assert!(used < MEMORY_KIB, "{used} KiB");
        let log = stop(process).stdout;
        assert!(!log.contains("\"hello\""), "{log}");
    }
}

#[test]
fn a_text_of_the_server_is_short_and_quotes_no_password() {
    let long = error("FATAL", "XX000", &"M".repeat(1_000_000));
    let odd = error("FATAL", "XX000", "\u{1b}[31mred\nforged: line\u{202e}");
    for (says, shown) in [
        (
            Says::Bytes(long),
            format!("{}... (code XX000)", "M".repeat(200)),
        ),
        (
            Says::Bytes(odd),
            "[31mred forged: line (code XX000)".to_owned(),
        ),
        (
            Says::PasswordBack,
            "the message of the server quotes the password, and is left out (code XX000)"
                .to_owned(),
        ),
    ] {
        let database = FakePostgres::start();
        database.say_to_logins(says.clone());
        let url = database.url(CANARY);
        let vars = [("APP_DB_URL", &*url), ("APP_START_TIMEOUT", "300ms")];
        for format in ["json", "human"] {
            let vars = [&vars[..], &[("LOG_FORMAT", format)]].concat();
            let Ended { code, stdout, .. } = Process::start(&vars).wait();
            assert_eq!(code, Some(69), "{stdout}");
            assert!(stdout.contains(&shown), "{stdout}");
            assert!(!stdout.contains('\u{1b}'), "{stdout:?}");
            assert!(!stdout.contains("canary"), "{stdout}");
        }
    }
}

#[test]
fn a_reload_shows_no_password_that_the_server_quotes() {
    let (well, hostile) = (FakePostgres::start(), FakePostgres::start());
    hostile.say_to_logins(Says::PasswordBack);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("db_url");
    fs::write(&path, well.url("first")).unwrap();
    let vars = [
        ("APP_DB_URL_FILE", path.to_str().unwrap()),
        ("APP_DB_MIGRATE", "no"),
        ("APP_DRAIN_DELAY", "0s"),
    ];
    let process = Process::start(&vars);
    let client = process.client();
    fs::write(&path, hostile.url(CANARY)).unwrap();
    process.signal(Signal::HUP);
    process.text("the message of the server quotes the password, and is left out");
    let config = client.get("/-/config").body;
    assert!(config.contains("quotes the password"), "{config}");
    let log = stop(process).stdout;
    for text in [config, log] {
        assert!(!text.contains("canary"), "{text}");
    }
}
