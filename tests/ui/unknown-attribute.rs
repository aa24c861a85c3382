use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(defualt = 8000)]
    port: u16,
}

fn main() {}
