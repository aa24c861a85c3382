use environ::EnvConfig;

#[derive(EnvConfig)]
enum Secrets {}

fn main() {}
