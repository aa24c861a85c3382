use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(parse = port)]
    port: Option<u16>,
}

fn port(text: &str) -> Result<Option<u16>, String> {
    text.parse().map(Some).map_err(|_| "no port".to_owned())
}

fn main() {}
