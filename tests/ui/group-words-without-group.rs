use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(flatten)]
    log: String,
    #[env(prefix = "X")]
    host: String,
}

fn main() {}
