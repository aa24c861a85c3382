//! The service as a process, started by its script.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, LazyLock, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use serde_json::Value;

use crate::client::Client;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_demo-service-under-test");
pub(crate) const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-service/run-app.sh");

/// How long anything may take that a test waits for.
const DEADLINE: Duration = Duration::from_mins(1);

/// A process that ended.
#[derive(Debug, PartialEq)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Gives the lines of its log, each of which is JSON.
    pub(crate) fn log(&self) -> Vec<Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|err| panic!("{err}: {line}")))
            .collect()
    }

    /// Gives those lines of its log that tell of a request.
    pub(crate) fn requests(&self) -> Vec<Value> {
        let mut log = self.log();
        log.retain(|line| line["message"] == "request");
        log
    }
}

/// The script with an argument or without, in a shell with a limit of open files, such as `-Sn 256`.
pub(crate) fn with_limit(limit: &str, argument: &str, vars: &[(&str, &str)]) -> Command {
    let script = installed().join("run-app.sh");
    let run = format!("ulimit {limit}; exec \"$0\" {argument}");
    command(
        Path::new("sh"),
        &["-c", &run, script.to_str().unwrap()],
        vars,
    )
}

/// A process of the service, killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    stdout: Arc<Lines>,
    readers: Vec<JoinHandle<String>>,
}

/// The output of a process so far, line by line.
#[derive(Default)]
struct Lines {
    lines: Mutex<Vec<String>>,
    more: Condvar,
}

impl Process {
    /// Starts the service on a free port, with JSON logs and these variables.
    pub(crate) fn start(vars: &[(&str, &str)]) -> Self {
        let mut all = vec![("PORT", "0"), ("LOG_FORMAT", "json")];
        all.extend(vars);
        Self::spawn(&[], &all)
    }

    /// Starts the service as [`start`](Self::start) does, without the capabilities of root, because
    /// deployments have none.
    pub(crate) fn start_unprivileged(vars: &[(&str, &str)]) -> Self {
        let mut all = vec![("PORT", "0"), ("LOG_FORMAT", "json")];
        all.extend(vars);
        let script = installed().join("run-app.sh");
        let line = unprivileged(50_000, &[script.to_str().unwrap()]);
        Self::of(&mut command_line(&line, &all))
    }

    /// Runs the service with these arguments and variables, to its end.
    pub(crate) fn run<V: AsRef<OsStr>>(arguments: &[&str], vars: &[(&str, V)]) -> Ended {
        Self::spawn(arguments, vars).wait()
    }

    /// Starts the service with JSON logs and these variables, and passes it one
    /// socket or two, as systemd does. Its stderr goes to stdout.
    pub(crate) fn inherit(sockets: &[&TcpListener], vars: &[(&str, &str)]) -> Self {
        let count = sockets.len().to_string();
        let mut all = vec![("LOG_FORMAT", "json"), ("LISTEN_FDS", &count)];
        all.extend(vars);
        let script = installed().join("run-app.sh");
        let pass = "exec 3<&0 4<&2 </dev/null 2>&1; LISTEN_PID=$$ exec \"$0\"";
        let arguments = ["-c", pass, script.to_str().unwrap()];
        let mut command = command(Path::new("sh"), &arguments, &all);
        let mut sockets = sockets.iter();
        let mut next = || {
            let socket = sockets.next()?.try_clone().unwrap();
            Some(Stdio::from(OwnedFd::from(socket)))
        };
        command.stdin(next().unwrap());
        command.stderr(next().unwrap_or_else(Stdio::null));
        Self::of(&mut command)
    }

    /// Starts the program with these arguments and variables.
    pub(crate) fn spawn<V: AsRef<OsStr>>(arguments: &[&str], vars: &[(&str, V)]) -> Self {
        Self::of(&mut command(
            &installed().join("run-app.sh"),
            arguments,
            vars,
        ))
    }

    /// Starts a command with a pipe as its stdout, as [`command`] makes them.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stdout = Arc::new(Lines::default());
        let mut readers = vec![read_lines(
            child.stdout.take().unwrap(),
            Arc::clone(&stdout),
        )];
        let stderr = child.stderr.take();
        readers.extend(stderr.map(|stderr| read_lines(stderr, Arc::default())));
        Self {
            child,
            stdout,
            readers,
        }
    }

    /// A client of the process, once that is ready.
    pub(crate) fn client(&self) -> Client {
        let client = self.starting_client();
        self.line("ready");
        client
    }

    /// A client of the address that the process logs.
    pub(crate) fn starting_client(&self) -> Client {
        let line = self.line("listening");
        Client::new(
            line["address"]
                .as_str()
                .unwrap()
                .parse::<SocketAddr>()
                .unwrap(),
        )
    }

    /// Waits for the line of the log with this message.
    pub(crate) fn line(&self, message: &str) -> Value {
        self.wait_for(message, |line| {
            let line = serde_json::from_str::<Value>(line).ok()?;
            (line["message"] == message).then_some(line)
        })
    }

    /// Waits for a line with this text.
    pub(crate) fn text(&self, text: &str) -> String {
        self.texts(text, "")
    }

    /// Waits for a line with both texts.
    pub(crate) fn texts(&self, text: &str, other: &str) -> String {
        self.wait_for(text, |line| {
            let found = line.contains(text) && line.contains(other);
            found.then(|| line.to_owned())
        })
    }

    fn wait_for<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let start = Instant::now();
        let mut lines = self.stdout.lines.lock().unwrap();
        loop {
            if let Some(found) = lines.iter().find_map(|line| find(line)) {
                return found;
            }
            let Some(left) = DEADLINE.checked_sub(start.elapsed()) else {
                panic!("no line {what:?} in {lines:#?}");
            };
            lines = self.stdout.more.wait_timeout(lines, left).unwrap().0;
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The memory of the process that is resident, in KiB.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let mut words = line.unwrap().split_whitespace();
        words.nth(1).unwrap().parse().unwrap()
    }

    /// Sends a signal to the process that the script was started as.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Returns the standard input of a command that has a pipe for it.
    pub(crate) fn take_stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().unwrap()
    }

    /// Waits for the end, and kills the process after a time, as platforms do.
    pub(crate) fn wait_or_kill(mut self, grace: Duration) -> Ended {
        let killed_at = Instant::now() + grace;
        while self.child.try_wait().unwrap().is_none() {
            if Instant::now() >= killed_at {
                self.child.kill().unwrap();
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.wait()
    }

    /// Waits for the end.
    pub(crate) fn wait(mut self) -> Ended {
        let status = self.exit_status();
        let mut texts = self.readers.drain(..).map(whole_text);
        Ended {
            code: status.code(),
            stdout: texts.next().unwrap(),
            stderr: texts.next().unwrap_or_default(),
        }
    }

    fn exit_status(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < 2 * DEADLINE, "the process does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// A directory with the script beside the program, as in an image.
pub(crate) fn installed() -> &'static Path {
    static INSTALLED: LazyLock<PathBuf> = LazyLock::new(|| {
        let app = Path::new(env!("CARGO_TARGET_TMPDIR")).join("app");
        let _ = fs::remove_dir_all(&app);
        fs::create_dir_all(&app).unwrap();
        symlink(PROGRAM, app.join("demo-service")).unwrap();
        fs::copy(SCRIPT, app.join("run-app.sh")).unwrap();
        app
    });
    &INSTALLED
}

/// A command line that root runs as a user without capabilities. Each `base`, a multiple of 1,000,
/// is another user.
pub(crate) fn unprivileged(base: u32, line: &[&str]) -> Vec<String> {
    let user = format!("--reuid={}", base + std::process::id() % 1_000);
    let setpriv = ["setpriv", &*user, "--clear-groups"];
    let setpriv = setpriv.iter().filter(|_| geteuid().is_root());
    setpriv.chain(line).map(|&part| part.to_owned()).collect()
}

/// A command that inherits nothing but a search path.
pub(crate) fn command<V: AsRef<OsStr>>(
    program: &Path,
    arguments: &[&str],
    vars: &[(&str, V)],
) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .envs(vars.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A command that inherits nothing but a search path.
pub(crate) fn command_line<V: AsRef<OsStr>>(line: &[String], vars: &[(&str, V)]) -> Command {
    let arguments: Vec<_> = line[1..].iter().map(String::as_str).collect();
    command(Path::new(&line[0]), &arguments, vars)
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the text once the pipe is closed, which a child of an ended process may hold open.
fn whole_text(reader: JoinHandle<String>) -> String {
    let start = Instant::now();
    while !reader.is_finished() {
        assert!(start.elapsed() < DEADLINE, "a child keeps the output open");
        thread::sleep(Duration::from_millis(1));
    }
    reader.join().unwrap()
}

fn read_lines(pipe: impl Read + Send + 'static, lines: Arc<Lines>) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        for line in BufReader::new(pipe).lines() {
            let line = line.unwrap();
            text.push_str(&line);
            text.push('\n');
            lines.lines.lock().unwrap().push(line);
            lines.more.notify_all();
        }
        text
    })
}

/// The name of a process, as the kernel has it.
pub(crate) fn command_name(pid: u32) -> String {
    let name = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("comm"));
    name.unwrap().trim_end().to_owned()
}
