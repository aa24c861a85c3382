use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig;

fn main() {}
