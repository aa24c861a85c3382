use environ::EnvConfig;

#[derive(EnvConfig)]
struct Log {
    level: String,
}

#[derive(EnvConfig)]
struct AppConfig {
    log: Log,
    logs: Option<Log>,
}

fn main() {}
