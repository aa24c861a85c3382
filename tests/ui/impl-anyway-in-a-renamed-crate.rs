mod vendored {
    pub use environ as configuration;
}

use vendored::configuration::EnvConfig;

#[derive(EnvConfig)]
#[env(crate = vendored::configuration)]
struct AppConfig {
    #[env(colour = "blue")]
    port: u16,
}

fn main() {
    let _ = AppConfig::from_env();
}
