use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default = 8000)]
    port: Option<u16>,
    #[env(default_fn = String::new)]
    host: Option<String>,
    #[env(default)]
    user: Option<String>,
}

fn main() {}
