//! Fingerprints of the configuration, and the comparison of instances.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use serde_json::Value;

use crate::process::{Ended, Process};

const KEY: &str = "canary-key-canary-key-canary-key-1";
const OTHER_KEY: &str = "canary-key-canary-key-canary-key-2";
const TOKEN: &str = "canary-token-of-operators";
const URL: &str = "sqlite:/tmp/canary-of-the-url?mode=memory";

/// An instance with a key and secrets.
fn instance(vars: &[(&str, &str)]) -> Process {
    let mut all = vec![
        ("APP_FINGERPRINT_KEY", KEY),
        ("APP_ADMIN_TOKEN", TOKEN),
        ("APP_DB_URL", URL),
    ];
    all.retain(|(name, _)| vars.iter().all(|(other, _)| other != name));
    all.extend(vars);
    Process::start(&all)
}

fn url(process: &Process) -> String {
    format!("http://{}", process.client().address)
}

/// Compares instances with the token of operators.
fn compare(urls: &[&str]) -> Ended {
    let arguments = [&["config", "--compare"], urls].concat();
    Process::run(&arguments, &[("APP_ADMIN_TOKEN", TOKEN)])
}

fn config(process: &Process) -> Value {
    serde_json::from_str(&process.client().get("/-/config").body).unwrap()
}

fn metric(process: &Process) -> Option<String> {
    let metrics = process.client().get("/-/metrics").body;
    let mut lines = metrics.lines();
    let found = lines.find_map(|line| line.strip_prefix("config_info{fingerprint=\""))?;
    Some(found.strip_suffix("\"} 1").unwrap().to_owned())
}

/// Returns every fingerprint that an instance shows.
fn fingerprints(process: &Process) -> BTreeSet<String> {
    let config = config(process);
    let variables = config["variables"].as_array().unwrap();
    let of_secrets = variables.iter().map(|variable| &variable["fingerprint"]);
    let all = of_secrets.chain([&config["fingerprint"]]);
    all.filter_map(|it| it.as_str().map(str::to_owned))
        .collect()
}

#[test]
fn equal_instances_have_the_same_fingerprint_in_the_log_the_metrics_and_the_configuration() {
    let processes = [instance(&[]), instance(&[])];
    let shown = processes.each_ref().map(|process| {
        let fingerprint = config(process)["fingerprint"].clone();
        let logged = process.line("listening")["fingerprint"].clone();
        assert_eq!(logged, fingerprint);
        assert_eq!(metric(process).as_deref(), fingerprint.as_str());
        fingerprint.as_str().unwrap().to_owned()
    });
    assert_eq!(shown[0], shown[1]);
    let [one, other] = processes.each_ref().map(url);
    let ended = compare(&[&one, &other]);
    let said = format!(
        "the 2 instances have the same configuration, fingerprint {}\n",
        shown[0]
    );
    assert_eq!((ended.code, &*ended.stdout), (Some(0), &*said), "{ended:?}");
}

#[test]
fn the_comparison_names_each_variable_that_differs() {
    let processes = [
        instance(&[]),
        instance(&[("APP_KEEP_ALIVE", "60s"), ("APP_WORKERS", "2")]),
        instance(&[("APP_ADMIN_TOKEN", "canary-token-of-strangers")]),
    ];
    let [one, two, three] = processes.each_ref().map(url);
    let ended = compare(&[&one, &two, &format!("{three}/-/config")]);
    let of_token = processes.each_ref().map(|process| {
        let config = config(process);
        let mut variables = config["variables"].as_array().unwrap().iter();
        let token = variables.find(|it| it["name"] == "APP_ADMIN_TOKEN");
        token.unwrap()["fingerprint"].as_str().unwrap().to_owned()
    });
    assert_eq!(of_token[0], of_token[1]);
    assert_ne!(of_token[0], of_token[2]);
    let expected = format!(
        "APP_ADMIN_TOKEN\n  \
         [REDACTED] {} (environment): {one}/, {two}/\n  \
         [REDACTED] {} (environment): {three}/-/config\n\
         APP_WORKERS\n  unset: {one}/, {three}/-/config\n  2 (environment): {two}/\n\
         APP_KEEP_ALIVE\n  75s (default): {one}/, {three}/-/config\n  60s (environment): {two}/\n",
        of_token[0], of_token[2]
    );
    let mut said: Vec<_> = ended.stdout.split("\nAPP_").collect();
    let mut expected: Vec<_> = expected.split("\nAPP_").collect();
    for all in [&mut said, &mut expected] {
        for part in all.iter_mut() {
            *part = part.trim_start_matches("APP_").trim_end();
        }
        all.sort_unstable();
    }
    assert_eq!(said, expected);
    assert_eq!(ended.code, Some(1));
}

/// A small secret could be found by trying all values, if the key were not in the way.
#[test]
fn no_secret_is_shown_and_no_fingerprint_can_be_made_without_the_key() {
    let processes = [
        instance(&[]),
        instance(&[("APP_FINGERPRINT_KEY", OTHER_KEY)]),
        instance(&[("APP_FINGERPRINT_KEY", "")]),
    ];
    let [shown, of_other_key, without_key] = processes.each_ref().map(fingerprints);
    assert_eq!([shown.len(), of_other_key.len()], [4, 4], "{shown:?}");
    assert!(shown.is_disjoint(&of_other_key));
    assert!(without_key.is_empty(), "{without_key:?}");
    assert_eq!(metric(&processes[2]), None);

    let urls = processes.each_ref().map(url);
    let ended = compare(&urls.each_ref().map(|url| &**url));
    let note = "secrets are not compared: set APP_FINGERPRINT_KEY to the same value on all \
                instances\n";
    assert!(ended.stdout.ends_with(note), "{ended:?}");
    assert!(!ended.stdout.contains("APP_ADMIN_TOKEN"), "{ended:?}");
    let mut outputs = vec![ended.stdout, ended.stderr];
    for process in processes {
        let client = process.client();
        outputs.extend(["/-/config", "/-/metrics", "/-/"].map(|path| client.get(path).body));
        process.signal(rustix::process::Signal::TERM);
        let ended = process.wait();
        outputs.extend([ended.stdout, ended.stderr]);
    }
    for output in outputs {
        assert!(!output.contains("canary"), "{output}");
    }
}

#[test]
fn a_reload_changes_the_fingerprint() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    write("fingerprint_key", KEY);
    write("admin_token", TOKEN);
    write("db_url", "sqlite::memory:");
    let vars = [
        ("APP_SECRETS", "dir"),
        ("APP_SECRETS_DIR_PATH", dir.path().to_str().unwrap()),
    ];
    let process = Process::start(&vars);
    let first = metric(&process).unwrap();
    write("admin_token", "another-token-of-operators");
    process.line("new values are in effect");
    let second = metric(&process).unwrap();
    assert_ne!(first, second);
    write("admin_token", TOKEN);
    while metric(&process).unwrap() != first {
        thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn a_short_key_is_a_problem() {
    let ended = Process::run(&["--check"], &[("APP_FINGERPRINT_KEY", "short")]);
    assert_eq!(ended.code, Some(78));
    assert!(ended.stderr.contains("APP_FINGERPRINT_KEY"), "{ended:?}");
    assert!(ended.stderr.contains("32"), "{ended:?}");
}

/// A server with an answer, which passes the heads of its requests on.
fn server(answer: String) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, heads) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
            let _ = sender.send(head.join("\n"));
            let _ = (&stream).write_all(answer.as_bytes());
        }
    });
    (format!("http://{address}"), heads)
}

#[test]
fn the_comparison_sends_the_token_and_says_why_an_instance_has_no_configuration() {
    let instance = instance(&[]);
    let own = url(&instance);
    let ok = "HTTP/1.1 200 OK\r\n\r\n";
    let large = format!("{ok}{}", " ".repeat(5 * 1024 * 1024));
    for (answer, why) in [
        (
            "HTTP/1.1 401 Unauthorized\r\n\r\n",
            "the instance wants the token of operators; set APP_ADMIN_TOKEN_FILE",
        ),
        (
            "HTTP/1.1 404 Not Found\r\n\r\n",
            "there is no /-/config; use the address of APP_ADMIN_LISTEN if it is set",
        ),
        (
            "HTTP/1.1 302 \u{1b}[2J\r\n\r\n",
            "the answer is not 200: \"HTTP/1.1 302 \\u{1b}[2J\"",
        ),
        (
            &format!("{ok}{{\"variables\":[{{}}]}}"),
            "the answer is not the /-/config of this service",
        ),
        (&large, "the answer is not the /-/config of this service"),
    ] {
        let (url, heads) = server(answer.to_owned());
        let ended = compare(&[&own, &url]);
        assert_eq!(ended.code, Some(69), "{ended:?}");
        assert_eq!(ended.stderr, format!("demo-service: {url}/: {why}\n"));
        let head = heads.recv().unwrap();
        assert!(head.starts_with("GET /-/config HTTP/1.0\n"), "{head}");
        assert!(
            head.contains(&format!("\nAuthorization: Bearer {TOKEN}\n")),
            "{head}"
        );
    }
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", closed.local_addr().unwrap());
    let ended = compare(&[&own, &silent, "--timeout", "200ms"]);
    let said = format!("demo-service: {silent}/: there is no answer in time\n");
    assert_eq!((ended.code, &*ended.stderr), (Some(69), &*said));
}

#[test]
fn a_comparison_needs_two_urls() {
    let ended = compare(&["http://127.0.0.1:1"]);
    assert_eq!(ended.code, Some(64));
    let said = "demo-service: config --compare needs two URLs, such as http://10.0.0.1:8000; see \
                --help\n";
    assert_eq!(ended.stderr, said);
}
