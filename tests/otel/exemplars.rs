//! The trace of an example request in each bucket of the histogram.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Client;
use crate::collector::{Answer, Collector};
use crate::process::Process;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// Returns a service that served a request of the trace.
fn served(collector: &Collector, flags: &str) -> (Process, Client) {
    let process = Process::start(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.endpoint())]);
    let client = process.client();
    let traceparent = format!("00-{TRACE}-b7ad6b7169203331-{flags}");
    client.get_with("/hello", &[("traceparent", &traceparent)]);
    (process, client)
}

#[test]
fn a_bucket_names_the_trace_of_a_recorded_request() {
    let collector = Collector::start(Answer::Status(200));
    for (flags, is_there) in [("01", true), ("00", false)] {
        let (_process, client) = served(&collector, flags);
        let open_metrics = [("accept", "application/openmetrics-text")];
        let metrics = client.get_with("/-/metrics", &open_metrics).body;
        let examples = metrics
            .matches(&format!(" # {{trace_id=\"{TRACE}\"}} "))
            .count();
        assert_eq!(examples, usize::from(is_there), "{metrics}");
        let classic = client.get("/-/metrics").body;
        assert!(!classic.contains("trace_id"), "{classic}");
        assert!(classic.contains("http_request_duration_seconds_bucket"));
    }
}

struct Prometheus(Child);

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[test]
fn prometheus_scrapes_the_trace() {
    let collector = Collector::start(Answer::Status(200));
    let (_process, client) = served(&collector, "01");
    let dir = tempfile::tempdir().unwrap();
    let config = format!(
        "global: {{scrape_interval: 1s}}\n\
         scrape_configs:\n\
         - job_name: demo\n  metrics_path: /-/metrics\n  static_configs: [{{targets: ['{}']}}]\n",
        client.address
    );
    let file = dir.path().join("prometheus.yml");
    fs::write(&file, config).unwrap();
    let address = free_address();
    let child = Command::new("prometheus")
        .arg("--enable-feature=exemplar-storage")
        .arg(format!("--config.file={}", file.display()))
        .arg(format!(
            "--storage.tsdb.path={}",
            dir.path().join("data").display()
        ))
        .arg(format!("--web.listen-address={address}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let _prometheus = Prometheus(child.unwrap());
    let prometheus = Client::new(address);
    let path = "/api/v1/query_exemplars?query=http_request_duration_seconds_bucket\
                &start=1&end=9999999999";
    let begun = Instant::now();
    loop {
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "no example in time"
        );
        thread::sleep(Duration::from_millis(200));
        let Ok(answer) = prometheus.try_send("GET", path) else {
            continue;
        };
        let found: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let example = &found["data"][0]["exemplars"][0]["labels"]["trace_id"];
        if !example.is_null() {
            assert_eq!(example, TRACE);
            return;
        }
    }
}
