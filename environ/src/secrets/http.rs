//! One request and its answer, within limits. Nothing is repeated, and nothing is logged.

use std::time::{Duration, SystemTime};

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE};
use reqwest::{Client, RequestBuilder, Url};
use rustls::{CertificateError, ClientConfig};
use serde_json::Value;
use tokio::time::{timeout_at, Instant};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use super::causes::{causes, root_cause};
use super::limit::{self, TooLarge};
use super::server_text::Hidden;
use crate::redact::Secret;

/// Why there is no answer.
pub(super) struct Fault {
    pub(super) kind: FaultKind,
    pub(super) reason: String,
}

/// The kind of a fault. Each cloud has a kind of its own for each.
pub(super) enum FaultKind {
    /// No answer, or no answer in time.
    Unreachable,
    /// The server has no certificate that is trusted.
    Untrusted,
    /// The certificate of the server is not valid yet, because the clock of this machine is wrong.
    Clock,
    /// The answer is larger than 4 MiB.
    TooLarge,
    /// The request cannot be made.
    Request,
}

/// The clock of a server may differ by this time from that of this machine.
const MAX_SKEW: Duration = Duration::from_secs(60);

/// Sends requests to the servers of a cloud, each independent of the others.
pub(super) struct Http {
    client: Client,
    /// Tokens that were sent, in case a server quotes one.
    pub(super) hidden: Hidden,
}

/// An answer, as received.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// The clock of the server.
    date: Option<SystemTime>,
}

impl Http {
    /// Creates a client that takes nothing from the process's environment, such as proxies.
    pub(super) fn new(
        tls: ClientConfig,
        connect_timeout: Duration,
    ) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            // A redirect must not carry the token to another server.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(connect_timeout)
            .build()?;
        Ok(Self {
            client,
            hidden: Hidden::default(),
        })
    }

    pub(super) fn get(&self, url: &str) -> RequestBuilder {
        self.client.get(url)
    }

    /// Creates a request with the fields of a form.
    pub(super) fn post_form(&self, url: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        // A URL encodes its query as a form.
        let form = Url::parse_with_params("form:", fields).ok();
        let form = form.as_ref().and_then(Url::query).unwrap_or_default();
        let request = self.client.post(url).body(form.to_owned());
        request.header(CONTENT_TYPE, "application/x-www-form-urlencoded")
    }

    /// Creates a request with JSON.
    #[cfg(feature = "gcp")]
    pub(super) fn post_json(&self, url: &str, body: &Value) -> RequestBuilder {
        let request = self.client.post(url).body(body.to_string());
        request.header(CONTENT_TYPE, "application/json")
    }

    /// Adds a token to a request.
    pub(super) fn with_token(
        &self,
        request: RequestBuilder,
        token: &Secret<String>,
    ) -> RequestBuilder {
        self.hidden.add(token.expose());
        request.header(AUTHORIZATION, format!("Bearer {}", token.expose()))
    }

    /// Sends a request, and reads its answer until `deadline`.
    pub(super) async fn send(
        &self,
        request: RequestBuilder,
        deadline: Instant,
    ) -> Result<Answer, Fault> {
        let request = request.build().map_err(|err| {
            let reason = self.because("the request cannot be made", &root_cause(&err));
            Fault::new(FaultKind::Request, reason)
        })?;
        let address = request.url().origin().ascii_serialization();
        let sent = self.exchange(request, &address);
        let sent = sent.with_subscriber(NoSubscriber::default());
        match timeout_at(deadline, sent).await {
            Ok(answer) => answer,
            Err(_) => Err(late(&address)),
        }
    }

    async fn exchange(&self, request: reqwest::Request, address: &str) -> Result<Answer, Fault> {
        let failed = |err: reqwest::Error| self.explain(&err, address);
        let mut answer = self.client.execute(request).await.map_err(failed)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            limit::push(&mut body, &chunk, address)
                .map_err(|err: TooLarge| Fault::new(FaultKind::TooLarge, err.to_string()))?;
        }
        let date = answer.headers().get(DATE);
        let date = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        Ok(Answer {
            status: answer.status().as_u16(),
            body,
            date,
        })
    }

    fn explain(&self, err: &reqwest::Error, address: &str) -> Fault {
        let certificate = causes(err).find_map(|cause| match cause.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(reason)) => Some(reason),
            _ => None,
        });
        match certificate {
            Some(CertificateError::UnknownIssuer) => Fault::new(
                FaultKind::Untrusted,
                format!("the certificate of {address} has no trusted issuer"),
            ),
            Some(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
                Fault::new(
                    FaultKind::Clock,
                    format!("the certificate of {address} is not valid yet"),
                )
            }
            _ if err.is_timeout() => late(address),
            _ => Fault::new(
                FaultKind::Unreachable,
                self.because(&format!("{address} cannot be reached"), &root_cause(err)),
            ),
        }
    }

    fn because(&self, failure: &str, cause: &str) -> String {
        match self.hidden.shown(cause) {
            Some(cause) => format!("{failure}: {cause}"),
            None => failure.to_owned(),
        }
    }
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns the JSON of the answer, or `null`.
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns the difference between the clocks if it matters: `90s ahead of`.
    pub(super) fn skew(&self) -> Option<String> {
        let (date, now) = (self.date?, SystemTime::now());
        let (difference, direction) = match now.duration_since(date) {
            Ok(difference) => (difference, "ahead of"),
            Err(err) => (err.duration(), "behind"),
        };
        let seconds = difference.as_secs();
        (difference > MAX_SKEW).then(|| format!("{seconds}s {direction}"))
    }
}

impl Fault {
    fn new(kind: FaultKind, reason: String) -> Self {
        Self { kind, reason }
    }
}

fn late(address: &str) -> Fault {
    let reason = format!("{address} does not answer in time");
    Fault::new(FaultKind::Unreachable, reason)
}

/// Returns whether a text can be sent in a header.
pub(super) fn is_header(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::is_header;

    #[test]
    fn a_header_is_a_word_of_printable_ascii() {
        for (text, is_one) in [
            ("ya29.a0_-~", true),
            ("", false),
            ("two words", false),
            ("line\r\nx-other: 1", false),
            ("größe", false),
        ] {
            assert_eq!(is_header(text), is_one, "{text:?}");
        }
    }
}
