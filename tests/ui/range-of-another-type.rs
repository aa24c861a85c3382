use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(range = 1..=64)]
    name: String,
}

fn main() {}
