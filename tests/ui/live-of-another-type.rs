use environ::{EnvConfig, Live, Secret};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(live)]
    port: u16,
    #[env(live)]
    token: Option<Live<Secret<String>>>,
    level: Live<String>,
    #[env(live, group)]
    log: Log,
    #[env(live, skip)]
    started: Live<u8>,
}

#[derive(EnvConfig)]
struct Log {
    format: Option<Live<String>>,
}

fn main() {}
