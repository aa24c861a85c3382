use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig<T> {
    db_url: String,
    #[env(group)]
    db: T,
}

#[derive(EnvConfig)]
struct Db {
    url: String,
}

fn main() {
    let _ = AppConfig::<Db>::from_env();
}
