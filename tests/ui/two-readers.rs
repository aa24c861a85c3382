use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(truthy, json)]
    debug: bool,
    #[env(json, parse = str::parse)]
    port: u16,
    #[env(json, separator = ";")]
    hosts: Vec<String>,
}

fn main() {}
