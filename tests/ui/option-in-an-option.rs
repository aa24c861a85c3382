use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    port: Option<Option<u16>>,
}

fn main() {}
