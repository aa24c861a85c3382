//! Who asked, by the word of proxies that are trusted.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{HeaderMap, HeaderName};
use environ::{EnvValue, Form, Invalid, Text};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Some addresses: one, or all that share a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl EnvValue for Network {
    const FORM: Form = Form::Type("network, like 10.0.0.0/8 or an IP address");

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        let text = text.as_str()?;
        let network = match text.parse::<IpAddr>() {
            Ok(address) => IpNet::from(address),
            Err(_) => text.parse().map_err(Invalid::new)?,
        };
        Ok(Self(network))
    }
}

/// The proxies whose headers are believed.
#[derive(Clone, Debug)]
pub(crate) struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    pub(crate) fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Whether a peer may say who asked, and under which id.
    pub(crate) fn trust(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.0
            .iter()
            .any(|Network(network)| network.contains(&peer))
    }

    /// Gives the client's address: what the last trusted proxy saw. What stands
    /// further left in `X-Forwarded-For` is what a stranger says.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let lines: Vec<_> = headers.get_all(X_FORWARDED_FOR).collect();
        let lines = lines.iter().rev().map(|line| line.to_str());
        for line in lines {
            for hop in line.unwrap_or_default().rsplit(',') {
                if !self.trust(client) {
                    return client;
                }
                let Some(hop) = address(hop.trim()) else {
                    return client;
                };
                client = hop;
            }
        }
        client
    }
}

/// Reads an address that a proxy wrote, some of which add the port.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']'));
    let address = bare.unwrap_or(hop).parse::<IpAddr>().ok();
    let address = address.or_else(|| hop.parse::<SocketAddr>().ok().map(|hop| hop.ip()));
    address.map(|address| address.to_canonical())
}
