//! A TOML file below the environment.
//!
//! ```console
//! $ printf '[log]\nlevel = "debug"\n' >config.toml
//! $ cargo run --features json --example toml_file
//! $ APP_LOG_LEVEL=warn cargo run --features json --example toml_file
//! ```

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "an example prints"
)]

use std::fs;
use std::io::ErrorKind;
use std::process::ExitCode;

use environ::{Document, EnvConfig, Process};

const FILE: &str = "config.toml";

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    #[env(group)]
    log: Log,
}

#[derive(Debug, EnvConfig)]
struct Log {
    #[env(default = "info")]
    level: String, // APP_LOG_LEVEL, or `level` below `[log]`
}

fn main() -> ExitCode {
    let file = match file() {
        Ok(file) => file,
        Err(err) => {
            eprintln!("{FILE}: {err}");
            return ExitCode::from(78);
        }
    };
    let loaded = AppConfig::loader()
        .source(Process)
        .source(Document::from_serialize(FILE, &file))
        .strict() // a member that no field reads is an error, too
        .load()
        .unwrap_or_else(|err| err.exit());
    println!("level {}", loaded.config.log.level);
    for (name, origin) in &loaded.origins {
        println!("{name} is from {origin}");
    }
    ExitCode::SUCCESS
}

/// Reads the file; a file that does not exist is empty.
fn file() -> Result<toml::Table, Box<dyn std::error::Error>> {
    match fs::read_to_string(FILE) {
        Ok(text) => Ok(text.parse()?),
        Err(err) if err.kind() == ErrorKind::NotFound => Ok(toml::Table::new()),
        Err(err) => Err(err.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_above_the_file() {
        let file: toml::Table = "[log]\nlevel = \"debug\"\n".parse().unwrap();
        let load = |environment: &[(&str, &str)]| {
            let loaded = AppConfig::loader()
                .source(environment)
                .source(Document::from_serialize(FILE, &file))
                .load()
                .unwrap();
            let origin = loaded.origins.get("APP_LOG_LEVEL").unwrap().to_string();
            (loaded.config.log.level, origin)
        };
        let pair = |level: &str, origin: &str| (level.to_owned(), origin.to_owned());
        assert_eq!(load(&[]), pair("debug", "config.toml"));
        assert_eq!(
            load(&[("APP_LOG_LEVEL", "warn")]),
            pair("warn", "environment")
        );
    }
}
