use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(default = "x", default_fn = String::new)]
    host: String,
}

fn main() {}
