//! Rules between fields, and a check of the whole config.
//!
//! ```console
//! $ APP_TLS_CERT=cert.pem APP_POOL_MIN=9 cargo run --example rules; echo $?
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::path::PathBuf;

use environ::{EnvConfig, Invalid};

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    #[env(group)]
    tls: Tls,
    #[env(group)]
    pool: Pool,
}

#[derive(Debug, PartialEq, EnvConfig)]
#[env(all_or_none(cert, key), at_most_one_of(cert, acme_domain))]
struct Tls {
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    /// Domain of a certificate from an ACME server.
    acme_domain: Option<String>,
}

#[derive(Debug, EnvConfig)]
#[env(validate = ordered)]
struct Pool {
    #[env(default = 1)]
    min: u32,
    #[env(default = 8)]
    max: u32,
}

fn ordered(pool: &Pool) -> Result<(), Invalid> {
    if pool.min <= pool.max {
        return Ok(());
    }
    Err(Invalid::at(
        "min",
        format!("it is more than max, {}", pool.max),
    ))
}

fn main() {
    let loaded = AppConfig::loader().load().unwrap_or_else(|err| err.exit());
    let AppConfig { tls, pool } = loaded.config;
    println!("{tls:?}, {} to {} connections", pool.min, pool.max);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_broken_rule_is_reported() {
        let err = AppConfig::from_source([("APP_TLS_CERT", "cert.pem"), ("APP_POOL_MIN", "9")]);
        let err = err.unwrap_err();
        let names: Vec<_> = err.problems().map(environ::Problem::name).collect();
        assert_eq!(names, ["APP_TLS_KEY", "APP_POOL_MIN"]);
    }

    #[test]
    fn nothing_is_required() {
        let cfg = AppConfig::from_source(()).unwrap();
        let tls = Tls {
            cert: None,
            key: None,
            acme_domain: None,
        };
        assert_eq!(cfg.tls, tls);
        assert_eq!((cfg.pool.min, cfg.pool.max), (1, 8));
    }
}
