use environ::EnvConfig;

#[derive(EnvConfig)]
#[env(prefix = "")]
struct AppConfig {
    #[env(group, flatten)]
    secrets: Secrets,
}

#[derive(EnvConfig)]
enum Secrets {
    Fake,
}

fn main() {
    let _ = AppConfig::from_env();
}
