use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(colour = "blue")]
    port: u16,
}

fn main() {
    // No error on the following line: the mistake above is the only one.
    let _ = AppConfig::from_env();
}
