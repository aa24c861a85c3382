//! `/-/metrics`: the measurements.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::client::{Answer, Client};
use crate::in_process::TestService;
use crate::lines::Unread;
use crate::process::Process;
use crate::raw::Raw;

/// The samples, by their names and labels.
fn samples(client: &Client) -> BTreeMap<String, f64> {
    parsed(client)
}

/// Those of them that are whole numbers.
pub(crate) fn counts(client: &Client) -> BTreeMap<String, i64> {
    parsed(client)
}

fn parsed<T: FromStr>(client: &Client) -> BTreeMap<String, T> {
    let text = client.get("/-/metrics").body;
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let samples = samples.filter_map(|line| {
        let (name, value) = line.rsplit_once(' ').unwrap();
        Some((name.to_owned(), value.parse().ok()?))
    });
    samples.collect()
}

fn accept(client: &Client, accept: &str) -> Answer {
    let head = format!("GET /-/metrics HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n");
    Raw::connect(client.address).send(head).answer()
}

#[test]
fn requests_are_measured_by_route_never_by_path() {
    let service = TestService::start(&[("APP_CHAOS", "yes")]);
    let client = &service.client;
    client.get("/hello?a=1");
    client.get("/hello?a=2");
    client.send("HEAD", "/hello");
    client.send("POST", "/hello");
    client.get("/-/chaos/delay/7");
    for scan in 0..20 {
        client.get(&format!("/scan/{scan}"));
    }
    client.get("/%2D/ready");
    let mut connection = Raw::connect(client.address);
    for method in ["BREW", "M1", "M2"] {
        connection.request(method, "/hello").answer();
    }
    let counts: Vec<String> = samples(client)
        .into_iter()
        .filter_map(|(name, count)| {
            let labels = name.strip_prefix("http_request_duration_seconds_count")?;
            Some(format!("{labels} {count}"))
        })
        .collect();
    assert_eq!(
        counts,
        [
            r#"{method="GET",route="/-/chaos/delay/{millis}",status="200"} 1"#,
            r#"{method="GET",route="/hello",status="200"} 2"#,
            r#"{method="GET",route="unmatched",status="404"} 21"#,
            r#"{method="HEAD",route="/hello",status="200"} 1"#,
            r#"{method="POST",route="/hello",status="405"} 1"#,
            r#"{method="other",route="/hello",status="405"} 3"#,
        ]
    );
}

#[test]
fn a_duration_falls_into_its_bucket() {
    let service = TestService::start(&[("APP_CHAOS", "yes")]);
    service.client.get("/-/chaos/delay/300");
    let samples = samples(&service.client);
    let labels = r#"method="GET",route="/-/chaos/delay/{millis}",status="200""#;
    let bucket =
        |le| samples[&format!("http_request_duration_seconds_bucket{{le=\"{le}\",{labels}}}")];
    assert_eq!(
        (bucket("0.25"), bucket("10.0"), bucket("+Inf")),
        (0.0, 1.0, 1.0)
    );
    let sum = samples[&format!("http_request_duration_seconds_sum{{{labels}}}")];
    assert!((0.3..20.0).contains(&sum), "{sum}");
}

#[test]
fn the_state_of_the_service_is_measured() {
    let service = TestService::start(&[("APP_CHAOS", "yes"), ("LOG_LEVEL", "warn")]);
    let client = &service.client;
    assert_eq!(client.get("/-/chaos/panic").status, 500);
    let samples = samples(client);
    let version = env!("CARGO_PKG_VERSION");
    for (name, value) in [
        (
            &*format!("build_info{{version=\"{version}\",revision=\"\"}}"),
            1.0,
        ),
        ("http_requests_in_flight", 1.0),
        ("demo_service_ready", 1.0),
        ("demo_service_phase{phase=\"starting\"}", 0.0),
        ("demo_service_phase{phase=\"ready\"}", 1.0),
        ("demo_service_phase{phase=\"draining\"}", 0.0),
        ("demo_service_log_level{level=\"warn\"}", 1.0),
        ("demo_service_log_level{level=\"info\"}", 0.0),
        ("demo_service_log_lines_dropped_total", 0.0),
        ("demo_service_panics_total", 1.0),
        ("demo_service_database_max_connections", 1.0),
        ("demo_service_database_rotations_total{outcome=\"ok\"}", 0.0),
        (
            "demo_service_database_rotations_total{outcome=\"failed\"}",
            0.0,
        ),
    ] {
        assert_eq!(samples.get(name), Some(&value), "{name}: {samples:#?}");
    }
}

#[test]
fn the_process_is_measured() {
    let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let process = Process::start(&[]);
    let client = process.client();
    let samples = || samples(&client);
    let again = samples()["process_start_time_seconds"];
    let samples = samples();
    // To the bit, or it would look like a restart.
    assert_eq!(
        again.to_bits(),
        samples["process_start_time_seconds"].to_bits()
    );
    let started = samples["process_start_time_seconds"] - before.as_secs_f64();
    assert!((-0.1..30.0).contains(&started), "{started}");
    assert!((0.0..30.0).contains(&samples["process_cpu_seconds_total"]));
    let resident = samples["process_resident_memory_bytes"];
    assert!((1e6..1e9).contains(&resident), "{resident}");
    assert!(samples["process_virtual_memory_bytes"] > resident);
    let open = samples["process_open_fds"];
    assert!(open > 5.0 && open < samples["process_max_fds"], "{open}");
    assert!(samples["process_threads"] >= 3.0);
}

#[test]
fn the_format_is_what_the_client_prefers() {
    let service = TestService::start(&[]);
    let classic = "text/plain; version=0.0.4; charset=utf-8";
    let open_metrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    for (accepted, media) in [
        ("*/*", classic),
        ("text/plain", classic),
        ("application/openmetrics-text", open_metrics),
        (
            "application/openmetrics-text; version=1.0.0;q=0.75, text/plain;version=0.0.4;q=0.5",
            open_metrics,
        ),
        (
            "application/openmetrics-text;q=0.2,text/plain;q=0.5",
            classic,
        ),
        ("application/openmetrics-text;q=0", classic),
    ] {
        let answer = accept(&service.client, accepted);
        assert_eq!(answer.header("content-type"), Some(media), "{accepted}");
        assert_eq!(answer.body.ends_with("# EOF\n"), media == open_metrics);
    }
    let answer = service.client.get("/-/metrics");
    assert_eq!(answer.header("content-type"), Some(classic));
    assert_eq!(answer.header("vary"), Some("accept"));
    // Several lines are one list.
    let answer = accept(
        &service.client,
        "text/plain;q=0.5\r\nAccept: application/openmetrics-text",
    );
    assert_eq!(answer.header("content-type"), Some(open_metrics));
}

/// Prometheus text names a counter like its samples; `OpenMetrics` omits `_total` in the name.
#[test]
fn both_formats_describe_their_samples() {
    let service = TestService::start(&[]);
    let classic = accept(&service.client, "text/plain").body;
    assert!(classic.contains(
        "# HELP demo_service_panics_total Panics of handlers of requests, and of the driver of the database.\n# TYPE demo_service_panics_total counter\ndemo_service_panics_total 0\n"
    ));
    let open_metrics = accept(&service.client, "application/openmetrics-text").body;
    assert!(open_metrics.contains(
        "# HELP demo_service_panics Panics of handlers of requests, and of the driver of the database.\n# TYPE demo_service_panics counter\ndemo_service_panics_total 0\n"
    ));
}

/// With four clients, and a reader that comes late.
#[test]
fn lines_written_and_lines_dropped_are_all_requests() {
    let mut service = Unread::start(&[("APP_WORKERS", "2")]);
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let client = Client::new(service.client.address);
            thread::spawn(move || {
                let path = format!("/{}", "x".repeat(1 << 10));
                for _ in 0..1_200 {
                    assert_eq!(client.get(&path).status, 404);
                }
            })
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
    let samples = samples(&service.client);
    let dropped = samples["demo_service_log_lines_dropped_total"];
    let served = samples[r#"http_request_duration_seconds_count{method="GET",route="unmatched",status="404"}"#];
    assert_eq!(served.to_string(), "4800");
    assert!(dropped > 100.0, "{dropped}");

    let mut logged = 0.0;
    let told = loop {
        let line = service.line();
        if line["path"]
            .as_str()
            .is_some_and(|path| path.starts_with("/x"))
        {
            logged += 1.0;
        } else if line["message"] == "log lines were dropped: the reader of stdout is too slow" {
            break line["dropped"].as_f64().unwrap();
        }
    };
    assert_eq!((logged + dropped).to_string(), served.to_string());
    assert!(told >= dropped, "{told}");
}

/// A name without a prefix is taken for that of a standard: `http_*`, `process_*` and
/// `build_info`.
#[test]
fn names_have_the_prefix_of_the_service_or_are_standard() {
    let service = TestService::start(&[]);
    service.client.get("/hello");
    let text = service.client.get("/-/metrics").body;
    let mut described = 0;
    for line in text.lines().filter_map(|line| line.strip_prefix("# HELP ")) {
        let (name, help) = line.split_once(' ').unwrap();
        let prefixes = ["demo_service_", "http_", "process_"];
        let is_standard = prefixes.iter().any(|prefix| name.starts_with(prefix));
        assert!(is_standard || name == "build_info", "{name}");
        assert!(help.split(' ').count() >= 3, "{line}");
        described += 1;
    }
    assert!(described > 15, "{text}");
}

#[test]
fn the_checks_of_the_heartbeat_are_measured() {
    let service = TestService::start(&[("APP_HEARTBEAT_INTERVAL", "100ms")]);
    let up = "demo_service_check_up{check=\"database\"}";
    let at = "demo_service_check_timestamp_seconds{check=\"database\"}";
    let samples = loop {
        let samples = samples(&service.client);
        if samples.contains_key(up) {
            break samples;
        }
        thread::sleep(std::time::Duration::from_millis(10));
    };
    assert!((samples[up] - 1.0).abs() < f64::EPSILON, "{samples:?}");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    assert!((samples[at] - now.as_secs_f64()).abs() < 5.0, "{samples:?}");
    assert!(
        samples["demo_service_accept_errors_total"].abs() < f64::EPSILON,
        "{samples:?}"
    );
}

/// A client needs a file, and there is none left.
#[test]
fn connections_that_cannot_be_accepted_are_counted() {
    let process = Process::start(&[
        ("APP_WORKERS", "1"),
        ("APP_ADMIN_LISTEN", "127.0.0.1:0"),
        (
            "LOG_LEVEL",
            "off,demo_service::server=info,demo_service::admin=info",
        ),
    ]);
    process.line("ready");
    let operators = process.line("listening for operators")["address"].clone();
    let operators = Client::new(operators.as_str().unwrap().parse().unwrap());
    let open = counts(&operators)["process_open_fds"];
    let limit = format!("--nofile={open}:{open}");
    let pid = process.pid().to_string();
    let prlimit = std::process::Command::new("prlimit")
        .args(["--pid", &pid, &limit])
        .status();
    assert!(prlimit.unwrap().success());
    let address = process.starting_client().address;
    let _clients: Vec<_> = (0..4).map(|_| Raw::connect(address)).collect();
    let name = "demo_service_accept_errors_total";
    let start = std::time::Instant::now();
    while counts(&operators)[name] == 0 {
        assert!(start.elapsed().as_secs() < 20, "no error is counted");
        thread::sleep(std::time::Duration::from_millis(50));
    }
}
