//! A network of trusted proxies.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use environ::{EnvValue, Form, Invalid, Text};
use ipnet::{IpNet, Ipv4Net};

/// Some addresses: one, or all that share a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl EnvValue for Network {
    const FORM: Form = Form::noun("network, like 10.0.0.0/8 or an IP address");

    fn from_text(text: &mut Text<'_>) -> Result<Self, Invalid> {
        let text = text.as_str()?;
        let network = match text.parse::<IpAddr>() {
            Ok(address) => IpNet::from(address),
            Err(_) => text.parse().map_err(Invalid::new)?,
        };
        Ok(Self(canonical(network)))
    }
}

/// Returns IPv4 for a network of IPv4 as IPv6 writes it, `::ffff:10.0.0.0/104`, because the address
/// of a peer is IPv4, too.
fn canonical(network: IpNet) -> IpNet {
    let mapped = match network {
        IpNet::V4(_) => None,
        IpNet::V6(network) => network.addr().to_ipv4_mapped().and_then(|address| {
            let prefix = network.prefix_len().checked_sub(96)?;
            Ipv4Net::new(address, prefix).ok()
        }),
    };
    mapped.map_or(network, IpNet::V4)
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Network {
    /// Returns whether the network is larger than any that an organisation has for itself:
    /// `10.0.0.0/8`, or `fc00::/7`.
    pub(crate) fn is_too_wide(&self) -> bool {
        match self.0 {
            IpNet::V4(network) => network.prefix_len() < 8,
            IpNet::V6(network) => {
                let address: Ipv6Addr = network.network();
                let is_private = address.is_unique_local() || address.is_unicast_link_local();
                network.prefix_len() < if is_private { 7 } else { 16 }
            }
        }
    }

    /// Returns whether an address is in the network.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}
