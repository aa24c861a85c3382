use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Answer;
use crate::in_process::TestService;
use crate::process::{Process, with_limit};
use crate::raw::Raw;

const CHAOS: (&str, &str) = ("APP_CHAOS", "yes");

fn detail(answer: &Answer) -> Value {
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem["status"], answer.status);
    problem["detail"].clone()
}

#[test]
fn a_handler_that_hangs_is_given_up_and_its_connection_goes_on() {
    let service = TestService::start(&[CHAOS, ("APP_REQUEST_TIMEOUT", "100ms")]);
    let mut connection = Raw::connect(service.client.address);
    let answer = connection.request("GET", "/-/chaos/hang").answer();
    assert_eq!(answer.status, 504);
    let why = "the request took longer than it may, and is done in part or not at all";
    assert_eq!(detail(&answer), why);
    assert_eq!(answer.header("retry-after"), None, "it may be done in part");
    assert_eq!(connection.request("GET", "/hello").answer().status, 200);
}

#[test]
fn a_client_that_does_not_send_its_head_is_408() {
    let service = TestService::start(&[("APP_HEAD_TIMEOUT", "200ms")]);
    let mut connection = Raw::connect(service.client.address);
    let answer = connection.send("GET /hello HTTP/1.1\r\nHost:").answer();
    assert_eq!((answer.status, &*answer.body), (408, ""));
    assert!(connection.is_closed());
}

#[test]
fn a_body_that_is_too_large_is_413_before_it_is_sent() {
    let service = TestService::start(&[CHAOS, ("APP_MAX_BODY", "10")]);
    for (method, path) in [
        ("POST", "/-/chaos/swallow"),
        ("POST", "/hello"),
        ("GET", "/hello"),
        ("POST", "/nope"),
    ] {
        let mut connection = Raw::connect(service.client.address);
        let head =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n");
        let answer = connection.send(head).answer();
        assert_eq!(answer.status, 413, "{method} {path}");
        assert_eq!(
            detail(&answer),
            "the body is larger than this service takes"
        );
        assert_eq!(answer.header("connection"), Some("close"));
        assert!(connection.is_closed());
    }
}

#[test]
fn a_body_of_unknown_length_is_413_once_it_is_too_large() {
    let service = TestService::start(&[CHAOS, ("APP_MAX_BODY", "10")]);
    let head =
        "POST /-/chaos/swallow HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut connection = Raw::connect(service.client.address);
    let answer = connection
        .send(head)
        .send("a\r\n0123456789\r\n0\r\n\r\n")
        .answer();
    assert_eq!((answer.status, &*answer.body), (200, "10 bytes"));
    let answer = connection
        .send(head)
        .send("b\r\n0123456789a\r\n0\r\n\r\n")
        .answer();
    assert_eq!(answer.status, 413);
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
}

/// An unread body must not pass for the next request.
#[test]
fn a_body_that_nobody_reads_is_no_request() {
    let service = TestService::start(&[]);
    let request = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for path in ["/hello", "/nope"] {
        let mut connection = Raw::connect(service.client.address);
        let length = request.len();
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n");
        let refused = connection.send(head).send(request).answer();
        assert!(matches!(refused.status, 404 | 405), "{path}");
        // The connection may be closed or kept, but not answer for the body.
        let next = connection.request("GET", "/healthz").try_answer(true);
        assert!(next.is_none_or(|next| next.body == "yep"), "{path}");
    }
}

/// The wait for its end is no longer than for a body with a known length.
/// actix alone takes the client for gone, and drops what the handler does: a visit was counted
/// and not answered.
#[test]
fn a_request_with_a_malformed_body_is_answered() {
    let service = TestService::start(&[("APP_CHAOS", "on")]);
    let bodies = [
        "zz\r\n",
        "3\r\nabc\r\nzz\r\n",
        "3\r\nabcd\r\n",
        "0\r\nX: x\r\r\n",
        "fffffffffffffffff\r\n",
    ];
    for (line, status) in [
        ("POST /visits", 200),
        ("GET /-/chaos/delay/200", 200),
        ("GET /hello", 200),
        ("POST /-/chaos/swallow", 400),
    ] {
        for body in bodies {
            let mut connection = Raw::connect(service.client.address);
            let head =
                format!("{line} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            let more = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
            let answer = connection.send(format!("{head}{body}{more}")).answer();
            assert_eq!(answer.status, status, "{line} {body:?}");
            assert!(connection.is_closed(), "{line} {body:?}");
        }
    }
    let visits = service.client.get("/visits").body;
    assert_eq!(visits, format!("{{\"visits\":{}}}", bodies.len()));
}

#[test]
fn a_chunked_body_without_an_end_holds_no_connection() {
    let service = TestService::start(&[CHAOS, ("APP_REQUEST_TIMEOUT", "200ms")]);
    for (path, status) in [
        ("/nope", 404),
        ("/hello", 405),
        ("/visits", 200),
        ("/-/chaos/swallow", 504),
    ] {
        for begun in ["", "5\r\n01"] {
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            );
            let mut connection = Raw::connect(service.client.address);
            let answer = connection.send(head).send(begun).answer();
            assert_eq!(answer.status, status, "{path}");
            assert_eq!(answer.header("connection"), Some("close"), "{path}");
            assert!(connection.is_closed(), "{path}");
        }
    }
}

#[test]
fn a_chunked_body_that_nobody_reads_costs_no_connection() {
    let service = TestService::start(&[]);
    let mut connection = Raw::connect(service.client.address);
    for (path, status) in [("/nope", 404), ("/hello", 405), ("/visits", 200)] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\
             5\r\n01234\r\n0\r\n\r\n"
        );
        assert_eq!(connection.send(request).answer().status, status, "{path}");
    }
    assert_eq!(connection.request("GET", "/hello").answer().status, 200);
}

/// A client that offers HTTP/2 may send its next request at once: it must know that
/// nobody would read it.
#[test]
fn an_upgrade_that_is_not_taken_closes_the_connection() {
    let service = TestService::start(&[]);
    let mut connection = Raw::connect(service.client.address);
    let offer = "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n\
                 Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n";
    let answer = connection.send(offer).answer();
    assert_eq!((answer.status, &*answer.body), (200, "Hello World!"));
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(connection.is_closed());
}

#[test]
fn one_request_too_many_is_503_and_operators_are_answered() {
    let service = TestService::start(&[CHAOS, ("APP_MAX_IN_FLIGHT", "2")]);
    let mut hanging: Vec<_> = (0..2)
        .map(|_| {
            let mut connection = Raw::connect(service.client.address);
            connection.request("GET", "/-/chaos/hang");
            connection
        })
        .collect();
    let full = wait_for(&service, 503);
    assert_eq!(full.header("retry-after"), Some("1"));
    assert_eq!(
        detail(&full),
        "as many requests are served as may be; ask again"
    );
    assert_eq!(service.client.get("/-/chaos/delay/1").status, 503);
    for path in ["/-/ready", "/-/healthy", "/__lbheartbeat__", "/__version__"] {
        assert_eq!(service.client.get(path).status, 200, "{path}");
    }
    hanging.pop();
    wait_for(&service, 200);
}

fn wait_for(service: &TestService, status: u16) -> Answer {
    let start = Instant::now();
    loop {
        let answer = service.client.get("/hello");
        if answer.status == status {
            return answer;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{answer:?}");
    }
}

#[test]
fn one_connection_too_many_waits_until_another_is_closed() {
    for (max, workers) in [(2, "1"), (1, "2"), (2, "2")] {
        let vars = [
            ("APP_MAX_CONNECTIONS", &*max.to_string()),
            ("APP_WORKERS", workers),
        ];
        let service = TestService::start(&vars);
        let open = |_| Raw::connect(service.client.address);
        let mut connections: Vec<_> = (0..max).map(open).collect();
        for connection in &mut connections {
            assert_eq!(connection.request("GET", "/hello").answer().status, 200);
        }
        let mut further = Raw::connect(service.client.address);
        further
            .request("GET", "/hello")
            .deadline(Duration::from_millis(300));
        assert!(further.try_answer(true).is_none(), "{max} of {workers}");
        drop(connections);
        further.deadline(Duration::from_secs(20));
        assert_eq!(further.answer().status, 200);
    }
}

#[test]
fn a_host_that_is_none_is_400() {
    let service = TestService::start(&[]);
    for (hosts, status) in [
        ("Host: a b\r\n", 400),
        ("Host: a/b\r\n", 400),
        ("Host: user@a\r\n", 400),
        ("Host: http://a\r\n", 400),
        ("Host: a:b\r\n", 400),
        ("Host: ::1\r\n", 400),
        ("Host: [x]\r\n", 400),
        ("Host: \u{e9}\r\n", 400),
        ("Host: a\r\nHost: a\r\n", 400),
        ("", 400),
        ("Host: a\r\n", 200),
        ("Host: a:8000\r\n", 200),
        ("Host: [::1]:8000\r\n", 200),
        ("Host:\r\n", 200),
    ] {
        for path in ["/hello", "/-/healthy"] {
            let mut connection = Raw::connect(service.client.address);
            let answer = connection
                .send(format!("GET {path} HTTP/1.1\r\n{hosts}\r\n"))
                .answer();
            assert_eq!(answer.status, status, "{hosts:?} {path}");
        }
    }
}

#[test]
fn limits_that_refuse_everything_are_refused() {
    let vars = [
        ("APP_START_TIMEOUT", "0s"),
        ("APP_REQUEST_TIMEOUT", "0s"),
        ("APP_HEAD_TIMEOUT", "2d"),
        ("APP_WRITE_TIMEOUT", "0s"),
        ("APP_MAX_IN_FLIGHT", "0"),
        ("APP_MAX_CONNECTIONS", "0"),
    ];
    let ended = Process::run(&["--check"], &vars);
    assert_eq!(ended.code, Some(78));
    let lines: Vec<_> = ended
        .stderr
        .lines()
        .filter(|line| line.starts_with("  APP_"))
        .collect();
    assert_eq!(
        lines,
        [
            "  APP_START_TIMEOUT    \"0s\" is refused: it must be more than 0s",
            "  APP_REQUEST_TIMEOUT  \"0s\" is refused: it must be more than 0s",
            "  APP_HEAD_TIMEOUT     \"2d\" is refused: it must be a day at most",
            "  APP_WRITE_TIMEOUT    \"0s\" is refused: it must be more than 0s",
            "  APP_MAX_IN_FLIGHT    \"0\" is refused: it must be from 1 to 1000000",
            "  APP_MAX_CONNECTIONS  \"0\" is refused: it must be from 1 to 1000000",
        ]
    );
}

/// Each connection is an open file.
#[test]
fn as_many_files_may_be_open_as_the_system_allows() {
    let vars = [("PORT", "0"), ("LOG_FORMAT", "json")];
    let process = Process::of(&mut with_limit("-Sn 256", "", &vars));
    process.line("listening");
    let limits = fs::read_to_string(format!("/proc/{}/limits", process.pid())).unwrap();
    let mut lines = limits.lines();
    let files = lines
        .find(|line| line.starts_with("Max open files"))
        .unwrap();
    let numbers: Vec<_> = files.split_whitespace().skip(3).take(2).collect();
    assert_eq!(numbers[0], numbers[1], "{files}");
    assert_ne!(numbers[0], "256");
}
