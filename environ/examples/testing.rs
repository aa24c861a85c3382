//! Tests of a config type, and of code that takes one: see the end of this file.
//!
//! ```console
//! $ cargo test --example testing
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use environ::EnvConfig;

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    /// Port to listen on.
    #[env(default = 8000)]
    port: u16,
    /// Where users come from.
    base_url: String,
}

/// Takes values, and knows nothing of the environment.
fn link(cfg: &AppConfig, path: &str) -> String {
    format!("{}/{path}", cfg.base_url.trim_end_matches('/'))
}

fn main() {
    let loaded = AppConfig::loader().load().unwrap_or_else(|err| err.exit());
    println!(
        "{} on port {}",
        link(&loaded.config, "login"),
        loaded.config.port
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds defaults and examples that are refused, and names that two fields read.
    #[test]
    fn the_type_is_valid() {
        environ::testing::assert_valid::<AppConfig>();
    }

    /// A slice stands for the environment, so that tests run beside each other.
    #[test]
    fn a_slice_is_an_environment() {
        let cfg = AppConfig::from_source([("APP_BASE_URL", "https://example.org/")]).unwrap();
        assert_eq!(link(&cfg, "login"), "https://example.org/login");
    }

    /// A config is a struct, which a test can write.
    #[test]
    fn a_config_is_a_struct() {
        let cfg = AppConfig {
            port: 0,
            base_url: "https://example.org".to_owned(),
        };
        assert_eq!(link(&cfg, "login"), "https://example.org/login");
    }

    /// A test relies on names and codes; the words of a report may change.
    #[test]
    fn a_missing_variable_is_a_problem() {
        let err = AppConfig::from_source(()).unwrap_err();
        let problems = err
            .problems()
            .map(|problem| (problem.name(), problem.code()));
        assert_eq!(problems.collect::<Vec<_>>(), [("APP_BASE_URL", "missing")]);
    }
}
