use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(truthy)]
    workers: u16,
    #[env(truthy)]
    level: Option<u8>,
    #[env(truthy)]
    debug: Option<bool>,
}

fn main() {}
