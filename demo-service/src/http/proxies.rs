//! The address of the client behind trusted proxies.

use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use actix_web::http::header::{HeaderMap, HeaderName};
use tracing::warn;

use crate::config::Network;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Headers that only proxies send.
const PROXY_HEADERS: [&str; 3] = ["x-forwarded-for", "x-haproxy-server-state", "forwarded"];

/// The proxies with trusted headers.
#[derive(Clone, Debug)]
pub(super) struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    pub(super) fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Returns whether the headers of a peer are trusted.
    pub(super) fn trust(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.0.iter().any(|network| network.contains(peer))
    }

    /// Logs the first request of the process with a header that is ignored because the peer is
    /// not trusted. Without the line, a proxy that is missing in the configuration goes
    /// unnoticed: every client has its address.
    pub(super) fn report_untrusted(
        &self,
        reported: &Once,
        peer: Option<SocketAddr>,
        headers: &HeaderMap,
    ) {
        if reported.is_completed() {
            return;
        }
        let Some(peer) = peer.map(|peer| peer.ip().to_canonical()) else {
            return;
        };
        let mut names = PROXY_HEADERS.into_iter();
        let ignored = names.find(|name| headers.contains_key(*name));
        if let Some(header) = ignored.filter(|_| !self.trust(peer)) {
            reported.call_once(|| {
                warn!(
                    header,
                    %peer,
                    "a header is ignored because the peer is no trusted proxy; add the network of \
                     your proxy to APP_TRUSTED_PROXIES; later requests are not reported"
                );
            });
        }
    }

    /// Returns the client's address, as the last trusted proxy saw it. Addresses further
    /// left in `X-Forwarded-For` come from strangers.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
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

/// Parses an address as a proxy writes it, with a port or without.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']'));
    let address = bare.unwrap_or(hop).parse::<IpAddr>().ok();
    let address = address.or_else(|| hop.parse::<SocketAddr>().ok().map(|hop| hop.ip()));
    address.map(|address| address.to_canonical())
}
