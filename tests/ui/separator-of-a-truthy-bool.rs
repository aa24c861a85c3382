use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(truthy, separator = ";")]
    verbose: bool,
}

fn main() {}
