use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(separator = ";")]
    port: u16,
}

fn main() {}
