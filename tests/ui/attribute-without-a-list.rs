use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env]
    port: u16,
    #[env = "HOST"]
    host: String,
}

fn main() {}
