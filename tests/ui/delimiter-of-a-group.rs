use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group)]
    db: Db,
}

#[derive(EnvConfig)]
#[env(delimiter = "__")]
struct Db {
    url: String,
}

fn main() {}
