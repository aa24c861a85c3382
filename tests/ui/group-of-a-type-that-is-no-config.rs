use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group)]
    log: Log,
    #[env(group)]
    db: Option<Log>,
}

struct Log {}

fn main() {}
