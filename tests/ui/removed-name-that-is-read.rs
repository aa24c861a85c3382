use environ::EnvConfig;

#[derive(EnvConfig)]
#[env(removed("TLS", "use APP_CERT"))]
struct AppConfig {
    #[env(alias = "TLS")]
    cert: Option<String>,
}

fn main() {}
