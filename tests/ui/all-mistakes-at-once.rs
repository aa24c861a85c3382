use environ::EnvConfig;

#[derive(EnvConfig)]
#[env(prefix = "APP_", colour = "blue")]
struct AppConfig {
    #[env(defualt = 8000, name)]
    port: u16,
    #[env(group, default)]
    log: Log,
}

fn main() {}
