use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default: 8000)]
    port: u16,
    #[env(default("a"), name("A"))]
    name: String,
    #[env(range(1..=64))]
    workers: u16,
}

fn main() {}
