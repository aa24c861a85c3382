use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(unit = "s")]
    timeout: u64,
    #[env(len = 1..)]
    port: u16,
}

fn main() {}
