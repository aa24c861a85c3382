use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(colour = "blue")]
    port: u16,
}

fn main() {}
