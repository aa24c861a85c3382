//! Values of your own types: by `FromStr`, by a function, by `EnvValue`.
//!
//! ```console
//! $ APP_REGION=mars APP_LIMIT=64Ki APP_LEVEL=loud cargo run --example own_types; echo $?
//! ```

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::str::FromStr;

use environ::{EnvConfig, EnvValue};

#[derive(Debug, EnvConfig)]
#[env(prefix = "APP")]
struct AppConfig {
    #[env(default = "eu-1")]
    region: Region,
    /// Largest body of a request.
    #[env(default = "1Mi", parse = bytes, expected = "a number of bytes such as 64Ki or 1Mi")]
    limit: u64,
    #[env(default = "quiet")]
    level: Level,
}

/// Any type with `FromStr` is read, if its error displays.
#[derive(Debug, PartialEq)]
struct Region {
    continent: String,
    number: u8,
}

impl FromStr for Region {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (continent, number) = text.split_once('-').ok_or("write it as eu-1")?;
        let number = number
            .parse()
            .map_err(|_| "end it with a number, as in eu-1")?;
        Ok(Self {
            continent: continent.to_owned(),
            number,
        })
    }
}

/// An enum of words. Help and errors list them.
#[derive(Debug, PartialEq, EnvValue)]
enum Level {
    Quiet,
    #[env(alias = "loud")]
    Verbose,
}

fn bytes(text: &str) -> Result<u64, &'static str> {
    let (number, unit) = match text.find(|letter: char| !letter.is_ascii_digit()) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let factor = match unit {
        "" => 1,
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        _ => return Err("the units are Ki and Mi"),
    };
    let number: u64 = number.parse().map_err(|_| "begin it with a number")?;
    number.checked_mul(factor).ok_or("it is too large")
}

fn main() {
    let loaded = AppConfig::loader().load().unwrap_or_else(|err| err.exit());
    let cfg = loaded.config;
    let Region { continent, number } = cfg.region;
    println!("region {number} of {continent}, {} bytes", cfg.limit);
    println!("{:?}", cfg.level);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_read() {
        let pairs = [
            ("APP_REGION", "us-2"),
            ("APP_LIMIT", "64Ki"),
            ("APP_LEVEL", "loud"),
        ];
        let cfg = AppConfig::from_source(pairs).unwrap();
        let region = Region {
            continent: "us".to_owned(),
            number: 2,
        };
        assert_eq!(
            (cfg.region, cfg.limit, cfg.level),
            (region, 65_536, Level::Verbose)
        );
    }

    #[test]
    fn each_type_says_what_is_wrong() {
        let pairs = [
            ("APP_REGION", "mars"),
            ("APP_LIMIT", "64KB"),
            ("APP_LEVEL", "off"),
        ];
        let report = AppConfig::from_source(pairs).unwrap_err().to_string();
        for reason in [
            "write it as eu-1",
            "a number of bytes such as 64Ki or 1Mi",
            "quiet, verbose",
        ] {
            assert!(report.contains(reason), "{report}");
        }
    }
}
