//! What the kernel knows of the process, under the names that every client of
//! Prometheus gives it. What cannot be read is left out.

use std::fs;

use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// What `times` of the kernel count in, on every architecture of today.
const TICKS: f64 = 100.0;

pub(super) fn register(registry: &mut Registry) {
    if let Some(times) = times() {
        registry.register(
            "process_cpu_seconds",
            "Processor time, of the user and of the system",
            ConstCounter::new(times.cpu),
        );
        registry.register(
            "process_start_time_seconds",
            "When the process started, since the epoch",
            ConstGauge::new(times.start),
        );
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let gauges = [
        (
            "process_resident_memory_bytes",
            "Memory in use",
            field(&status, "VmRSS:").map(|kib| kib * 1024),
        ),
        (
            "process_virtual_memory_bytes",
            "Addresses in use",
            field(&status, "VmSize:").map(|kib| kib * 1024),
        ),
        ("process_threads", "Threads", field(&status, "Threads:")),
        (
            "process_open_fds",
            "Files, sockets and others that are open",
            open_fds(),
        ),
        ("process_max_fds", "How many may be open", max_fds()),
    ];
    for (name, help, value) in gauges {
        if let Some(value) = value {
            registry.register(name, help, ConstGauge::new(value));
        }
    }
}

struct Times {
    cpu: f64,
    start: f64,
}

/// Of `/proc/self/stat`, see `proc(5)`: the name of the process, in parentheses,
/// may hold anything, so the rest is counted from its end.
fn times() -> Option<Times> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let ticks = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
    let boot = fs::read_to_string("/proc/stat").ok()?;
    let boot = boot.lines().find_map(|line| line.strip_prefix("btime "))?;
    Some(Times {
        cpu: (ticks(14)? + ticks(15)?) / TICKS,
        start: boot.parse::<f64>().ok()? + ticks(22)? / TICKS,
    })
}

/// The first number of the line that begins with `name`.
fn field(text: &str, name: &str) -> Option<i64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_ascii_whitespace().next()?.parse().ok()
}

/// Without the one that is open to count them.
fn open_fds() -> Option<i64> {
    let count = fs::read_dir("/proc/self/fd").ok()?.count();
    i64::try_from(count).ok().map(|count| count - 1)
}

fn max_fds() -> Option<i64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    field(&limits, "Max open files")
}
