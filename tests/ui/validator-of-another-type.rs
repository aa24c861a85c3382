use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(validate = short)]
    port: u16,
}

fn short(text: &str) -> Result<(), String> {
    Err(text.to_owned())
}

fn main() {}
