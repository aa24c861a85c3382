use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(name)]
    port: u16,
    #[env(validate)]
    host: String,
}

fn main() {}
