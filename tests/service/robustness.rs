//! What clients do that they should not: the service goes on, and tells that it
//! is alive, all the while.

#[cfg(feature = "components")]
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::client::Client;
use crate::raw::Raw;
use crate::victim::Victim;

/// Returns the answer until the connection is closed.
fn statuses(connection: &mut Raw) -> Vec<u16> {
    std::iter::from_fn(|| connection.try_answer(true))
        .map(|answer| answer.status)
        .collect()
}

/// What is sent, and what comes back until the connection is closed. `{get}` and
/// `{post}` begin a request, `{long}` is a lot.
const MISTAKES: &[(&str, &str, &[u16])] = &[
    ("nothing", "", &[408]),
    ("half a head", "{get}", &[408]),
    ("TLS", "\x16\x03\x01\x02\0\x01\0\x01\r\n\r\n", &[400]),
    ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &[400]),
    ("HTTP/0.9", "GET /hello\r\n\r\n", &[400]),
    ("1.0 without a host", "GET /hello HTTP/1.0\r\n\r\n", &[200]),
    ("1.1 without a host", "GET /hello HTTP/1.1\r\n\r\n", &[400]),
    ("a NUL in a header", "{get}X: \0\r\n\r\n", &[400]),
    ("a folded header", "{get}X: a\r\n b\r\n\r\n", &[400]),
    ("a space before a colon", "{get}X : a\r\n\r\n", &[400]),
    ("a long header", "{get}X: {long}\r\n\r\n", &[431]),
    (
        "a long path",
        "GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        &[431],
    ),
    ("many headers", "{get}{headers}\r\n", &[431]),
    (
        "a negative length",
        "{post}Content-Length: -1\r\n\r\n",
        &[400],
    ),
    (
        "a signed length",
        "{post}Content-Length: +1\r\n\r\nx",
        &[400],
    ),
    (
        "an endless length",
        "{post}Content-Length: 99999999999999999999\r\n\r\n",
        &[400],
    ),
    (
        "a long body",
        "{post}Content-Length: 999999999\r\n\r\n{long}",
        &[413],
    ),
    (
        "two lengths",
        "{post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        &[400],
    ),
    (
        "a length and chunks",
        "{post}Content-Length: 1\r\n{chunked}0\r\n\r\n",
        &[400],
    ),
    (
        "an endless chunk",
        "{post}{chunked}fffffffffffffffff\r\n",
        &[400],
    ),
    ("a chunk without a size", "{post}{chunked}hello\r\n", &[400]),
    (
        "long chunks",
        "{post}{chunked}30d40\r\n{long}\r\n30d40\r\n{long}\r\n",
        &[413],
    ),
    (
        "a body that does not come",
        "{post}Content-Length: 5\r\n\r\nx",
        &[504],
    ),
    (
        "a panic, and more",
        "GET /-/chaos/panic HTTP/1.1\r\nHost: localhost\r\n\r\n{get}\r\n",
        &[500, 200],
    ),
    (
        "a hanging request, and more",
        "GET /-/chaos/hang HTTP/1.1\r\nHost: localhost\r\n\r\n{get}\r\n",
        &[504, 200],
    ),
    (
        "a method of its own",
        "BREW /hello HTTP/1.1\r\nHost: localhost\r\n\r\n",
        &[405],
    ),
    (
        "a tunnel",
        "CONNECT example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        &[404],
    ),
    (
        "no resource",
        "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        &[404],
    ),
];

#[test]
fn every_mistake_has_its_answer() {
    let victim = Victim::start(&[]);
    let mut wrong = Vec::new();
    let mut send = |what: &str, bytes: &[u8], expected: &[u16]| {
        let got = statuses(Raw::connect(victim.address).send(bytes));
        if got != expected {
            wrong.push(format!("{what}: {got:?}, not {expected:?}"));
        }
        victim.is_alive();
    };
    for (what, text, expected) in MISTAKES {
        let bytes = text
            .replace("{get}", "GET /hello HTTP/1.1\r\nHost: localhost\r\n")
            .replace(
                "{post}",
                "POST /-/chaos/swallow HTTP/1.1\r\nHost: localhost\r\n",
            )
            .replace("{chunked}", "Transfer-Encoding: chunked\r\n\r\n")
            .replace("{headers}", &"X: x\r\n".repeat(1_000))
            .replace("{long}", &"x".repeat(200_000));
        send(what, bytes.as_bytes(), expected);
    }
    let no_text: Vec<_> = (0..=255).rev().cycle().take(4096).collect();
    send("bytes that are no text", &no_text, &[400]);
    let hello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
    send(
        "a hundred at once",
        hello.repeat(100).as_bytes(),
        &[200; 100],
    );
    assert_eq!(wrong, [""; 0]);
    victim.survived();
}

/// Hundreds of clients that send a byte now and then, or read no answer.
#[test]
fn slow_clients_get_their_time_and_no_more() {
    let victim = Victim::start(&[]);
    let open = |bytes: &str| {
        let mut connection = Raw::connect(victim.address);
        connection.send(bytes);
        connection
    };
    let body = "POST /-/chaos/swallow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n";
    let mut heads: Vec<_> = (0..200).map(|_| open("GET /hello HTTP/1.1\r\n")).collect();
    let mut bodies: Vec<_> = (0..200).map(|_| open(body)).collect();
    let many = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100);
    let readers: Vec<_> = (0..50).map(|_| open(&many)).collect();
    for _ in 0..10 {
        for connection in &mut heads {
            connection.send("X: x\r\n");
        }
        for connection in &mut bodies {
            connection.send("x");
        }
        victim.is_alive();
    }
    for connection in &mut heads {
        assert_eq!(statuses(connection), [408]);
    }
    // A service that has much to do may not have come to the body.
    for connection in &mut bodies {
        let statuses = statuses(connection);
        assert!(matches!(statuses[..], [408 | 504]), "{statuses:?}");
    }
    drop(readers);
    victim.survived();
}

#[test]
fn clients_that_leave_at_once_leave_nothing_behind() {
    let victim = Victim::start(&[("APP_MAX_IN_FLIGHT", "10")]);
    for _ in 0..500 {
        Raw::connect(victim.address).request("GET", "/-/chaos/hang");
        Raw::connect(victim.address).send("GET /hello HT");
        Raw::connect(victim.address);
    }
    victim.is_alive();
    let client = Client::new(victim.address);
    while client.get("/hello").status == 503 {
        thread::sleep(Duration::from_millis(10));
    }
    victim.survived();
}

/// What `ulimit` allows, in the suite that has the machine to itself.
#[cfg(feature = "components")]
#[test]
fn ten_thousand_idle_connections_are_held() {
    const CONNECTIONS: usize = 10_000;
    let victim = Victim::start(&[("APP_KEEP_ALIVE", "120s"), ("APP_MAX_CONNECTIONS", "12000")]);
    let mut connections = Vec::with_capacity(CONNECTIONS);
    for _ in 0..CONNECTIONS {
        let mut connection = Raw::connect(victim.address);
        let answer = connection.request("GET", "/hello").answer();
        assert_eq!(answer.status, 200);
        connections.push(connection);
    }
    victim.is_alive();
    for connection in connections.iter_mut().step_by(100) {
        assert_eq!(connection.request("GET", "/hello").answer().status, 200);
    }
    victim.survived();
}

/// Debian's tool for it, in each of its ways: heads, bodies and readers.
#[cfg(feature = "components")]
#[test]
fn slowhttptest_does_not_make_it_unavailable() {
    for way in ["-H", "-B", "-X"] {
        let victim = Victim::start(&[]);
        let target = format!("http://{}/hello", victim.address);
        let run = Command::new("slowhttptest")
            .args([
                way, "-c", "500", "-r", "250", "-i", "1", "-l", "6", "-p", "5", "-u", &target,
            ])
            .output()
            .unwrap();
        assert!(run.status.success(), "{run:?}");
        victim.survived();
    }
}
