use std::collections::HashMap;

use environ::EnvConfig;

#[derive(EnvConfig)]
struct Db {
    url: String,
}

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group)]
    db: HashMap<u16, Db>,
}

fn main() {}
