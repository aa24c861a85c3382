use environ::EnvConfig;

#[derive(EnvConfig)]
struct Db {
    url: String,
}

#[derive(EnvConfig)]
struct AppConfig {
    #[env(group, selector = "TYPE")]
    db: Db,
}

#[derive(EnvConfig)]
enum Via {
    #[env(flatten)]
    Pipe,
    Tcp(Db),
}

fn main() {}
