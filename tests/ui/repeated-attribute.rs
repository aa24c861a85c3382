use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default = 8000, default = 8001)]
    port: u16,
    #[env(name = "HOST")]
    #[env(name = "HOSTNAME")]
    host: String,
}

fn main() {}
