//! Log level and format.

use environ::{EnvConfig, EnvValue, Live};

use super::level::Level;

/// The log, on stdout.
#[derive(Debug, EnvConfig)]
pub struct LogConfig {
    /// Lowest level of log lines, for all modules or for each: `info,demo_service=debug`.
    #[env(live, file, default = "info", alias = "LOG_LEVEL")]
    pub level: Live<Level>,
    /// Format of log lines, for a person or for a program.
    #[env(default = "human", alias = "LOG_FORMAT")]
    pub format: LogFormat,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnvValue)]
pub enum LogFormat {
    /// For a person at a terminal.
    Human,
    /// For a program: one JSON object a line.
    Json,
    /// For Dockerflow: one JSON object a line, in the schema of mozlog 2.0.
    Mozlog,
}
