use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use environ::EnvConfig;

#[derive(EnvConfig)]
struct Db {
    url: String,
}

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group)]
    queue: VecDeque<Db>,
    #[env(group)]
    shared: Arc<Db>,
    #[env(group)]
    maybe: Option<std::sync::Arc<Db>>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Region(String);

#[derive(EnvConfig)]
struct ByRegion {
    #[env(group)]
    db: BTreeMap<Region, Db>,
}

fn main() {}
