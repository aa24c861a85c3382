//! A network of trusted proxies.

use std::net::IpAddr;

use environ::{EnvValue, Form, Invalid, Text};
use ipnet::IpNet;

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

impl Network {
    /// Returns whether an address is in the network.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}
