use environ::EnvConfig;

type Maybe<T> = Option<T>;

#[derive(EnvConfig)]
struct AppConfig {
    port: Maybe<u16>,
    #[env(group)]
    db: Maybe<Db>,
}

#[derive(EnvConfig)]
struct Db {}

fn main() {}
