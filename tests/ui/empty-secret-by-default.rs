//! `Secret` has no `Default`, because an empty secret is a mistake.

use environ::{EnvConfig, Secret};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default)]
    token: Secret<String>,
}

fn main() {}
