//! One request to a Vault, and its answer. Nothing is tried twice here.

use rustify::clients::reqwest::Client as Transport;
use rustify::endpoint::Endpoint;
use rustify::enums::{RequestMethod, RequestType, ResponseType};
use rustify::errors::ClientError;
use serde_json::Value;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;
use vaultrs::api::{EndpointError, EndpointMiddleware, EndpointResult};

use super::config::VaultConfig;
use super::error::{VaultError, VaultErrorKind};
use super::tls;
use crate::redact::Secret;

/// What is sent, and what for.
pub(super) struct Call {
    /// What is to be done, after `cannot`: `read secret/data/app`.
    pub(super) what: String,
    pub(super) path: String,
    /// What is sent; nothing means that something is read.
    pub(super) body: Option<Value>,
}

/// What comes back: the data, and how long it holds.
pub(super) type Reply = EndpointResult<Value>;

/// Sends requests to one Vault, each on its own account.
pub(super) struct Client {
    pub(super) addr: String,
    namespace: Option<String>,
    transport: Transport,
}

impl Client {
    /// Everything that would come from the process's environment is set: its
    /// proxies, and the variables that `vaultrs` reads by itself.
    pub(super) fn new(config: &VaultConfig) -> Result<Self, VaultError> {
        let addr = config.addr.trim_end_matches('/').to_owned();
        let failed = |(kind, reason): (_, String)| {
            let what = format!("prepare to speak to {addr}");
            VaultError::new(kind, &what, reason)
        };
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(config).map_err(failed)?)
            .no_proxy()
            // The token must not go where somebody else points.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(config.connect_timeout)
            .timeout(config.timeout)
            .build()
            .map_err(|err| failed((VaultErrorKind::File, err.to_string())))?;
        Ok(Self {
            transport: Transport::new(&addr, http),
            namespace: config.namespace.clone(),
            addr,
        })
    }

    /// Sends one request. `vaultrs` and what it uses would log each failure
    /// several times; the caller is told once.
    pub(super) async fn send(
        &self,
        token: Option<&Secret<String>>,
        call: Call,
    ) -> Result<Option<Reply>, VaultError> {
        let middleware = EndpointMiddleware {
            token: token
                .map(|token| token.expose().clone())
                .unwrap_or_default(),
            version: "v1".to_owned(),
            wrap: None,
            namespace: self.namespace.clone(),
        };
        let what = call.what.clone();
        let hidden = call.hidden(token);
        let request = call.with_middleware(&middleware);
        let sent = request.exec(&self.transport);
        let body = match sent.with_subscriber(NoSubscriber::default()).await {
            Ok(answer) => answer.raw(),
            Err(err) => return Err(self.explain(&what, err, &hidden)),
        };
        if body.is_empty() {
            return Ok(None);
        }
        let reply = serde_json::from_slice(&body);
        reply.map(Some).map_err(|_| {
            let reason = format!("{} answers with something else than a Vault", self.addr);
            VaultError::new(VaultErrorKind::Other, &what, reason)
        })
    }

    fn explain(&self, what: &str, err: ClientError, hidden: &[String]) -> VaultError {
        match err {
            ClientError::ServerResponseError { code, content } => {
                let said = content.and_then(|text| serde_json::from_str(&text).ok());
                let said = said.map(|EndpointError { errors }| errors.join(", "));
                let (kind, reason) = refusal(code, &said.unwrap_or_default(), hidden);
                VaultError::new(kind, what, format!("{} {reason}", self.addr))
            }
            err => {
                let reason = format!("{} cannot be reached: {}", self.addr, root_cause(&err));
                VaultError::new(VaultErrorKind::Unreachable, what, reason)
            }
        }
    }
}

impl Call {
    pub(super) fn read(path: String) -> Self {
        Self {
            what: format!("read {path}"),
            path,
            body: None,
        }
    }

    /// What must not be quoted, should the answer quote it.
    fn hidden(&self, token: Option<&Secret<String>>) -> Vec<String> {
        let members = self.body.iter().filter_map(Value::as_object).flatten();
        let texts = members.filter_map(|(_, value)| value.as_str());
        let token = token.map(|token| token.expose().as_str());
        let plain = texts.chain(token);
        // As they stand, and as they stand in a body that is quoted.
        plain
            .flat_map(|text| {
                let quoted = Value::from(text).to_string();
                [text.to_owned(), quoted.trim_matches('"').to_owned()]
            })
            .collect()
    }
}

#[async_trait::async_trait]
impl Endpoint for Call {
    type Response = Value;

    const REQUEST_BODY_TYPE: RequestType = RequestType::JSON;
    const RESPONSE_BODY_TYPE: ResponseType = ResponseType::JSON;

    fn path(&self) -> String {
        self.path.clone()
    }

    fn method(&self) -> RequestMethod {
        match self.body {
            Some(_) => RequestMethod::POST,
            None => RequestMethod::GET,
        }
    }

    fn body(&self) -> Result<Option<Vec<u8>>, ClientError> {
        Ok(self.body.as_ref().map(|body| body.to_string().into_bytes()))
    }
}

/// What an answer that is none means. Codes alone do not tell: a lease that is
/// gone and a wrong secret id are both 400, and a missing secret comes with
/// errors, without, or with data.
fn refusal(code: u16, said: &str, hidden: &[String]) -> (VaultErrorKind, String) {
    let has = |words: &[&str]| words.iter().any(|words| said.contains(words));
    let (kind, reason) = match code {
        300..=399 => (VaultErrorKind::Standby, "points to another node"),
        400 if has(&["lease not found", "lease expired"]) => {
            (VaultErrorKind::LeaseGone, "does not know the lease")
        }
        400 if has(&[
            "invalid role",
            "invalid secret",
            "invalid username",
            "wrapping token",
        ]) =>
        {
            (VaultErrorKind::Denied, "refuses the login")
        }
        400 | 405 | 406 | 413 | 415 | 422 => (VaultErrorKind::Invalid, "does not take it"),
        401 | 403 => (VaultErrorKind::Denied, "denies it"),
        404 => (VaultErrorKind::NotFound, "has nothing there"),
        429 => (VaultErrorKind::Throttled, "has had too many requests"),
        472 | 473 => (VaultErrorKind::Standby, "is a standby"),
        500 if has(&["not active", "standby"]) => (VaultErrorKind::Standby, "is a standby"),
        502 | 504 => (VaultErrorKind::Unreachable, "is not behind its proxy"),
        503 if has(&["sealed"]) => (VaultErrorKind::Sealed, "is sealed"),
        503 => (VaultErrorKind::Unreachable, "does not serve"),
        _ => (VaultErrorKind::Other, "refuses it"),
    };
    let quotes = hidden
        .iter()
        .any(|text| !text.is_empty() && said.contains(text));
    let said: String = said.chars().filter(|c| !c.is_control()).take(200).collect();
    if said.is_empty() || quotes {
        return (kind, format!("{reason} ({code})"));
    }
    (kind, format!("{reason} ({code}: {said})"))
}

/// The innermost cause says most: `connection refused`, not `error sending
/// request`.
fn root_cause(err: &ClientError) -> String {
    let mut cause: &dyn std::error::Error = err;
    let mut timed_out = false;
    while let Some(inner) = cause.source() {
        cause = inner;
        timed_out |= cause.downcast_ref().is_some_and(reqwest::Error::is_timeout);
    }
    if timed_out {
        return "it does not answer in time".to_owned();
    }
    cause.to_string()
}
