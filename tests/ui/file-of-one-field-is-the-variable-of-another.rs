use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(file)]
    token: String,
    token_file: String,
}

fn main() {}
