use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(plain)]
    token: String,
}

fn main() {}
