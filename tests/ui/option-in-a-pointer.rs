//! A field that is an `Option` is known by its spelling.

use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default = 1)]
    port: Box<Option<u16>>,
}

fn main() {}
