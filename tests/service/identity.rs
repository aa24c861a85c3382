use rustix::process::Signal;
use serde_json::Value;

use crate::client::Answer;
use crate::process::Process;
use crate::raw::Raw;

/// Sends each of these headers. Returns the answers and the log.
fn ask(vars: &[(&str, &str)], headers: &[&str]) -> Vec<(Answer, Value)> {
    let mut all = vec![("APP_DRAIN_DELAY", "0s")];
    all.extend(vars);
    let process = Process::start(&all);
    let mut connection = Raw::connect(process.client().address);
    let answers: Vec<_> = headers
        .iter()
        .map(|headers| {
            let request = format!("GET /nope HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
            connection.send(request).answer()
        })
        .collect();
    process.signal(Signal::TERM);
    let requests = process.wait().requests();
    let asked: Vec<_> = answers.into_iter().zip(requests).collect();
    assert_eq!(asked.len(), headers.len());
    asked
}

/// The id that an answer has in its header, once it is the one in its body and
/// in the log.
fn request_id(answer: &Answer, logged: &Value) -> String {
    let id = answer.header("x-request-id").unwrap();
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        (&problem["request_id"], &logged["request_id"]),
        (&id.into(), &id.into())
    );
    id.to_owned()
}

#[test]
fn a_request_has_one_id_in_its_answer_its_problem_and_the_log() {
    let asked = ask(&[], &["", ""]);
    let ids: Vec<_> = asked
        .iter()
        .map(|(answer, logged)| request_id(answer, logged))
        .collect();
    for id in &ids {
        let groups: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12], "{id}");
        assert_eq!(id.as_bytes()[14], b'7', "the version of {id}");
    }
    assert!(ids[0] < ids[1], "they are in order: {ids:?}");
}

#[test]
fn a_trusted_proxy_gives_the_id() {
    let longest = "x".repeat(128);
    let ids = [
        "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a",
        "7F000001:8296_7F00001E:1F90_4F7B0A69_0003:790",
        "Root=1-67891233-abcdef012345678912345678",
        &*longest,
    ];
    let headers = ids.map(|id| format!("X-Request-ID: {id}\r\n"));
    let asked = ask(&[], &headers.each_ref().map(String::as_str));
    for ((answer, logged), id) in asked.iter().zip(ids) {
        assert_eq!(request_id(answer, logged), id);
    }
}

/// A proxy that keeps the header of a stranger puts its own behind it.
#[test]
fn of_two_ids_the_last_is_the_proxys() {
    let asked = ask(&[], &["X-Request-ID: stranger\r\nX-Request-ID: proxy\r\n"]);
    assert_eq!(request_id(&asked[0].0, &asked[0].1), "proxy");
}

#[test]
fn an_id_that_is_not_well_formed_is_replaced() {
    let too_long = format!("X-Request-ID: {}\r\n", "x".repeat(129));
    let headers = [
        "X-Request-ID:\r\n",
        "X-Request-ID: a b\r\n",
        "X-Request-ID: a\"b\r\n",
        "X-Request-ID: a,b\r\n",
        "X-Request-ID: <script>\r\n",
        "X-Request-ID: ${jndi:ldap}\r\n",
        "X-Request-ID: \u{e9}\r\n",
        "X-Request-ID: a\tb\r\n",
        &*too_long,
    ];
    for ((answer, logged), header) in ask(&[], &headers).iter().zip(headers) {
        assert_eq!(request_id(answer, logged).len(), 36, "{header:?}");
    }
}

#[test]
fn a_stranger_gives_neither_id_nor_address() {
    let headers = ["X-Request-ID: mine\r\nX-Forwarded-For: 192.0.2.1\r\n"];
    for nobody in ["", "10.0.0.0/8", "192.0.2.1, ::1"] {
        let asked = ask(&[("APP_TRUSTED_PROXIES", nobody)], &headers);
        let (answer, logged) = &asked[0];
        assert_eq!(request_id(answer, logged).len(), 36);
        assert_eq!(logged["client"], "127.0.0.1");
    }
}

#[test]
fn the_client_is_what_the_last_trusted_proxy_saw() {
    let cases = [
        ("", "127.0.0.1"),
        ("X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1"),
        ("x-forwarded-for:192.0.2.1\r\n", "192.0.2.1"),
        ("X-Forwarded-For: 192.0.2.66, 192.0.2.1\r\n", "192.0.2.1"),
        (
            "X-Forwarded-For: 192.0.2.66, 192.0.2.1, 10.1.2.3\r\n",
            "192.0.2.1",
        ),
        (
            "X-Forwarded-For: 192.0.2.1,10.1.2.3 , 127.0.0.1\r\n",
            "192.0.2.1",
        ),
        (
            "X-Forwarded-For: 192.0.2.66\r\nX-Forwarded-For: 192.0.2.1\r\n",
            "192.0.2.1",
        ),
        (
            "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 10.1.2.3\r\n",
            "192.0.2.1",
        ),
        ("X-Forwarded-For: 10.1.2.4, 10.1.2.3\r\n", "10.1.2.4"),
        ("X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1"),
        ("X-Forwarded-For: [2001:db8::1]\r\n", "2001:db8::1"),
        ("X-Forwarded-For: [2001:db8::1]:4711\r\n", "2001:db8::1"),
        ("X-Forwarded-For: 192.0.2.1:4711\r\n", "192.0.2.1"),
        ("X-Forwarded-For: ::ffff:192.0.2.1\r\n", "192.0.2.1"),
        (
            "X-Forwarded-For: 192.0.2.66, ::ffff:10.1.2.3\r\n",
            "192.0.2.66",
        ),
        ("X-Forwarded-For: 192.0.2.66, unknown\r\n", "127.0.0.1"),
        (
            "X-Forwarded-For: 192.0.2.66, unknown, 10.1.2.3\r\n",
            "10.1.2.3",
        ),
        ("X-Forwarded-For: \r\n", "127.0.0.1"),
        ("X-Forwarded-For: 192.0.2.66,\r\n", "127.0.0.1"),
        ("X-Forwarded-For: 192.0.2.999\r\n", "127.0.0.1"),
        ("X-Forwarded-For: \u{e9}\r\n", "127.0.0.1"),
        (
            "Forwarded: for=192.0.2.66\r\nX-Real-IP: 192.0.2.66\r\n",
            "127.0.0.1",
        ),
    ];
    let trusted = [("APP_TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8")];
    let headers = cases.map(|(header, _)| header);
    for ((_, logged), (header, client)) in ask(&trusted, &headers).iter().zip(cases) {
        assert_eq!(logged["client"], client, "{header:?}");
    }
}

#[test]
fn the_trace_is_logged_where_traceparent_is_well_formed() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    let good = [
        format!("00-{TRACE}-00f067aa0ba902b7-01"),
        format!("00-{TRACE}-00f067aa0ba902b7-00"),
        format!("00-{TRACE}-00f067aa0ba902b7-ff"),
        format!("01-{TRACE}-00f067aa0ba902b7-01"),
        format!("cc-{TRACE}-00f067aa0ba902b7-01-what-the-future-will-be-like"),
    ];
    let bad = [
        String::new(),
        format!("00-{TRACE}-00f067aa0ba902b7"),
        format!("00-{TRACE}-00f067aa0ba902b7-1"),
        format!("00-{TRACE}-00f067aa0ba902b7-01-"),
        format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
        format!("00-{TRACE}-00f067aa0ba902b7-01.more"),
        format!("01-{TRACE}-00f067aa0ba902b7-01.more"),
        format!("ff-{TRACE}-00f067aa0ba902b7-01"),
        format!("0-{TRACE}-00f067aa0ba902b7-01"),
        format!("000-{TRACE}-00f067aa0ba902b7-1"),
        format!(".0-{TRACE}-00f067aa0ba902b7-01"),
        format!("00-{TRACE}-00f067aa0ba902b7-0."),
        format!("00-{TRACE}-00f067aa0ba902b7-0A"),
        format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
        format!("00-{TRACE}-00F067AA0BA902B7-01"),
        format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
        format!("00-{TRACE}-0000000000000000-01"),
        format!("00-{}-00f067aa0ba902b7-01", &TRACE[1..]),
        format!("00-+{}-00f067aa0ba902b7-01", &TRACE[1..]),
        format!("00_{TRACE}_00f067aa0ba902b7_01"),
        format!("00-{TRACE}-00f067aa0ba902b7-01\r\ntraceparent: 00-{TRACE}-00f067aa0ba902b7-01"),
    ];
    let all: Vec<_> = good.iter().chain(&bad).collect();
    let headers: Vec<_> = all
        .iter()
        .map(|parent| format!("traceparent: {parent}\r\n"))
        .collect();
    let headers: Vec<_> = headers.iter().map(String::as_str).collect();
    let asked = ask(&[], &headers);
    for (index, ((_, logged), header)) in asked.iter().zip(headers).enumerate() {
        if index < good.len() {
            assert_eq!(logged["trace_id"], TRACE, "{header:?}");
        } else {
            assert_eq!(logged["trace_id"], Value::Null, "{header:?}");
        }
    }
}

/// The peer is IPv4, by whichever family the service listens.
#[test]
fn a_network_of_ipv4_in_the_spelling_of_ipv6_is_trusted() {
    for (trusted, client) in [
        ("::ffff:127.0.0.1", "192.0.2.1"),
        ("::ffff:127.0.0.0/104", "192.0.2.1"),
        ("::ffff:0:0/96", "192.0.2.1"),
        ("::ffff:10.0.0.0/104", "127.0.0.1"),
    ] {
        let headers = ["X-Forwarded-For: 192.0.2.1\r\n"];
        let asked = ask(&[("APP_TRUSTED_PROXIES", trusted)], &headers);
        assert_eq!(asked[0].1["client"], client, "{trusted}");
    }
}

#[test]
fn a_user_agent_of_any_bytes_is_logged() {
    let headers = ["User-Agent: Mozilla caf\u{e9}\r\n"];
    let asked = ask(&[], &headers);
    assert_eq!(asked[0].1["agent"], "Mozilla caf\u{e9}");
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s")]);
    let request = b"GET /hello HTTP/1.1\r\nHost: x\r\nUser-Agent: caf\xe9\r\n\r\n";
    let mut connection = Raw::connect(process.client().address);
    assert_eq!(connection.send(request).answer().status, 200);
    process.signal(Signal::TERM);
    let requests = process.wait().requests();
    assert_eq!(requests[0]["agent"], "caf\u{fffd}");
}

#[test]
fn a_proxy_that_is_no_network_is_refused() {
    let ended = Process::run(
        &["--check"],
        &[("APP_TRUSTED_PROXIES", "10.0.0.0/8, loadbalancer")],
    );
    assert_eq!(ended.code, Some(78));
    let line = ended.stderr.lines().nth(1).unwrap();
    assert_eq!(
        line,
        "  APP_TRUSTED_PROXIES  \"10.0.0.0/8, loadbalancer\": element 2, \"loadbalancer\", is not a \
         network, like 10.0.0.0/8 or an IP address: the address has a mistake"
    );
}

/// A proxy that the configuration does not name would go unnoticed.
#[test]
fn a_proxy_that_is_not_trusted_is_one_warning() {
    let start =
        |proxies| Process::start(&[("APP_TRUSTED_PROXIES", proxies), ("APP_DRAIN_DELAY", "0s")]);
    let warnings = |process: Process| {
        let client = process.client();
        for number in 0..3 {
            let client_address = format!("192.0.2.{number}");
            client.get_with("/hello", &[("X-Forwarded-For", &client_address)]);
        }
        process.signal(Signal::TERM);
        let mut log = process.wait().log();
        log.retain(|line| {
            let message = line["message"].as_str().unwrap();
            message.contains("APP_TRUSTED_PROXIES")
        });
        log
    };
    let warned = warnings(start("10.0.0.0/8"));
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert_eq!(warned[0]["level"], "WARN");
    assert_eq!(warned[0]["header"], "x-forwarded-for");
    assert_eq!(warned[0]["peer"], "127.0.0.1");
    assert_eq!(warnings(start("127.0.0.1")).len(), 0);
}
