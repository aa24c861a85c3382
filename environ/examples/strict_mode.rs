//! Strict mode: a variable under the prefix that no field reads is an error.
//!
//! ```console
//! $ APP_PROT=80 cargo run --example strict_mode; echo $?
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use environ::{EnvConfig, Error, Loaded, Process, Source};

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    #[env(default = 8000)]
    port: u16,
}

fn main() {
    let loaded = load(Process).unwrap_or_else(|err| err.exit());
    println!("port {}", loaded.config.port);
}

fn load(environment: impl Source + Send + Sync) -> Result<Loaded<AppConfig>, Error> {
    // Other programs read these, so that they are no mistakes.
    let known = ["APP_HOME", "APP_SIDECAR_*"];
    AppConfig::loader()
        .source(environment)
        .strict()
        .known(known)
        .load()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_is_reported() {
        let err = load([("APP_PROT", "80")]).unwrap_err();
        assert_eq!(
            err.to_string(),
            "1 problem with the environment:\n  APP_PROT  set, but no field reads it; is APP_PORT meant?"
        );
    }

    #[test]
    fn names_of_others_are_known() {
        let pairs = [("APP_HOME", "/"), ("APP_SIDECAR_PORT", "1")];
        assert_eq!(load(pairs).unwrap().config.port, 8000);
    }
}
