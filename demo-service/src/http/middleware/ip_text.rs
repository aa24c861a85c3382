//! An IP address as text.

use std::io::Write;
use std::net::IpAddr;
use std::str;

/// The longest text: IPv6 with an embedded IPv4 address.
const MAX_BYTES: usize = 45;

/// An IP address as text, without an allocation. On the hot path: `fmt` takes longer for
/// an address than for the rest of the access log.
pub(crate) struct IpText {
    bytes: [u8; MAX_BYTES],
    length: usize,
}

impl IpText {
    pub(crate) fn of(address: IpAddr) -> Self {
        let mut text = Self {
            bytes: [0; MAX_BYTES],
            length: 0,
        };
        match address {
            IpAddr::V4(address) => {
                for (index, octet) in address.octets().into_iter().enumerate() {
                    if index > 0 {
                        text.push(b'.');
                    }
                    text.octet(octet);
                }
            }
            IpAddr::V6(address) => {
                let mut rest = &mut text.bytes[..];
                // The array holds the longest text.
                let _ = write!(rest, "{address}");
                text.length = MAX_BYTES - rest.len();
            }
        }
        text
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }

    fn octet(&mut self, octet: u8) {
        if octet >= 100 {
            self.push(b'0' + octet / 100);
        }
        if octet >= 10 {
            self.push(b'0' + octet / 10 % 10);
        }
        self.push(b'0' + octet % 10);
    }

    fn push(&mut self, byte: u8) {
        self.bytes[self.length] = byte;
        self.length += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::IpText;

    #[test]
    fn an_address_is_written_as_the_library_writes_it() {
        let octets = 0..=u8::MAX;
        let version_4 = octets.map(|octet| Ipv4Addr::new(255 - octet, octet, 0, octet).into());
        let version_6 = [
            "::",
            "::1",
            "2001:db8::7",
            "::ffff:255.255.255.255",
            "1111:2222:3333:4444:5555:6666:7777:8888",
        ];
        let version_6 = version_6.into_iter().map(|text| text.parse().unwrap());
        for address in version_4.chain(version_6) {
            let address: IpAddr = address;
            assert_eq!(IpText::of(address).as_str(), address.to_string());
        }
    }
}
