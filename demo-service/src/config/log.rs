//! Log level and format.

use environ::{EnvConfig, EnvValue, Live};

use super::level::Level;

/// The log, on stdout.
#[derive(Debug, EnvConfig)]
pub struct LogConfig {
    /// The least level that is written, for all or by module:
    /// `info,demo_service=debug`.
    #[env(live, file, default = "info", alias = "LOG_LEVEL")]
    pub level: Live<Level>,
    /// How a line looks: for a person or for a program.
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
