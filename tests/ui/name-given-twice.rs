use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(alias = "PORT", alias = "PORT")]
    port: u16,
}

fn main() {}
