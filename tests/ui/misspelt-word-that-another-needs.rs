use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(grop, flatten)]
    log: String,
    #[env(secrt, plain)]
    token: String,
}

fn main() {}
