//! One request to a Vault, and its answer. Nothing is retried here.

mod error;
mod observe;
mod refusal;
mod tls;
mod transport;

use std::fmt;
use std::sync::Arc;

use rustify::endpoint::Endpoint;
use rustify::enums::{RequestMethod, RequestType, ResponseType};
use rustify::errors::ClientError;
use serde_json::Value;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;
use vaultrs::api::{EndpointMiddleware, EndpointResult};

pub use error::{VaultError, VaultErrorKind};
pub use observe::{ObserveVault, ObservedRequest};

use super::config::VaultConfig;
use crate::redact::Secret;
use crate::secrets::off_thread::off_thread;
use crate::secrets::server_text::Hidden;
use transport::Transport;

/// Sends requests to one Vault, each independent of the others.
pub(crate) struct Client {
    namespace: Option<String>,
    transport: Transport,
    hidden: Hidden,
    observer: Option<Arc<dyn ObserveVault>>,
}

/// A request.
pub(crate) struct Call {
    /// The purpose of the request, after `cannot`: `read secret/data/app`.
    purpose: String,
    path: String,
    /// `None` for a request that reads.
    body: Option<Value>,
}

/// A Vault redirects from a path with empty parts, as a standby redirects, and a URL forgets the
/// part before `..`.
const NO_NAME: &str = "a part of the path is empty, `.` or `..`; write mounts, paths and roles \
                       without `/` at their begin and end";

/// The path of a URL ends at `?` and `#`, and a URL loses tabs and the ends of lines.
const CUT: &str = "the path has `?`, `#` or a control character; write %3F and %23";

/// Returns the reason why a request would go to another path.
fn fault(path: &str) -> Option<&'static str> {
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Some(NO_NAME);
    }
    let is_lost = |letter: char| letter.is_control() || matches!(letter, '?' | '#');
    path.contains(is_lost).then_some(CUT)
}

/// An answer: the data, and the lease on them.
pub(crate) type Reply = EndpointResult<Value>;

impl Client {
    /// Creates a client that takes nothing from the process's environment: neither
    /// proxies nor the variables that `vaultrs` reads by itself.
    pub(crate) async fn new(
        config: &VaultConfig,
        observer: Option<Arc<dyn ObserveVault>>,
    ) -> Result<Self, VaultError> {
        let addr = config.addr.trim_end_matches('/').to_owned();
        let failed = |(kind, reason): (_, String)| {
            let purpose = format!("prepare to speak to {addr}");
            VaultError::new(kind, &purpose, reason)
        };
        let files = config.clone();
        let tls = off_thread(move || tls::config(&files))
            .await
            .map_err(|err| failed((VaultErrorKind::Other, err.to_string())))?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.map_err(failed)?)
            .no_proxy()
            // A redirect must not carry the token to another server.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(config.connect_timeout)
            .timeout(config.timeout)
            .build()
            .map_err(|err| failed((VaultErrorKind::File, err.to_string())))?;
        Ok(Self {
            transport: Transport {
                http,
                addr,
                traceparent: None,
            },
            namespace: config.namespace.clone(),
            hidden: Hidden::default(),
            observer,
        })
    }

    /// Returns the address of the Vault, without a slash at its end.
    pub(crate) fn addr(&self) -> &str {
        &self.transport.addr
    }

    /// Adds a text that errors must not show, in case the Vault quotes it.
    pub(crate) fn hide(&self, text: &Secret<String>) {
        self.hidden.add(text.expose());
    }

    /// Returns a text of the Vault as an error may show it.
    pub(crate) fn shown(&self, said: &str) -> Option<String> {
        self.hidden.shown(said)
    }

    /// Sends one request. The answer to a request that reads is not empty.
    pub(crate) async fn send(
        &self,
        token: Option<&Secret<String>>,
        call: Call,
    ) -> Result<Option<Reply>, VaultError> {
        let Some(observer) = &self.observer else {
            return self.exchange(&self.transport, token, call).await;
        };
        let request = observer.begin(&call.purpose);
        let transport = self.transport.traced(request.traceparent());
        let reply = self.exchange(&transport, token, call).await;
        request.end(reply.as_ref().map(drop));
        reply
    }

    /// Nothing is logged: `vaultrs` and `rustify` would log each failure several
    /// times, and the caller gets it as an error.
    async fn exchange(
        &self,
        transport: &Transport,
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
        let (purpose, reads) = (call.purpose.clone(), call.body.is_none());
        if let Some(reason) = fault(&call.path) {
            return Err(VaultError::new(VaultErrorKind::Invalid, &purpose, reason));
        }
        self.hide_texts(token, &call);
        let request = call.with_middleware(&middleware);
        let sent = request.exec(transport);
        let body = match sent.with_subscriber(NoSubscriber::default()).await {
            Ok(answer) => answer.raw(),
            Err(err) => return Err(refusal::explain(self.addr(), &purpose, &err, &self.hidden)),
        };
        if body.is_empty() && !reads {
            return Ok(None);
        }
        let reply = serde_json::from_slice(&body);
        reply.map(Some).map_err(|_| {
            let reason = format!("{} answers with something else than a Vault", self.addr());
            VaultError::new(VaultErrorKind::Other, &purpose, reason)
        })
    }

    fn hide_texts(&self, token: Option<&Secret<String>>, call: &Call) {
        if let Some(token) = token {
            self.hide(token);
        }
        let members = call.body.iter().filter_map(Value::as_object).flatten();
        for (name, value) in members {
            match (name.as_str(), value.as_str()) {
                (_, None) | ("role", _) => {}
                // A short id is a word, and would hide half of all messages.
                ("role_id", Some(id)) if id.len() < 8 => {}
                // The path before it is no secret.
                ("lease_id", Some(id)) => {
                    self.hidden.add(id.rsplit('/').next().unwrap_or_default());
                }
                (_, Some(text)) => self.hidden.add(text),
            }
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("addr", &self.addr())
            .finish_non_exhaustive()
    }
}

impl Call {
    pub(crate) fn read(path: String) -> Self {
        Self {
            purpose: format!("read {path}"),
            path,
            body: None,
        }
    }

    pub(crate) fn write(purpose: &str, path: &str, body: Value) -> Self {
        Self {
            purpose: purpose.to_owned(),
            path: path.to_owned(),
            body: Some(body),
        }
    }

    /// Returns the purpose, for an error about the answer.
    pub(crate) fn purpose(&self) -> String {
        self.purpose.clone()
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
