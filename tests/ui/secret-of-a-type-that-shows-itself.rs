use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(secret)]
    token: String,
    #[env(secret)]
    other: Option<Vec<String>>,
}

fn main() {}
