//! Flags of clap over the environment.
//!
//! ```console
//! $ APP_PORT=80 cargo run --features json --example flags_with_clap -- --port 8080
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use clap::Parser;
use environ::{Document, EnvConfig, Process, Source};
use serde::Serialize;

/// Each flag is the field of the same name; a flag that is not given sets nothing.
#[derive(Debug, Parser, Serialize)]
struct Flags {
    /// Port to listen on.
    #[arg(long)]
    port: Option<String>,
    #[command(flatten)]
    log: LogFlags,
}

#[derive(Debug, clap::Args, Serialize)]
struct LogFlags {
    /// Lowest level of the log.
    #[arg(long = "log-level")]
    level: Option<String>,
}

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    /// Port to listen on.
    #[env(default = 8000)]
    port: u16, // --port, or APP_PORT
    #[env(group)]
    log: Log,
}

#[derive(Debug, EnvConfig)]
struct Log {
    /// Lowest level of the log.
    #[env(default = "info")]
    level: String, // --log-level, or APP_LOG_LEVEL
}

fn main() {
    let cfg = load(&Flags::parse(), Process).unwrap_or_else(|err| err.exit());
    println!("port {}, level {}", cfg.port, cfg.log.level);
}

fn load(
    flags: &Flags,
    environment: impl Source + Send + Sync,
) -> Result<AppConfig, environ::Error> {
    let loader = AppConfig::loader().source(Document::from_serialize("the command line", flags));
    Ok(loader.source(environment).load()?.config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_above_the_environment() {
        let environment = [("APP_PORT", "80"), ("APP_LOG_LEVEL", "warn")];
        let flags = Flags::parse_from(["app", "--port", "8080"]);
        let cfg = load(&flags, environment).unwrap();
        assert_eq!((cfg.port, &*cfg.log.level), (8080, "warn"));
    }

    #[test]
    fn a_wrong_flag_is_reported_as_a_flag() {
        let flags = Flags::parse_from(["app", "--port", "80a0"]);
        let err = load(&flags, ()).unwrap_err();
        assert!(err.to_string().contains("the command line"), "{err}");
    }
}
