use environ::{EnvConfig, EnvValue};

#[derive(EnvConfig)]
struct AppConfig {
    level: Level,
}

#[derive(EnvValue)]
enum Level {
    #[env(colour = "blue")]
    Info,
}

fn main() {}
