//! Metrics of the process from the kernel, under the names that every client of
//! Prometheus uses. A metric that cannot be read is absent.
//!
//! Only `/proc/self` is read, because `ProcSubset=pid` of systemd hides the rest.

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use rustix::time::{ClockId, clock_gettime};

/// The unit of times in `/proc/self/stat` on every Linux architecture.
const TICKS_PER_SECOND: f64 = 100.0;

/// Adds the start time. It is computed once: computed from two clocks at each scrape, it
/// would vary, as if the process had restarted.
pub(super) fn register_start(registry: &mut Registry) {
    if let Some(start) = start() {
        registry.register(
            "process_start_time_seconds",
            "Time at which the process started, in seconds since the epoch",
            ConstGauge::new(start),
        );
    }
}

/// Adds the metrics that change.
pub(crate) fn register(registry: &mut Registry) {
    if let Some(cpu) = Times::read().and_then(|times| times.cpu()) {
        registry.register(
            "process_cpu_seconds",
            "User and system processor time of the process, in seconds",
            ConstCounter::new(cpu),
        );
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let gauges = [
        (
            "process_resident_memory_bytes",
            "Resident memory of the process, in bytes",
            field(&status, "VmRSS:").map(|kib| kib * 1024),
        ),
        (
            "process_virtual_memory_bytes",
            "Virtual memory of the process, in bytes",
            field(&status, "VmSize:").map(|kib| kib * 1024),
        ),
        (
            "process_threads",
            "Threads of the process",
            field(&status, "Threads:"),
        ),
        (
            "process_open_fds",
            "Open files and sockets of the process",
            open_fds(),
        ),
        (
            "process_max_fds",
            "Open files and sockets that the process may have at most",
            max_fds(),
        ),
    ];
    for (name, help, value) in gauges {
        if let Some(value) = value {
            registry.register(name, help, ConstGauge::new(value));
        }
    }
}

/// The fields of `/proc/self/stat`, see `proc(5)`, after the name of the process.
struct Times(String);

impl Times {
    /// The name, in parentheses, may hold anything, so the rest is counted from its
    /// end.
    fn read() -> Option<Self> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        let (_, rest) = stat.rsplit_once(')')?;
        Some(Self(rest.to_owned()))
    }

    fn seconds(&self, number: usize) -> Option<f64> {
        let ticks = self.0.split_ascii_whitespace().nth(number - 3)?;
        Some(ticks.parse::<f64>().ok()? / TICKS_PER_SECOND)
    }

    fn cpu(&self) -> Option<f64> {
        Some(self.seconds(14)? + self.seconds(15)?)
    }

    /// Since the system was booted.
    fn start(&self) -> Option<f64> {
        self.seconds(22)
    }
}

fn start() -> Option<f64> {
    let start = Times::read()?.start()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let up = Duration::try_from(clock_gettime(ClockId::Boottime)).ok()?;
    Some(now.as_secs_f64() - (up.as_secs_f64() - start))
}

/// The first number of the line that begins with `name`.
fn field(text: &str, name: &str) -> Option<i64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_ascii_whitespace().next()?.parse().ok()
}

/// Does not count the descriptor that is open for counting.
fn open_fds() -> Option<i64> {
    let count = fs::read_dir("/proc/self/fd").ok()?.count();
    i64::try_from(count).ok().map(|count| count - 1)
}

fn max_fds() -> Option<i64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    field(&limits, "Max open files")
}
