use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(name = "PORT")]
    port: u16,
    #[env(alias = "PORT")]
    admin_port: u16,
}

fn main() {}
