use environ::{EnvConfig, EnvValue};

#[derive(EnvValue)]
struct Port(u16);

#[derive(EnvConfig)]
struct AppConfig {
    #[env(unit = "s")]
    port: Port,
}

fn main() {}
