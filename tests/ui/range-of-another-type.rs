use environ::{EnvConfig, EnvValue, Secret};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(range = 1..=64)]
    name: String,
    #[env(range = 1..=64)]
    token: Option<Secret<String>>,
    #[env(range = "a"..)]
    level: Level,
    #[env(range = Port(1)..)]
    port: Box<Port>,
}

#[derive(EnvValue)]
enum Level {
    Quiet,
    Loud,
}

#[derive(EnvValue)]
struct Port(u16);

fn main() {}
