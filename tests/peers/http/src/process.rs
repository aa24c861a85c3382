//! A contestant that runs.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::Result;
use crate::contestant::Contestant;
use crate::cores::Cores;

/// How long a contestant may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often it is asked whether it is ready.
const POLL: Duration = Duration::from_micros(200);

/// The kernel's unit of processor time, on every architecture of today.
const TICKS: f64 = 100.0;

/// A server, ended when it is dropped.
pub(crate) struct Process {
    pub(crate) address: SocketAddr,
    /// From before it was started until it was ready.
    pub(crate) boot: Duration,
    child: Child,
    directory: TempDir,
}

impl Process {
    pub(crate) fn start(contestant: &Contestant, cores: &Cores) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let directory = TempDir::new()?;
        let log = File::create(directory.path().join("log"))?;
        let mut command = contestant.command(port);
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let start = Instant::now();
        let child = cores.server(|| {
            let spawned = command.spawn();
            spawned.map_err(|err| format!("{}: {err}", contestant.name).into())
        })?;
        let mut process = Self {
            address,
            boot: Duration::ZERO,
            child,
            directory,
        };
        while !get(address, contestant.ready).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
        {
            if process.child.try_wait()?.is_some() || start.elapsed() > PATIENCE {
                let log = fs::read_to_string(process.directory.path().join("log"))?;
                return Err(format!("{} does not serve:\n{log}", contestant.name).into());
            }
            sleep(POLL);
        }
        process.boot = start.elapsed();
        Ok(process)
    }

    /// Gives the resident memory in bytes, that of its children included.
    pub(crate) fn memory(&self) -> Result<f64> {
        self.each(|pid| {
            let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
            let kib = line.and_then(|line| line.split_ascii_whitespace().next());
            Ok(kib.ok_or("no VmRSS")?.parse::<f64>()? * 1024.0)
        })
    }

    /// Gives the processor time so far in seconds, that of its children included.
    pub(crate) fn processor(&self) -> Result<f64> {
        let ticks = self.each(|pid| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
            // The name, in parentheses, may hold anything: `proc(5)`.
            let (_, fields) = stat.rsplit_once(") ").ok_or("no name")?;
            let fields = fields.split(' ').skip(11).take(2);
            let times: std::result::Result<Vec<f64>, _> = fields.map(str::parse).collect();
            Ok(times?.iter().sum())
        })?;
        Ok(ticks / TICKS)
    }

    /// Gives how many bytes it has written to stdout and stderr.
    pub(crate) fn logged(&self) -> Result<f64> {
        let log = fs::metadata(self.directory.path().join("log"))?;
        #[expect(clippy::cast_precision_loss, reason = "nobody logs 2^52 bytes")]
        Ok(log.len() as f64)
    }

    fn each(&self, measure: impl Fn(u32) -> Result<f64>) -> Result<f64> {
        let pid = self.child.id();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
        let children = children.split_ascii_whitespace().map(str::parse);
        let mut sum = measure(pid)?;
        for child in children {
            sum += measure(child?)?;
        }
        Ok(sum)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let Some(pid) = Pid::from_raw(self.child.id().cast_signed()) else {
            return;
        };
        // Twice: the service would wait for balancers otherwise.
        for _ in 0..2 {
            let _ = kill_process(pid, Signal::INT);
            sleep(Duration::from_millis(100));
        }
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks for `path`, on a connection of its own. Gives the whole answer.
pub(crate) fn get(address: SocketAddr, path: &str) -> Result<String> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes())?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}
