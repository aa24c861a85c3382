use environ::{EnvConfig, EnvValue};

#[derive(EnvConfig)]
struct AppConfig {
    #[env(non_empty)]
    port: u16,
    #[env(non_empty, len = 1..)]
    newtype: Option<Port>,
}

#[derive(EnvValue)]
struct Port(u16);

fn main() {}
