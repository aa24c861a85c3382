use environ::EnvConfig;

#[derive(EnvConfig)]
#[env(prefix = "APP_")]
struct AppConfig {
    port: u16,
}

fn main() {}
