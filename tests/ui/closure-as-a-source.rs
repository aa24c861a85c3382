use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    port: u16,
}

fn main() {
    let _ = AppConfig::from_source(|name: &str| Some(name.to_owned()));
}
