use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group)]
    db: Db,
}

#[derive(EnvConfig)]
struct Db {
    url: String,
    #[env(name = "APP_DB_URL")]
    whole: Option<String>,
}

fn main() {
    let _ = AppConfig::from_env();
}
