use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(name = 8080)]
    port: u16,
    #[env(default = b"x")]
    host: String,
    #[env(validate = "check")]
    level: String,
}

fn main() {}
