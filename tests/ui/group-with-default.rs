use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group, default, name = "LOG")]
    log: Log,
}

#[derive(EnvConfig)]
struct Log {}

fn main() {}
