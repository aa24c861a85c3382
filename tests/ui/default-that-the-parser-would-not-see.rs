use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default = 0o644)]
    mode: u32,
    #[env(default = 0123)]
    zip: String,
}

fn main() {}
