//! Groups: nested, optional, in a list and in a map.
//!
//! ```console
//! $ export APP_LOG_LEVEL=debug APP_UPSTREAM_0_HOST=a APP_UPSTREAM_1_HOST=b
//! $ APP_TENANT_ACME_QUOTA=5 cargo run --example groups
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::collections::BTreeMap;

use environ::{EnvConfig, Secret};

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    #[env(group)]
    log: Log,
    /// Absent unless one of its variables is set.
    #[env(group)]
    db: Option<Db>,
    /// One for each number: `APP_UPSTREAM_0_HOST`, `APP_UPSTREAM_1_HOST`.
    #[env(group)]
    upstream: Vec<Upstream>,
    /// One for each key: `APP_TENANT_ACME_QUOTA`.
    #[env(group)]
    tenant: BTreeMap<String, Tenant>,
}

#[derive(Debug, EnvConfig)]
struct Log {
    #[env(default = "info")]
    level: String, // APP_LOG_LEVEL
}

#[derive(Debug, EnvConfig)]
struct Db {
    url: Secret<String>, // APP_DB_URL
    #[env(default = 8, range = 1..=64)]
    pool_size: u32, // APP_DB_POOL_SIZE
}

#[derive(Debug, EnvConfig)]
struct Upstream {
    host: String,
    #[env(default = 80)]
    port: u16,
}

#[derive(Debug, EnvConfig)]
struct Tenant {
    #[env(default = 100)]
    quota: u32,
}

fn main() {
    let loaded = AppConfig::loader().load().unwrap_or_else(|err| err.exit());
    let cfg = loaded.config;
    println!("level {}", cfg.log.level);
    if let Some(db) = cfg.db {
        println!("{} connections to {:?}", db.pool_size, db.url); // the URL is `***`
    }
    for Upstream { host, port } in cfg.upstream {
        println!("{host}:{port}");
    }
    for (key, tenant) in cfg.tenant {
        println!("{key} has {}", tenant.quota);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_is_filled() {
        let cfg = AppConfig::from_source([
            ("APP_LOG_LEVEL", "debug"),
            ("APP_DB_URL", "postgres://db/app"),
            ("APP_UPSTREAM_0_HOST", "a"),
            ("APP_UPSTREAM_1_HOST", "b"),
            ("APP_UPSTREAM_1_PORT", "81"),
            ("APP_TENANT_ACME_QUOTA", "5"),
        ])
        .unwrap();
        assert_eq!(cfg.log.level, "debug");
        let db = cfg.db.unwrap();
        assert_eq!(
            (db.url.expose().as_str(), db.pool_size),
            ("postgres://db/app", 8)
        );
        let hosts = cfg.upstream.iter().map(|one| (one.host.as_str(), one.port));
        assert_eq!(hosts.collect::<Vec<_>>(), [("a", 80), ("b", 81)]);
        assert_eq!(cfg.tenant["acme"].quota, 5);
    }

    #[test]
    fn an_optional_group_is_set_whole_or_not_at_all() {
        assert!(AppConfig::from_source(()).unwrap().db.is_none());
        let err = AppConfig::from_source([("APP_DB_POOL_SIZE", "4")]).unwrap_err();
        assert_eq!(
            err.to_string(),
            "1 problem with the environment:\n  \
             APP_DB_URL  not set; required because APP_DB_POOL_SIZE is set"
        );
    }
}
