use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group, flatten, prefix = "X")]
    log: Log,
    #[env(group, prefix = "")]
    more: Log,
}

#[derive(EnvConfig)]
struct Log {}

fn main() {}
