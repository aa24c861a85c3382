use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(validate = unprivileged)]
    port: u16,
}

fn unprivileged(port: &u16) -> bool {
    *port >= 1024
}

fn main() {}
