use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    db_url: String,
    #[env(group)]
    db: Db,
}

#[derive(EnvConfig)]
struct Db {
    url: String,
}

fn main() {}
