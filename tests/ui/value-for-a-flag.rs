use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group = true)]
    log: Log,
}

#[derive(EnvConfig)]
struct Log {}

fn main() {}
