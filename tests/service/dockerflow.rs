//! What <https://github.com/mozilla-services/Dockerflow> requires of an
//! application, item by item. The eighth is to serve its own static content: it
//! has none. What is required of the image is tested where images are.

use std::fs;
use std::net::TcpListener;

use demo_service::config::AppConfig;
use environ::EnvConfig;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::client::Client;
use crate::in_process::TestService;
use crate::process::{PROGRAM, Process, SCRIPT, command};

#[test]
fn dockerflow_1_it_is_configured_by_the_environment() {
    let process = Process::start(&[("LOG_LEVEL", "debug"), ("APP_DRAIN_DELAY", "0s")]);
    process.client().get("/-/ready");
    assert_eq!(process.line("request")["level"], "DEBUG");
}

#[test]
fn dockerflow_2_it_listens_on_port() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let process = Process::start(&[("PORT", &address.port().to_string())]);
    process.line("listening");
    assert_eq!(Client::new(address).get("/hello").body, "Hello World!");
}

/// Three: there is `version.json` beside the program, which is in `/app`. Four:
/// it is what `/__version__` answers.
#[test]
fn dockerflow_3_and_4_it_answers_with_the_version_json_of_its_image() {
    let written = json!({
        "source": "https://example.com/demo-service",
        "version": "v1.2.3",
        "commit": "4e1f9ae1",
        "build": "https://ci.example.com/builds/7",
    });
    let app = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    fs::hard_link(PROGRAM, app.path().join("demo-service")).unwrap();
    fs::copy(SCRIPT, app.path().join("run-app.sh")).unwrap();
    fs::write(app.path().join("version.json"), written.to_string()).unwrap();
    let vars = [("PORT", "0"), ("LOG_FORMAT", "json")];
    let process = Process::of(&mut command(&app.path().join("run-app.sh"), &[], &vars));
    let answer = process.client().get("/__version__");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        serde_json::from_str::<Value>(&answer.body).unwrap(),
        written
    );
}

#[test]
fn dockerflow_6_lbheartbeat_is_200() {
    let service = TestService::start(&[]);
    for method in ["GET", "HEAD"] {
        assert_eq!(service.client.send(method, "/__lbheartbeat__").status, 200);
    }
}

#[test]
fn dockerflow_7_it_logs_to_stdout() {
    let process = Process::start(&[("APP_DRAIN_DELAY", "0s")]);
    process.client().get("/hello");
    process.signal(Signal::TERM);
    let ended = process.wait();
    assert!(ended.stdout.lines().count() >= 3, "{}", ended.stdout);
    assert_eq!(ended.stderr, "");
}

#[test]
fn dockerflow_recommends_one_process() {
    let process = Process::start(&[]);
    process.client().get("/hello");
    let children = format!("/proc/{0}/task/{0}/children", process.pid());
    assert_eq!(fs::read_to_string(children).unwrap(), "");
}

#[test]
fn dockerflow_recommends_port_8000() {
    let no_vars: [(&str, &str); 0] = [];
    let config = AppConfig::from_source(no_vars).unwrap();
    assert_eq!(config.listen().port(), 8000);
}
