use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig(u16, String);

fn main() {}
