use environ::{EnvConfig, Live};

type Name = Live<String>;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(live)]
    name: Name,
}

fn main() {}
