use environ::EnvValue;

#[derive(EnvValue)]
struct Level(u8, u8);

fn main() {}
