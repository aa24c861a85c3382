use std::str::FromStr;

use environ::EnvConfig;

/// A type that the macro does not know.
struct Token(String);

impl FromStr for Token {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

impl environ::Redacted for Token {}

#[derive(EnvConfig)]
struct AppConfig {
    token: Token,
    #[env(default_from = "https://{token}@db")]
    url: String,
}

fn main() {
    let _ = AppConfig::from_env();
}
