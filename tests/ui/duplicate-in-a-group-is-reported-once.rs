use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group)]
    outer: Outer,
}

#[derive(EnvConfig)]
struct Outer {
    #[env(group)]
    inner: Inner,
}

#[derive(EnvConfig)]
struct Inner {
    db_url: String,
    #[env(group)]
    db: Db,
}

#[derive(EnvConfig)]
struct Db {
    url: String,
}

fn main() {}
