//! The transport below `vaultrs`: like rustify's own, but with a limit on answers.

use http::{HeaderValue, Request, Response};
use rustify::errors::ClientError;

use crate::secrets::limit;

pub(super) struct Transport {
    pub(super) http: reqwest::Client,
    /// Address of the Vault, without a slash at its end.
    pub(super) addr: String,
    /// The header by which the Vault joins a trace.
    pub(super) traceparent: Option<HeaderValue>,
}

impl Transport {
    /// Returns the transport of a single request of a trace.
    pub(super) fn traced(&self, traceparent: Option<String>) -> Self {
        let header = traceparent.and_then(|text| HeaderValue::try_from(text).ok());
        Self {
            http: self.http.clone(),
            addr: self.addr.clone(),
            traceparent: header,
        }
    }
}

#[async_trait::async_trait]
impl rustify::client::Client for Transport {
    fn base(&self) -> &str {
        &self.addr
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, ClientError> {
        let mut request = request;
        if let Some(traceparent) = &self.traceparent {
            let headers = request.headers_mut();
            headers.insert("traceparent", traceparent.clone());
        }
        let request = reqwest::Request::try_from(request)
            .map_err(|source| ClientError::ReqwestBuildError { source })?;
        let (url, method) = (request.url().to_string(), request.method().to_string());
        let answer = self.http.execute(request).await;
        let mut answer = answer.map_err(|err| ClientError::RequestError {
            source: err.into(),
            url,
            method,
        })?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreadable)? {
            limit::push(&mut body, &chunk, &self.addr).map_err(unreadable)?;
        }
        let mut response = Response::new(body);
        *response.status_mut() = answer.status();
        Ok(response)
    }
}

fn unreadable(err: impl std::error::Error + Send + Sync + 'static) -> ClientError {
    ClientError::ResponseError { source: err.into() }
}
