//! The transport below the SDK: limits answers, and notes the secrets that it sends.

use std::sync::Arc;

use aws_sdk_secretsmanager::config::{
    ConfigBag, HttpClient, RuntimeComponents, RuntimeComponentsBuilder, SharedHttpClient,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use crate::secrets::limit;
use crate::secrets::server_text::{percent_decoded, Hidden};

/// Reads each answer of another client, up to the limit, before the SDK gets it, and
/// hides the secrets in each request from errors.
#[derive(Debug)]
pub(super) struct Guarded {
    http: SharedHttpClient,
    hidden: Arc<Hidden>,
}

impl Guarded {
    pub(super) fn new(http: SharedHttpClient, hidden: &Arc<Hidden>) -> Self {
        let hidden = Arc::clone(hidden);
        Self { http, hidden }
    }
}

impl HttpClient for Guarded {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            http: self.http.http_connector(settings, components),
            hidden: Arc::clone(&self.hidden),
        })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_base_client_config(&self.http, components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_final_config(&self.http, components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.http.connector_metadata()
    }
}

#[derive(Debug)]
struct Connector {
    http: SharedHttpConnector,
    hidden: Arc<Hidden>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        hide_secrets(&request, &self.hidden);
        let address = address(request.uri());
        let answer = self.http.call(request);
        HttpConnectorFuture::new(async move { read(answer.await?, &address).await })
    }
}

/// Headers that hold a token.
const TOKEN_HEADERS: [&str; 3] = [
    "authorization",
    "x-amz-security-token",
    "x-aws-ec2-metadata-token",
];

fn hide_secrets(request: &HttpRequest, hidden: &Hidden) {
    let headers = TOKEN_HEADERS
        .iter()
        .filter_map(|name| request.headers().get(name));
    for text in headers {
        // A signed request names its service and region as well.
        hidden.add(text.rsplit("Signature=").next().unwrap_or_default());
    }
    let body = request.body().bytes().unwrap_or_default();
    let body = String::from_utf8_lossy(body);
    let mut members = body.split('&');
    if let Some(token) = members.find_map(|member| member.strip_prefix("WebIdentityToken=")) {
        hidden.add(&percent_decoded(token));
    }
}

async fn read(mut response: HttpResponse, address: &str) -> Result<HttpResponse, ConnectorError> {
    let mut answer = Vec::new();
    let mut stream = ByteStream::new(response.take_body());
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|err| ConnectorError::io(err.into()))?;
        limit::push(&mut answer, &chunk, address)
            .map_err(|err| ConnectorError::other(err.into(), None))?;
    }
    *response.body_mut() = SdkBody::from(answer);
    Ok(response)
}

/// Returns scheme, host and port.
fn address(uri: &str) -> String {
    let host = uri.find("://").map_or(0, |at| at + 3);
    let end = uri[host..].find('/').map_or(uri.len(), |at| host + at);
    uri[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_ends_before_the_path() {
        for (uri, expected) in [
            ("https://a/b/c", "https://a"),
            ("https://a", "https://a"),
            ("http://127.0.0.1:80/?a=b://c", "http://127.0.0.1:80"),
            ("a/b", "a"),
        ] {
            assert_eq!(address(uri), expected);
        }
    }
}
