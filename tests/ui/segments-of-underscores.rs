use environ::EnvConfig;

#[derive(EnvConfig)]
#[env(prefix = "_")]
struct AppConfig {
    #[env(group, prefix = "_")]
    db: Db,
    #[env(group, switch = "")]
    other: Option<Db>,
    #[env(group, switch = "_")]
    another: Option<Db>,
}

#[derive(EnvConfig)]
struct Db {
    url: String,
}

fn main() {}
