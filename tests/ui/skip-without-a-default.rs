use environ::{EnvConfig, EnvValue};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(skip)]
    cell: Cell,
    #[env(default)]
    level: Level,
}

struct Cell;

#[derive(EnvValue)]
enum Level {
    Info,
}

fn main() {}
