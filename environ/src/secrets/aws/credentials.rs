//! Credentials of the SDK's chain, whose errors quote the servers of the chain.

use std::fmt;
use std::sync::Arc;

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as ProvideFuture;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_credential_types::Credentials;

use crate::secrets::causes::root_cause;
use crate::secrets::server_text::Hidden;

/// Credentials of another provider, with a reason that may be shown if there are none.
#[derive(Debug)]
pub(super) struct Explained {
    pub(super) provider: SharedCredentialsProvider,
    /// Texts that were sent to the servers of the chain.
    pub(super) hidden: Arc<Hidden>,
}

/// Why there are no credentials, as it may be shown.
#[derive(Debug)]
pub(super) struct Reason {
    text: Option<String>,
    source: CredentialsError,
}

impl Reason {
    pub(super) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.as_deref().unwrap_or("the reason is not shown"))
    }
}

impl std::error::Error for Reason {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl ProvideCredentials for Explained {
    fn provide_credentials<'a>(&'a self) -> ProvideFuture<'a>
    where
        Self: 'a,
    {
        ProvideFuture::new(async {
            let credentials = self.provider.provide_credentials().await;
            credentials.map_err(|err| self.explained(err))
        })
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.provider.fallback_on_interrupt()
    }
}

impl Explained {
    /// Keeps the kind of an error, which decides the remedy.
    fn explained(&self, source: CredentialsError) -> CredentialsError {
        let create = match &source {
            CredentialsError::InvalidConfiguration(_) => CredentialsError::invalid_configuration,
            CredentialsError::ProviderError(_) => CredentialsError::provider_error,
            CredentialsError::Unhandled(_) => CredentialsError::unhandled,
            _ => return source,
        };
        let text = self.hidden.shown(&root_cause(&source));
        create(Reason { text, source })
    }
}
