use environ::{EnvConfig, EnvValue};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default = Fmt::JsonLines)]
    format: Fmt,
    #[env(default = Self::LIMIT)]
    limit: u16,
}

#[derive(EnvValue)]
enum Fmt { JsonLines, Human }

fn main() {}
