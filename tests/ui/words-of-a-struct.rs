use environ::EnvValue;

#[derive(EnvValue)]
struct Level(u8);

fn main() {}
