//! A group may have whole names that would collide if it were the root.

use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group)]
    log: Log,
    #[env(group)]
    db: Db,
}

#[derive(EnvConfig)]
struct Log {
    #[env(alias = "APP_LEVEL")]
    level: String,
}

#[derive(EnvConfig)]
#[env(prefix = "DB")]
struct Db {
    #[env(alias = "DB_URL")]
    url: String,
}

fn main() {
    let source = [("APP_LEVEL", "info"), ("DB_URL", "x")];
    let cfg = AppConfig::from_source(&source).unwrap();
    assert_eq!((&*cfg.log.level, &*cfg.db.url), ("info", "x"));
}
