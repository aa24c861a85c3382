//! The transport below the SDK, with a limit on answers.

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

/// Reads each answer of another client, up to the limit, before the SDK gets it.
#[derive(Debug)]
pub(super) struct Limited(pub(super) SharedHttpClient);

impl HttpClient for Limited {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(self.0.http_connector(settings, components)))
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_base_client_config(&self.0, components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_final_config(&self.0, components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

#[derive(Debug)]
struct Connector(SharedHttpConnector);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let address = address(request.uri());
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move { read(answer.await?, &address).await })
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
