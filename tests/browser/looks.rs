//! The page in each state.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::chromium::look;
use crate::in_process::TestService;
use crate::process::Process;

/// Asserts that each look at the page finds no fault, and shows every text.
fn assert_good(address: SocketAddr, name: &str, texts: &[&str]) {
    let looks = look(address, name);
    for look in &looks {
        let text = look["text"].as_str().unwrap();
        for part in texts {
            assert!(text.contains(part), "{name}: no {part:?} in {text}");
        }
        assert_eq!(faults(look), json!([0, 0, [], [], [], []]), "{name}");
        // The page, and nothing else.
        assert_eq!(look["requests"], json!([format!("http://{address}/-/")]));
    }
    assert_ne!(
        looks[0]["background"], looks[2]["background"],
        "light and dark"
    );
}

/// Returns everything that must be zero or empty: pixels to scroll sideways, elements that
/// a page without assets has not, messages of the browser, violations of the policy,
/// findings of axe-core, and its doubts.
fn faults(look: &Value) -> Value {
    json!([
        look["scrolls"],
        look["assets"],
        look["messages"],
        look["violations"],
        look["axe"],
        look["unsure"],
    ])
}

#[test]
fn a_starting_instance_reads_well() {
    let process = Process::start(&[
        (
            "APP_DB_URL",
            "postgres://app:pass@127.0.0.1:1/a_database_with_a_long_name_that_is_cut_nowhere",
        ),
        ("APP_START_TIMEOUT", "10m"),
        ("APP_ADMIN_TOKEN", "the-token-of-operators"),
    ]);
    let address = process.starting_client().address;
    assert_good(
        address,
        "starting",
        &["not ready: starting", "not checked yet"],
    );
}

#[test]
fn a_ready_instance_reads_well() {
    let level = "info,demo_service=debug,actix_server=warn,a_module::of_a_library::inside=trace";
    let process = Process::start(&[
        ("APP_ADMIN_TOKEN", "the-token-of-operators"),
        ("APP_LOG_LEVEL", level),
        ("APP_TYPO", "1"),
    ]);
    let client = process.client();
    for _ in 0..50 {
        client.get("/hello");
    }
    let state = "UP; address=127.0.0.1; port=1; name=app/app1; node=balancer-1; weight=1/3; \
                 scur=3/7; qcur=0";
    client.get_with("/-/ready", &[("x-haproxy-server-state", state)]);
    assert_good(
        client.address,
        "ready",
        &["ready\n", level, "APP_TYPO", "balancer-1", "[REDACTED]"],
    );
}

#[test]
fn a_failing_check_reads_well() {
    let service = TestService::start(&[
        ("APP_DB_ACQUIRE_TIMEOUT", "50ms"),
        ("APP_HEARTBEAT_INTERVAL", "100ms"),
        ("APP_READY_CHECKS", "database"),
    ]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let the_only_one = runtime.block_on(service.state.database.acquire()).unwrap();
    while service.client.get("/-/ready").status != 503 {
        thread::sleep(Duration::from_millis(10));
    }
    service.client.get("/visits");
    assert_good(
        service.client.address,
        "failing",
        &["not ready: database", "failed"],
    );
    runtime.block_on(async { drop(the_only_one) });
}

#[test]
fn a_draining_instance_reads_well() {
    let process = Process::start(&[
        ("APP_DRAIN_DELAY", "5m"),
        ("APP_STOP_TIMEOUT", "10m"),
        ("APP_ADMIN_TOKEN", "the-token-of-operators"),
    ]);
    let client = process.client();
    process.signal(Signal::TERM);
    process.line("draining: not ready, and still serving");
    assert_good(
        client.address,
        "draining",
        &["not ready: draining", "600s, from APP_STOP_TIMEOUT"],
    );
}

#[test]
fn hostile_values_are_text_in_a_browser() {
    let process = Process::start(&[
        ("APP_SECRETS", "dir"),
        (
            "APP_SECRETS_DIR_PATH",
            "/tmp/<script>alert(1)</script>\u{202e}\u{2066}\"'&amp;",
        ),
        ("APP_DB_URL", "sqlite::memory:"),
    ]);
    let client = process.client();
    let state = "UP; address=127.0.0.1; port=1; name=<img src=x onerror=alert(1)>/\"><i>; \
                 node=<script>alert(1)</script>; weight=1/3; scur=0/7; qcur=0";
    client.get_with("/-/ready", &[("x-haproxy-server-state", state)]);
    assert_good(
        client.address,
        "hostile",
        &["/tmp/<script>alert(1)</script>\\u{202e}\\u{2066}\"'&amp;"],
    );
}

/// Or the tests above would show nothing.
#[test]
fn a_bad_page_is_noticed() {
    let looks = look(serve_a_bad_page(), "bad");
    for look in &looks {
        assert!(look["scrolls"].as_u64().unwrap() > 0, "{look}");
        assert_eq!(look["assets"], 2, "{look}");
        let requests = look["requests"].to_string();
        assert!(requests.contains("/picture.png"), "{requests}");
        let violations = look["violations"].to_string();
        assert!(violations.contains("script-src"), "{violations}");
        let messages = look["messages"].to_string();
        assert!(messages.contains("Content Security Policy"), "{messages}");
        let axe = look["axe"].to_string();
        for rule in ["color-contrast", "image-alt", "html-has-lang"] {
            assert!(axe.contains(rule), "{rule}: {axe}");
        }
    }
}

/// Serves a page with a fault of each kind.
fn serve_a_bad_page() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let page = "<!DOCTYPE html><title>bad</title><body><script>alert(1)</script>\
                <img src=/picture.png><p style='color:#bbb;width:3000px'>pale</p>";
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let lines = BufReader::new(&stream).lines();
                lines.map_while(Result::ok).find(String::is_empty);
                let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n\
                            Content-Security-Policy: script-src 'none'\r\n\r\n";
                let _ = write!(&stream, "{head}{page}");
            });
        }
    });
    address
}
