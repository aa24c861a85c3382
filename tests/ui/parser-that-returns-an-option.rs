use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(parse = port)]
    port: u16,
}

fn port(text: &str) -> Option<u16> {
    text.parse().ok()
}

fn main() {}
