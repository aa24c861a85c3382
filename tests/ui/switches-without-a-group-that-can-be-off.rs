use environ::EnvConfig;

#[derive(EnvConfig)]
struct Db {
    url: String,
}

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group, when = "url")]
    db: Db,
    #[env(group, switch = "ENABLED")]
    dbs: Vec<Db>,
    #[env(group, when = "url", switch = "ENABLED")]
    both: Option<Db>,
    #[env(switch = "ENABLED")]
    port: Option<u16>,
    #[env(group, switch = 1)]
    number: Option<Db>,
    #[env(group, switch = "ENABLED_")]
    joint: Option<Db>,
    #[env(group, selector = "")]
    nothing: Option<Db>,
}

fn main() {}
