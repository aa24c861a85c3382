use environ::EnvConfig;

#[derive(EnvConfig)]
#[env(default = "x")]
struct AppConfig {
    #[env(rename_all = "lowercase")]
    host: String,
}

fn main() {}
