use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env("PORT")]
    port: u16,
}

fn main() {}
