//! The cost of the page, in a release build:
//! `cargo test --release -p tests --features components --test browser speed -- --nocapture`.

use crate::client::Client;
use crate::process::Process;

const PAGES: u32 = 2_000;

/// Returns the seconds of processor time that the process has used.
fn processor_seconds(client: &Client) -> f64 {
    let metrics = client.get("/-/metrics").body;
    let mut lines = metrics.lines();
    let seconds = lines.find_map(|line| line.strip_prefix("process_cpu_seconds_total "));
    seconds.unwrap().parse().unwrap()
}

#[test]
fn a_page_takes_less_than_a_millisecond_of_a_worker() {
    let process = Process::start(&[("APP_WORKERS", "1"), ("APP_LOG_LEVEL", "warn")]);
    let client = process.client();
    let before = processor_seconds(&client);
    let mut bytes = 0;
    for _ in 0..PAGES {
        bytes = client.get("/-/").body.len();
    }
    let used = processor_seconds(&client) - before;
    let millis = used * 1_000.0 / f64::from(PAGES);
    println!("{millis:.3} ms of processor time a page, of {bytes} bytes, connection included");
    assert!(millis < 1.0, "{millis} ms");
    assert!(bytes < 60 * 1024, "{bytes} bytes");
}
