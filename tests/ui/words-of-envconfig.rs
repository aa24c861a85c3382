use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(nested)]
    db: Db,
    #[env(from = "DB_PORT", default = 80)]
    port: u16,
}

#[derive(EnvConfig)]
struct Db {}

fn main() {}
