use std::collections::BTreeMap;

use environ::{EnvConfig, Secret};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(separator = "=")]
    labels: BTreeMap<String, u8>,
}

#[derive(EnvConfig)]
struct Other {
    #[env(separator = "=")]
    keys: Vec<BTreeMap<String, Secret<u8>>>,
}

fn main() {}
