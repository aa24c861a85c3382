//! The client: connections, the identity, and its current token.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::credentials::Credentials;
use super::error::{Fault, GcpErrorKind};
use super::name::{self, SecretName};
use super::refusal;
use crate::secrets::http::{Answer, Http};
use crate::secrets::token::CurrentToken;

/// A client of Google Secret Manager. Clones share its connections and its token.
///
/// Create it with [`GcpConfig::client`](super::GcpConfig::client).
#[derive(Clone)]
pub struct GcpClient(Arc<Inner>);

struct Inner {
    http: Http,
    credentials: Credentials,
    /// The address without a slash at its end, if it is not Google's own.
    endpoint: Option<String>,
    project: Option<String>,
    machine_project: OnceCell<String>,
    token: CurrentToken,
    timeout: Duration,
}

impl GcpClient {
    /// Creates a client. `endpoint` is the address of the service, if it is not Google's own.
    pub(super) fn new(
        http: Http,
        credentials: Credentials,
        project: Option<String>,
        endpoint: Option<&str>,
        timeout: Duration,
    ) -> Self {
        Self(Arc::new(Inner {
            http,
            project: project.or_else(|| credentials.project.clone()),
            credentials,
            endpoint: endpoint.map(|url| url.trim_end_matches('/').to_owned()),
            machine_project: OnceCell::new(),
            token: CurrentToken::default(),
            timeout,
        }))
    }

    /// Asks for a version of a secret. An answer that is a refusal is an error.
    pub(super) async fn access(&self, name: &SecretName) -> Result<Answer, Fault> {
        let Inner {
            http, credentials, ..
        } = &*self.0;
        let deadline = Instant::now() + self.0.timeout;
        let project = match &name.project {
            Some(project) => project.clone(),
            None => self.project(deadline).await?,
        };
        let url = format!("{}/v1/{}:access", self.address(name), name.path(&project));
        let login = credentials.token(http, deadline);
        let token = self.0.token.or_login(login).await?;
        let mut request = http.with_token(http.get(&url), &token);
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
        Err(refusal::of_secret(
            &answer,
            account.as_deref(),
            &http.hidden,
        ))
    }

    /// Returns the address of the service. A secret that is kept in a region has that
    /// region's.
    fn address(&self, name: &SecretName) -> String {
        match (&self.0.endpoint, &name.location) {
            (Some(endpoint), _) => endpoint.clone(),
            (None, Some(region)) => format!("https://secretmanager.{region}.rep.googleapis.com"),
            (None, None) => "https://secretmanager.googleapis.com".to_owned(),
        }
    }

    async fn project(&self, deadline: Instant) -> Result<String, Fault> {
        let unknown = || {
            let reason = "the project is unknown".to_owned();
            (GcpErrorKind::Unconfigured, reason)
        };
        let Inner {
            http, credentials, ..
        } = &*self.0;
        let project = if let Some(project) = &self.0.project {
            project
        } else {
            let fetched = self.0.machine_project.get_or_try_init(|| async {
                let project = credentials.machine_project(http, deadline).await?;
                project.ok_or_else(unknown)
            });
            fetched.await?
        };
        // It becomes a part of a URL.
        if !name::is_project(project) {
            return Err(unknown());
        }
        Ok(project.clone())
    }
}

/// Without the credentials.
impl fmt::Debug for GcpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GcpClient").finish_non_exhaustive()
    }
}
