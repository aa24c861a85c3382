//! The configuration of an instance, as `/-/config` shows it.

use std::fmt;
use std::time::Duration;

use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;
use environ::Secret;
use serde_json::Value;

use crate::cli::request::{Request, RequestError, first_line, redacted, status};

/// A larger answer is none of this service.
const MAX_BYTES: usize = 4 * 1024 * 1024;

const PATH: &str = "/-/config";

/// The configuration of an instance. The texts come from a server: they are escaped where they
/// are shown.
#[derive(Debug, Default)]
pub(super) struct Instance {
    pub(super) url: String,
    /// The fingerprint of all variables.
    pub(super) fingerprint: Option<String>,
    /// The variables that have a value.
    pub(super) variables: Vec<Variable>,
}

/// A variable that has a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) origin: String,
    /// The fingerprint of a secret.
    pub(super) fingerprint: Option<String>,
}

impl Instance {
    /// Fetches the configuration. A URL without a path means `/-/config`.
    pub(super) fn fetch(
        url: &Uri,
        token: Option<&Secret<String>>,
        timeout: Duration,
    ) -> Result<Self, FetchError> {
        let authorization = token.map(|token| {
            let token = token.expose();
            format!("Authorization: Bearer {token}\r\n")
        });
        let request = Request {
            url: &with_path(url),
            version: "1.0",
            agent: "compare",
            headers: authorization.as_deref().unwrap_or_default(),
            timeout,
        };
        let answer = request.send(MAX_BYTES, |_| false);
        let answer = answer.map_err(FetchError::Unanswered)?;
        let line = first_line(&answer);
        if status(&line) != Some("200") {
            return Err(FetchError::Refused(line));
        }
        let instance = Self::parse(&answer).ok_or(FetchError::Foreign)?;
        Ok(Self {
            url: redacted(url),
            ..instance
        })
    }

    fn parse(answer: &[u8]) -> Option<Self> {
        let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
        let config: Value = serde_json::from_slice(&answer[head + 4..]).ok()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let variables = config["variables"].as_array()?.iter().map(|variable| {
            Some(Variable {
                name: text(&variable["name"])?,
                value: text(&variable["value"]).unwrap_or_default(),
                origin: text(&variable["origin"])?,
                fingerprint: text(&variable["fingerprint"]),
            })
        });
        Some(Self {
            url: String::new(),
            fingerprint: text(&config["fingerprint"]),
            variables: variables.collect::<Option<_>>()?,
        })
    }

    /// Returns a variable, if it has a value.
    pub(super) fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }
}

fn with_path(url: &Uri) -> Uri {
    if url.path_and_query().is_some_and(|path| path != "/") {
        return url.clone();
    }
    let mut parts = url.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::from_static(PATH));
    Uri::from_parts(parts).unwrap_or_else(|_| url.clone())
}

/// The reason why the configuration of an instance is unknown.
#[derive(Debug)]
pub(super) enum FetchError {
    /// There was no answer.
    Unanswered(RequestError),
    /// The answer begins with this line.
    Refused(String),
    /// The answer is not that of this service.
    Foreign,
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered(err) => write!(f, "{err}"),
            Self::Refused(line) => match status(line) {
                Some("401" | "403") => f.write_str(
                    "the instance wants the token of operators; set APP_ADMIN_TOKEN_FILE",
                ),
                Some("404") => f.write_str(
                    "there is no /-/config; use the address of APP_ADMIN_LISTEN if it is set",
                ),
                _ => write!(f, "the answer is not 200: {line:?}"),
            },
            Self::Foreign => f.write_str("the answer is not the /-/config of this service"),
        }
    }
}

impl std::error::Error for FetchError {}
