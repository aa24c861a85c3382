use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(range)]
    port: u16,
    #[env(range = 64)]
    workers: u16,
    #[env(range = "1..=64")]
    threads: u16,
}

fn main() {}
