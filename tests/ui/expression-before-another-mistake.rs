use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default = 60 * 60, nmae = "X")]
    ttl: u32,
    #[env(default_fn = String::new(), nmae = "X")]
    host: String,
}

fn main() {}
