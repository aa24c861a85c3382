use std::collections::BTreeMap;

use environ::{EnvConfig, Secret};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group)]
    peers: BTreeMap<String, Peer>,
}

#[derive(EnvConfig)]
struct Peer {
    #[env(group)]
    login: Login,
}

#[derive(EnvConfig)]
struct Login {
    #[env(key = "token")]
    token: Secret<String>,
}

fn main() {}
