//! An HTTP client that takes every answer as it is.

use std::net::SocketAddr;
use std::time::Duration;

use ureq::Agent;
use ureq::http::Request;

/// An answer, as far as the tests look at it.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(this, _)| this == name);
        header.map(|(_, value)| value.as_str())
    }
}

/// A client of one service. A clone shares its connections.
#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    pub(crate) address: SocketAddr,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(30)))
            .build();
        Self {
            agent: config.into(),
            address,
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path)
    }

    pub(crate) fn send(&self, method: &str, path: &str) -> Answer {
        self.try_send(method, path).unwrap()
    }

    /// Fails where the connection does.
    pub(crate) fn try_send(&self, method: &str, path: &str) -> Result<Answer, ureq::Error> {
        self.try_send_with(method, path, &[])
    }

    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.try_send_with("GET", path, headers).unwrap()
    }

    fn try_send_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(())?;
        let mut response = self.agent.run(request)?;
        let headers = response.headers().iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        });
        Ok(Answer {
            headers: headers.collect(),
            status: response.status().as_u16(),
            body: response.body_mut().read_to_string()?,
        })
    }
}
