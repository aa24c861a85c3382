//! A server, and the command that starts it.

use std::path::PathBuf;
use std::process::Command;

/// One way to serve `/hello`.
pub(crate) struct Contestant {
    pub(crate) name: &'static str,
    /// The path that answers 200 once the service is ready.
    pub(crate) ready: &'static str,
    program: PathBuf,
    arguments: &'static [&'static str],
    /// Where the application is that a server serves.
    directory: Option<PathBuf>,
}

const OURS: &str = "demo-service";

impl Contestant {
    /// Makes one that takes its address as its argument.
    pub(crate) fn new(name: &'static str, program: PathBuf) -> Self {
        Self {
            name,
            ready: "/hello",
            program,
            arguments: &[],
            directory: None,
        }
    }

    /// Makes the service, as it is shipped.
    pub(crate) fn ours(program: PathBuf) -> Self {
        Self {
            ready: "/-/ready",
            ..Self::new(OURS, program)
        }
    }

    /// Makes the stack of the talk.
    pub(crate) fn pyramid(gunicorn: PathBuf, directory: PathBuf) -> Self {
        Self {
            arguments: &["--workers=1", "--access-logfile=-", "app:app", "--bind"],
            directory: Some(directory),
            ..Self::new("gunicorn, Pyramid", gunicorn)
        }
    }

    pub(crate) fn is_ours(&self) -> bool {
        self.name == OURS
    }

    /// Returns the command that starts it on a port of loopback, with a single worker.
    pub(crate) fn command(&self, port: u16) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env_clear()
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .args(self.arguments);
        if self.is_ours() {
            command
                .env("APP_PORT", port.to_string())
                .env("APP_WORKERS", "1")
                .env("APP_LOG_FORMAT", "json");
        } else {
            command.arg(format!("127.0.0.1:{port}"));
        }
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        command
    }
}
