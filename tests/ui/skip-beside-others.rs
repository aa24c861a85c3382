use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(skip, name = "X", default = 1)]
    port: u16,
}

fn main() {}
