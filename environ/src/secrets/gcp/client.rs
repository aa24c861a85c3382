//! The client: connections, the identity, and its current token.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::RequestBuilder;
use serde_json::Value;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::credentials::Credentials;
use super::error::{Fault, GcpErrorKind};
use super::name::{self, SecretName};
use super::refusal::Service;
use crate::redact::Secret;
use crate::secrets::http::{Answer, Http};
use crate::secrets::token::CurrentToken;

/// A client of Google Secret Manager and Cloud KMS. Clones share its connections, its token, and
/// the secrets that it has decrypted.
///
/// Create it with [`GcpConfig::client`](super::GcpConfig::client).
#[derive(Clone)]
pub struct GcpClient(Arc<Inner>);

struct Inner {
    http: Http,
    credentials: Credentials,
    addresses: Addresses,
    machine_project: OnceCell<String>,
    token: CurrentToken,
    timeout: Duration,
    /// The ciphertext of each variable as last decrypted, and its plaintext.
    decrypted: Mutex<HashMap<String, Decrypted>>,
}

type Decrypted = (Vec<u8>, Secret<String>);

/// The places of secrets and of the key.
pub(super) struct Addresses {
    pub(super) project: Option<String>,
    /// The address of Secret Manager, if it is not Google's own.
    pub(super) endpoint: Option<String>,
    /// The name of the key.
    pub(super) key: Option<String>,
    /// The address of Cloud KMS, if it is not Google's own.
    pub(super) kms_endpoint: Option<String>,
}

impl GcpClient {
    pub(super) fn new(
        http: Http,
        credentials: Credentials,
        addresses: Addresses,
        timeout: Duration,
    ) -> Self {
        let project = addresses.project.or_else(|| credentials.project.clone());
        Self(Arc::new(Inner {
            http,
            addresses: Addresses {
                project,
                ..addresses
            },
            credentials,
            machine_project: OnceCell::new(),
            token: CurrentToken::default(),
            timeout,
            decrypted: Mutex::default(),
        }))
    }

    /// Asks for a version of a secret. An answer that is a refusal is an error.
    pub(super) async fn access(&self, name: &SecretName) -> Result<Answer, Fault> {
        let deadline = Instant::now() + self.0.timeout;
        let project = match &name.project {
            Some(project) => project.clone(),
            None => self.project(deadline).await?,
        };
        let url = format!("{}/v1/{}:access", self.address(name), name.path(&project));
        let request = self.0.http.get(&url);
        self.send(request, &Service::SecretManager, deadline).await
    }

    /// Asks for a plaintext. An answer that is a refusal is an error.
    pub(super) async fn decrypt(&self, key: &str, body: &Value) -> Result<Answer, Fault> {
        let deadline = Instant::now() + self.0.timeout;
        let Inner {
            http, addresses, ..
        } = &*self.0;
        // A server may quote a part of its request that it cannot read.
        http.hidden
            .add(body["ciphertext"].as_str().unwrap_or_default());
        let endpoint = addresses.kms_endpoint.as_deref();
        let endpoint = endpoint.unwrap_or("https://cloudkms.googleapis.com");
        let url = format!("{}/v1/{key}:decrypt", endpoint.trim_end_matches('/'));
        let request = http.post_json(&url, body);
        self.send(request, &Service::Kms, deadline).await
    }

    /// Sends a request for the identity.
    async fn send(
        &self,
        request: RequestBuilder,
        service: &Service,
        deadline: Instant,
    ) -> Result<Answer, Fault> {
        let Inner {
            http, credentials, ..
        } = &*self.0;
        let login = credentials.token(http, deadline);
        let token = self.0.token.or_login(login).await?;
        let mut request = http.with_token(request, &token);
        if let Some(project) = &credentials.quota_project {
            request = request.header("x-goog-user-project", project);
        }
        let answer = http.send(request, deadline).await?;
        if answer.is_success() {
            return Ok(answer);
        }
        let account = match answer.status {
            401 => {
                self.0.token.forget(&token).await;
                None
            }
            403 => credentials.account(http, deadline).await,
            _ => None,
        };
        Err(service.refusal(&answer, account.as_deref(), &http.hidden))
    }

    /// Returns the name of the key of Cloud KMS.
    pub(super) fn key(&self) -> Option<&str> {
        self.0.addresses.key.as_deref()
    }

    /// Returns the plaintext of a variable, if this ciphertext was decrypted for it before.
    pub(super) fn decrypted(&self, variable: &str, ciphertext: &[u8]) -> Option<Secret<String>> {
        let decrypted = self.0.decrypted.lock();
        let decrypted = decrypted.unwrap_or_else(PoisonError::into_inner);
        let (known, text) = decrypted.get(variable)?;
        (known == ciphertext).then(|| text.clone())
    }

    /// Keeps the plaintext of a variable, so that an outage of Cloud KMS after the start does no
    /// harm.
    pub(super) fn keep_decrypted(
        &self,
        variable: &str,
        ciphertext: Vec<u8>,
        text: &Secret<String>,
    ) {
        let decrypted = self.0.decrypted.lock();
        let mut decrypted = decrypted.unwrap_or_else(PoisonError::into_inner);
        decrypted.insert(variable.to_owned(), (ciphertext, text.clone()));
    }

    /// Returns the address of the service. A secret that is kept in a region has that
    /// region's.
    fn address(&self, name: &SecretName) -> String {
        match (&self.0.addresses.endpoint, &name.location) {
            (Some(endpoint), _) => endpoint.trim_end_matches('/').to_owned(),
            (None, Some(region)) => format!("https://secretmanager.{region}.rep.googleapis.com"),
            (None, None) => "https://secretmanager.googleapis.com".to_owned(),
        }
    }

    /// Returns the project of the configuration or of the credentials, or `None` if the machine
    /// has to be asked.
    pub(super) fn known_project(&self) -> Result<Option<&str>, Fault> {
        match &self.0.addresses.project {
            Some(project) => usable(project).map(Some),
            None if self.0.credentials.is_of_machine() => Ok(None),
            None => Err(unknown_project()),
        }
    }

    async fn project(&self, deadline: Instant) -> Result<String, Fault> {
        if let Some(project) = self.known_project()? {
            return Ok(project.to_owned());
        }
        let Inner {
            http, credentials, ..
        } = &*self.0;
        let fetched = self.0.machine_project.get_or_try_init(|| async {
            let project = credentials.machine_project(http, deadline).await?;
            project.ok_or_else(unknown_project)
        });
        usable(fetched.await?).map(str::to_owned)
    }

    /// Checks the files of the login, without a request.
    pub(super) async fn check_login(&self) -> Result<(), Fault> {
        self.0.credentials.check().await
    }
}

/// Checks a project, which becomes a part of a URL.
fn usable(project: &str) -> Result<&str, Fault> {
    if name::is_project(project) {
        Ok(project)
    } else {
        Err(unknown_project())
    }
}

fn unknown_project() -> Fault {
    let reason = "the project is unknown".to_owned();
    (GcpErrorKind::Unconfigured, reason)
}

/// Without the credentials.
impl fmt::Debug for GcpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GcpClient").finish_non_exhaustive()
    }
}
