use environ::{EnvConfig, Secret};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(key = "db")]
    url: String,
    #[env(secret, key = "../db")]
    token: Secret<String>,
    #[env(secret, file)]
    other: Secret<String>,
}

fn main() {}
