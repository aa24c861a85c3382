use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group, flatten)]
    upstreams: Vec<Upstream>,
    #[env(group)]
    dbs: Option<Vec<Upstream>>,
    #[env(group, non_empty)]
    one: Upstream,
}

#[derive(EnvConfig)]
struct Upstream {
    host: String,
}

fn main() {}
