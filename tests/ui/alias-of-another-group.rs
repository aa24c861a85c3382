use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(alias = "APP_LOG_LEVEL")]
    level: String,
    #[env(group)]
    log: Log,
}

#[derive(EnvConfig)]
struct Log {
    level: String,
}

fn main() {
    let _ = AppConfig::from_env();
}
