use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default = Vec::new())]
    hosts: Vec<String>,
}

fn main() {}
