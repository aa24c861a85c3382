use environ::EnvValue;

#[derive(EnvValue)]
enum Level {
    Info,
    Other(u8),
}

fn main() {}
