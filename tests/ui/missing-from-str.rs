use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    level: Level,
    levels: Vec<Level>,
}

struct Level;

fn main() {}
