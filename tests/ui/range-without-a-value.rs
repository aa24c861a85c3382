use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(range = 9..=1)]
    port: u16,
    #[env(range = -1.5..-1.5)]
    offset: f64,
    #[env(range = 'z'..='a')]
    drive: char,
    #[env(len = 8..8)]
    token: String,
    #[env(range = 1..=1, len = 2..=1)]
    both: String,
}

fn main() {}
