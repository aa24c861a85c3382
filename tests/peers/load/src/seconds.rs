//! A duration that every contestant can read, each in its own way.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(from = "u64")]
pub(crate) struct Seconds(Duration);

impl From<u64> for Seconds {
    fn from(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}

impl FromStr for Seconds {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse::<u64>().map(Self::from)
    }
}

/// For procenv's reports.
impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_secs().fmt(f)
    }
}
