use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(separator = "")]
    hosts: Vec<String>,
    #[env(separator = ";", parse = split)]
    ports: Vec<u16>,
}

fn main() {}
