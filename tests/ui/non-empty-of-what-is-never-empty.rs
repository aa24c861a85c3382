use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(non_empty)]
    port: u16,
}

fn main() {}
