//! What `wrk` says.

use std::io::Write;
use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::Result;
use crate::cores::Cores;

pub(crate) const CONNECTIONS: u32 = 32;

/// Prints the totals as numbers, one a line: wrk's own report has units. What it calls
/// a timeout is an answer that was late.
const REPORT: &str = r#"
done = function(summary, latency)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.status
    for _, number in ipairs {
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), failed
    } do
        io.stderr:write(string.format("%.0f\n", number))
    end
end
"#;

/// The requests and answers in some time.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    pub(crate) requests: f64,
    pub(crate) seconds: f64,
    /// In microseconds.
    pub(crate) p50: f64,
    /// In microseconds.
    pub(crate) p99: f64,
}

impl Load {
    /// Asks for `/hello` from 32 connections, each as fast as it is answered.
    pub(crate) fn put_on(address: SocketAddr, time: Duration, cores: &Cores) -> Result<Self> {
        let mut script = NamedTempFile::new()?;
        script.write_all(REPORT.as_bytes())?;
        let mut wrk = Command::new("wrk");
        wrk.arg("-t1")
            .arg(format!("-c{CONNECTIONS}"))
            .arg(format!("-d{}s", time.as_secs()))
            .arg("-s")
            .arg(script.path())
            .arg(format!("http://{address}/hello"));
        let output = cores.load(|| Ok(wrk.output()?))?;
        let report = String::from_utf8(output.stderr)?;
        let numbers: std::result::Result<Vec<f64>, _> = report.lines().map(str::parse).collect();
        match numbers.as_deref() {
            Ok([requests, micros, p50, p99, failed]) if *failed == 0.0 => Ok(Self {
                requests: *requests,
                seconds: micros / 1e6,
                p50: *p50,
                p99: *p99,
            }),
            _ => Err(format!("wrk failed, or requests did:\n{report}").into()),
        }
    }

    pub(crate) fn rate(&self) -> f64 {
        self.requests / self.seconds
    }
}
