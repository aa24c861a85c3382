use std::num::NonZeroU8;

use environ::{EnvConfig, EnvValue, Secret};

#[derive(EnvValue)]
enum Format {
    Human,
    #[env(alias = "js")]
    Json,
}

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default = 80_800)]
    port: u16,
    #[env(default = -129)]
    offset: i8,
    #[env(default = 0.5, example = 1)]
    count: usize,
    #[env(default = 0)]
    workers: NonZeroU8,
    #[env(default = "jsno", example = "JS")]
    format: Format,
    #[env(default = true, example = "ja")]
    on: bool,
    #[env(default = "hunter2")]
    pin: Secret<u16>,
}

fn main() {}
