//! A `.env` file in development, below the environment.
//!
//! ```console
//! $ echo 'APP_PORT=8080' >.env
//! $ cargo run --features dotenv --example dot_env
//! $ APP_PORT=80 cargo run --features dotenv --example dot_env
//! ```

#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "an example prints"
)]

use environ::{DotEnv, EnvConfig, Process};

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    #[env(default = 8000)]
    port: u16,
}

fn main() {
    let environment = AppConfig::loader().source(Process);
    // A release reads the environment alone.
    let layers = if cfg!(debug_assertions) {
        environment.source(DotEnv::find())
    } else {
        environment
    };
    let loaded = layers.load().unwrap_or_else(|err| err.exit());
    for warning in &loaded.warnings {
        eprintln!("{warning}");
    }
    println!("port {}", loaded.config.port);
    for (name, origin) in &loaded.origins {
        println!("{name} is from {origin}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_above_the_file() {
        let path = std::env::temp_dir().join(format!("dot-env-{}", std::process::id()));
        std::fs::write(&path, "APP_PORT=8080\n").unwrap();
        let port = |environment: &[(&str, &str)]| {
            let loaded = AppConfig::loader()
                .source(environment)
                .layer(".env", DotEnv::from_path(&path))
                .load();
            loaded.unwrap().config.port
        };
        assert_eq!(port(&[]), 8080);
        assert_eq!(port(&[("APP_PORT", "80")]), 80);
        std::fs::remove_file(path).unwrap();
    }
}
