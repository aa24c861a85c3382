use std::collections::{BTreeSet, HashMap};

use environ::{EnvConfig, EnvValue};

#[derive(PartialEq, EnvValue)]
struct Id(u8);

#[derive(EnvConfig)]
struct AppConfig {
    ids: BTreeSet<Id>,
    names: HashMap<Id, String>,
}

fn main() {}
