//! A config, its defaults, and the report of a wrong environment.
//!
//! ```console
//! $ APP_PORT=8080 cargo run --example first_steps
//! $ APP_PORT=80a0 APP_TIMEOUT=5 cargo run --example first_steps; echo $?
//! ```

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "an example prints"
)]

use std::time::Duration;

use environ::EnvConfig;

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    /// Port to listen on.
    #[env(default = 8000)]
    port: u16, // APP_PORT
    /// Longest time for an answer.
    #[env(default = "30s")]
    timeout: Duration, // APP_TIMEOUT
    /// Where visits are kept; in memory if it is not set.
    db_url: Option<String>, // APP_DB_URL
}

fn main() {
    // Prints the report and exits with 78 if the environment is wrong.
    let loaded = AppConfig::loader().load().unwrap_or_else(|err| err.exit());
    for warning in &loaded.warnings {
        eprintln!("{warning}");
    }
    let cfg = loaded.config;
    println!(
        "port {}, timeout {:?}, {:?}",
        cfg.port, cfg.timeout, cfg.db_url
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_environment_loads() {
        let cfg = AppConfig::from_source(()).unwrap();
        assert_eq!(cfg.port, 8000);
        assert_eq!(cfg.timeout, Duration::from_secs(30));
        assert_eq!(cfg.db_url, None);
    }

    #[test]
    fn all_problems_are_reported() {
        let err = AppConfig::from_source([("APP_PORT", "80a0"), ("APP_TIMEOUT", "5")]);
        let err = err.unwrap_err();
        let names: Vec<_> = err.problems().map(environ::Problem::name).collect();
        assert_eq!(names, ["APP_PORT", "APP_TIMEOUT"]);
    }
}
