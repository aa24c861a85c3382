use std::time::Duration;

use environ::EnvConfig;

#[derive(EnvConfig)]
struct AppConfig {
    #[env(unit = "min")]
    unknown: Duration,
    #[env(unit = 5)]
    number: Duration,
    #[env(unit = "s", parse = parse)]
    parsed: Duration,
    #[env(range = "1x"..="1h")]
    range: Duration,
    #[env(range = "1".."2")]
    bare: Duration,
    #[env(len = 64)]
    len: String,
    #[env(expected = "")]
    expected: String,
}

fn parse(_: &str) -> Result<Duration, String> {
    Ok(Duration::ZERO)
}

fn main() {}
