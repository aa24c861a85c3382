use environ::EnvConfig;

#[derive(EnvConfig)]
struct Db {
    url: String,
    #[env(group)]
    tls: Tls,
}

#[derive(EnvConfig)]
struct Tls {
    key: String,
}

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group, when = "dns")]
    unknown: Option<Db>,
}

#[derive(EnvConfig)]
struct Other {
    #[env(group, when = "tls")]
    group: Option<Db>,
}

fn main() {
    let _ = AppConfig::from_env();
}
