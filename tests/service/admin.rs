use std::net::TcpListener;

use rustix::process::Signal;

use crate::client::Client;
use crate::in_process::TestService;
use crate::process::Process;
use crate::raw::Raw;
use crate::spellings::{self, spellings};

const ADMIN: (&str, &str) = ("APP_ADMIN_LISTEN", "127.0.0.1:0");

#[test]
fn operators_paths_are_on_their_own_listener_and_nowhere_else() {
    let service = TestService::start(&[ADMIN, ("APP_CHAOS", "yes")]);
    let operators = service.operators.as_ref().unwrap();
    for path in spellings::operators() {
        assert_ne!(operators.get(path).status, 404, "{path}");
        for path in spellings(path).iter().map(String::as_str).chain([path]) {
            let mut connection = Raw::connect(service.client.address);
            let answer = connection.request("GET", path).answer();
            assert!(
                matches!(answer.status, 404 | 400),
                "{path}: {}",
                answer.status
            );
        }
    }
    assert_eq!(service.client.get("/hello").status, 200);
    assert_eq!(operators.get("/hello").status, 404);
}

#[test]
fn the_operators_listener_answers_until_the_end() {
    let process = Process::start(&[ADMIN, ("APP_DRAIN_DELAY", "2s")]);
    let address = process.line("listening for operators")["address"].to_string();
    let operators = Client::new(address.trim_matches('"').parse().unwrap());
    process.line("ready");
    assert_eq!(operators.get("/-/ready").status, 200);
    process.signal(Signal::TERM);
    process.line("draining: not ready, and still serving");
    assert_eq!(operators.get("/-/ready").status, 503);
    assert_eq!(operators.get("/-/healthy").status, 200);
    let ended = process.wait();
    assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
    let lines = ended.log();
    let at = |message| {
        lines
            .iter()
            .position(|line| line["message"] == message)
            .unwrap()
    };
    assert!(at("closed for operators") < at("drained"));
    assert_eq!(at("drained"), lines.len() - 1);
}

#[test]
fn an_address_that_is_taken_is_71_and_names_the_variable() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = Process::start(&[("APP_ADMIN_LISTEN", &address)]).wait();
    assert_eq!(ended.code, Some(71));
    let message = format!(
        "cannot listen on {address} (see APP_ADMIN_LISTEN): Address already in use (os error 98)"
    );
    assert!(ended.stdout.contains(&message), "{}", ended.stdout);
}
