use std::net::IpAddr;

use ipnet::IpNet;
use kernel::typed::misread;

use crate::{config::Network, outside::is_public};

/// The least prefix of a network of each version of IP: 256 IPv4 addresses, and the 256 /64 networks of a /56.
const LEAST: (u8, u8) = (24, 56);

/// Reads a public network in CIDR notation, such as `198.51.100.0/24`, or a single address.
///
/// # Errors
/// When the text is neither, the network is too large or not public, or bits are set after its prefix. The sentence says what to do.
pub fn read(text: &str) -> Result<Network, String> {
    let text = text.trim();
    let shown: String = text.chars().take(60).collect();
    let one = text.parse::<IpAddr>().map(IpNet::from);
    let Ok(network) = one.or_else(|_| text.parse::<IpNet>()) else {
        let form = ", such as 198.51.100.0/24 or 2001:db8:1200::/56";
        return Err(misread(text, "a network", form));
    };
    let network = as_ipv4(network);
    let least = match network {
        IpNet::V4(_) => LEAST.0,
        IpNet::V6(_) => LEAST.1,
    };
    if network.prefix_len() < least {
        return Err(format!(
            "{shown} is too large. Use at least /{} for IPv4 and /{} for IPv6.",
            LEAST.0, LEAST.1
        ));
    }
    if network.trunc() != network {
        return Err(format!("{shown} has bits after its prefix. Enter {}.", network.trunc()));
    }
    if is_public(network.network()) && is_public(network.broadcast()) {
        Ok(Network::from(network))
    } else {
        Err(format!(
            "{shown} is not public, so no request comes from it. Enter the public network of the place."
        ))
    }
}

/// Returns the IPv4 network that is meant by one of IPv4 addresses that are written as IPv6 ones (RFC 4291, section 2.5.5.2).
fn as_ipv4(network: IpNet) -> IpNet {
    let mapped = match network {
        IpNet::V6(it) => it.addr().to_ipv4_mapped().zip(it.prefix_len().checked_sub(96)),
        IpNet::V4(_) => None,
    };
    let plain = mapped.and_then(|(address, prefix)| IpNet::new(address.into(), prefix).ok());
    plain.unwrap_or(network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_public_networks_are_read() {
        for (text, shown) in [
            (" 93.184.216.0/24 ", "93.184.216.0/24"),
            ("93.184.216.34", "93.184.216.34/32"),
            ("2606:2800:220::/56", "2606:2800:220::/56"),
            ("2606:2800:220:0:0::/64", "2606:2800:220::/64"),
            ("::ffff:93.184.216.0/120", "93.184.216.0/24"),
        ] {
            assert_eq!(read(text).expect(text).to_string(), shown);
        }
        for (text, says) in [
            ("", "Enter a network, such as"),
            ("hall", "is not a network"),
            ("93.184.216.0/33", "is not a network"),
            ("93.184.0.0/16", "is too large"),
            ("2606:2800::/32", "is too large"),
            ("0.0.0.0/0", "is too large"),
            ("93.184.216.34/24", "Enter 93.184.216.0/24."),
            ("10.1.2.0/24", "is not public"),
            ("127.0.0.1", "is not public"),
            ("fd00::/64", "is not public"),
            ("::1", "is not public"),
            ("::ffff:10.0.0.0/120", "is not public"),
            ("::ffff:93.184.0.0/112", "is too large"),
        ] {
            let refused = read(text).expect_err(text);
            assert!(refused.contains(says), "{text}: {refused}");
        }
    }
}
