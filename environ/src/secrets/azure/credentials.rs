//! The identity: an application with a proof, or that of the machine, to a token.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Url;
use serde_json::Value;
use tokio::time::Instant;

use super::error::{AzureErrorKind, Fault};
use super::refusal;
use crate::redact::{display, Secret};
use crate::secrets::address;
use crate::secrets::http::{self, Answer, FaultKind, Http};
use crate::secrets::off_thread::off_thread;
use crate::secrets::plaintext;
use crate::secrets::token::Token;
use crate::source::file;

/// An identity that requests are sent for.
pub(super) enum Credentials {
    /// An application of Entra ID, or a managed identity that trusts the tokens of a cluster.
    Application {
        /// The address of the tenant's tokens.
        url: String,
        client_id: String,
        proof: Proof,
    },
    /// App Service, Functions and Container Apps give the token of their identity.
    AppService {
        endpoint: String,
        header: Secret<String>,
        /// The identity, if the machine has several.
        client_id: Option<String>,
    },
    /// The metadata server of a virtual machine gives the token of its identity.
    Machine {
        host: String,
        client_id: Option<String>,
    },
}

/// How an application proves its identity. A file is read for each login, because its writer
/// replaces it.
pub(super) enum Proof {
    Secret(Secret<String>),
    SecretFile(PathBuf),
    /// A token of another provider, such as a Kubernetes cluster.
    TokenFile(PathBuf),
}

impl Credentials {
    /// Takes an application of a tenant.
    pub(super) fn of_application(
        authority: &str,
        tenant: Option<&str>,
        client_id: Option<&str>,
        proof: Proof,
    ) -> Result<Self, Fault> {
        let (Some(tenant), Some(client_id)) = (tenant, client_id) else {
            let reason = "credentials need a tenant and a client id".to_owned();
            return Err((AzureErrorKind::Unconfigured, reason));
        };
        // It becomes a part of a URL.
        if !is_tenant(tenant) {
            let reason = "the tenant is neither an id nor a domain".to_owned();
            return Err((AzureErrorKind::Unconfigured, reason));
        }
        is_authority(authority).map_err(|reason| {
            let reason = format!("the authority cannot be used: {reason}");
            (AzureErrorKind::Unconfigured, reason)
        })?;
        let authority = authority.trim_end_matches('/');
        Ok(Self::Application {
            url: format!("{authority}/{tenant}/oauth2/v2.0/token"),
            client_id: client_id.to_owned(),
            proof,
        })
    }

    /// Checks the file or the address of the login, without a request.
    pub(super) async fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Application { proof, .. } => proof.text().await.map(drop),
            Self::AppService { endpoint, .. } => machine_url(endpoint, [].into_iter()).map(drop),
            Self::Machine { .. } => Ok(()),
        }
    }

    /// Logs in, for requests to `resource`.
    pub(super) async fn token(
        &self,
        http: &Http,
        resource: &str,
        deadline: Instant,
    ) -> Result<Token, Fault> {
        match self {
            Self::Application {
                url,
                client_id,
                proof,
            } => application(http, url, client_id, proof, resource, deadline).await,
            Self::AppService {
                endpoint,
                header,
                client_id,
            } => {
                http.hidden.add(header.expose());
                let header = ("x-identity-header", header.expose().as_str());
                let query = [("api-version", "2019-08-01"), ("resource", resource)];
                let client_id = client_id.as_deref();
                machine(http, endpoint, &query, client_id, header, deadline).await
            }
            Self::Machine { host, client_id } => {
                let endpoint = format!("http://{host}/metadata/identity/oauth2/token");
                let query = [("api-version", "2018-02-01"), ("resource", resource)];
                let header = ("metadata", "true");
                let client_id = client_id.as_deref();
                machine(http, &endpoint, &query, client_id, header, deadline).await
            }
        }
    }
}

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Asks Entra ID for a token.
async fn application(
    http: &Http,
    url: &str,
    client_id: &str,
    proof: &Proof,
    resource: &str,
    deadline: Instant,
) -> Result<Token, Fault> {
    let scope = format!("{resource}/.default");
    let text = proof.text().await?;
    http.hidden.add(text.expose());
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_id", client_id),
        ("scope", &scope),
    ];
    if let Proof::TokenFile(_) = proof {
        fields.push(("client_assertion_type", JWT_BEARER));
        fields.push(("client_assertion", text.expose()));
    } else {
        fields.push(("client_secret", text.expose()));
    }
    let answer = http.send(http.post_form(url, &fields), deadline).await?;
    if !answer.is_success() {
        return Err(refusal::of_token(&answer, &http.hidden));
    }
    lent(http, &answer)
}

/// Asks the machine itself for a token.
async fn machine(
    http: &Http,
    endpoint: &str,
    query: &[(&str, &str)],
    client_id: Option<&str>,
    (header, value): (&str, &str),
    deadline: Instant,
) -> Result<Token, Fault> {
    let client_id = client_id.map(|id| ("client_id", id));
    let url = machine_url(endpoint, query.iter().copied().chain(client_id))?;
    let request = http.get(url.as_str()).header(header, value);
    let answer = http.send(request, deadline).await;
    let answer = answer.map_err(|fault| match fault.kind {
        FaultKind::Unreachable => (AzureErrorKind::NoIdentity, fault.reason),
        _ => Fault::from(fault),
    })?;
    if !answer.is_success() {
        return Err(refusal::of_machine(&answer, &http.hidden));
    }
    lent(http, &answer)
}

/// Returns the address of a token of the machine. That of a virtual machine is checked before.
fn machine_url<'q>(
    endpoint: &str,
    query: impl Iterator<Item = (&'q str, &'q str)>,
) -> Result<Url, Fault> {
    Url::parse_with_params(endpoint, query).map_err(|_| {
        let reason = "IDENTITY_ENDPOINT is not a URL".to_owned();
        (AzureErrorKind::Unconfigured, reason)
    })
}

/// Returns the token in an answer.
fn lent(http: &Http, answer: &Answer) -> Result<Token, Fault> {
    let json = answer.json();
    let token = json["access_token"].as_str();
    let token = token.filter(|text| http::is_header(text)).ok_or_else(|| {
        let reason = format!("the answer to the login ({}) has no token", answer.status);
        (AzureErrorKind::Other, reason)
    })?;
    http.hidden.add(token);
    Ok(Token::new(Secret::new(token.to_owned()), lifetime(&json)))
}

/// Returns the lifetime of a token: Entra ID writes seconds as a number, the metadata server as
/// text, and App Service only the time of the end. The default is Entra ID's own.
fn lifetime(json: &Value) -> Duration {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse().ok(),
        number => number.as_u64(),
    };
    let end = || {
        let end = Duration::from_secs(number(&json["expires_on"])?);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        Some(end.saturating_sub(now))
    };
    let seconds = number(&json["expires_in"]).map(Duration::from_secs);
    let lifetime = seconds.or_else(end);
    lifetime.unwrap_or(Duration::from_secs(3_600))
}

impl Proof {
    async fn text(&self) -> Result<Secret<String>, Fault> {
        match self {
            Self::Secret(secret) => Ok(secret.clone()),
            Self::SecretFile(path) | Self::TokenFile(path) => {
                let text = read(path).await;
                text.map_err(|reason| (AzureErrorKind::File, reason))
            }
        }
    }
}

/// Reads a text on a single line.
async fn read(path: &Path) -> Result<Secret<String>, String> {
    let shown = display::path_of_secret(path);
    let path = path.to_owned();
    let text = off_thread(move || file::read(&path)).await;
    let text = text.map_err(file::FileError::Io).and_then(|text| text);
    let text = text.map_err(|err| format!("cannot use {shown}: {err}"))?;
    let text =
        String::from_utf8(text).map_err(|_| format!("cannot use {shown}: it is not text"))?;
    match text.trim() {
        "" => Err(format!("{shown} is empty")),
        text => Ok(Secret::new(text.to_owned())),
    }
}

/// Checks an address that client secrets are sent to.
pub(super) fn is_authority(url: &str) -> Result<(), &'static str> {
    address::is_url(url)?;
    if plaintext::host_of_url(url).is_some() {
        return Err("it must begin with https://");
    }
    Ok(())
}

/// Returns whether a text may be the id or the domain of a tenant.
pub(super) fn is_tenant(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    !text.is_empty() && text.bytes().all(is_part) && !text.starts_with('.')
}
