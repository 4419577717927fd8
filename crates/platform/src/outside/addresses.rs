use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::LazyLock,
};

use crate::config::Network;

/// Networks that are not public, from IANA's registries of special-purpose addresses, and the public address of a
/// cloud's metadata service.
const SPECIAL: [&str; 21] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    // Teredo and other protocol assignments.
    "2001::/23",
    "2001:db8::/32",
    // 6to4, which embeds an IPv4 address.
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
];

/// The range of public IPv6 addresses.
const GLOBAL: &str = "2000::/3";

/// The prefix by which IPv6-only networks reach IPv4 addresses (RFC 6052).
const NAT64: &str = "64:ff9b::/96";

static TABLE: LazyLock<(Vec<Network>, Network, Network)> = LazyLock::new(|| {
    let network = |text: &str| text.parse().expect("a network of the table");
    (SPECIAL.into_iter().map(network).collect(), network(GLOBAL), network(NAT64))
});

/// Returns true if an address is public. An address that embeds an IPv4 address by mapping or NAT64 is judged by
/// that.
pub(crate) fn is_public(address: IpAddr) -> bool {
    let (special, global, nat64) = &*TABLE;
    let address = match address.to_canonical() {
        IpAddr::V6(six) if nat64.contains(six.into()) => last_32_bits(six).into(),
        address => address,
    };
    let is_routed = address.is_ipv4() || global.contains(address);
    is_routed && !special.iter().any(|network| network.contains(address))
}

fn last_32_bits(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_purpose_addresses_are_not_public() {
        let public = |text: &str| is_public(text.parse().expect(text));
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a01:4f8::1",
            "64:ff9b::1.1.1.1",
            "::ffff:1.1.1.1",
        ] {
            assert!(public(address), "{address}");
        }
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1.1.1.1",
            "100::1",
            "2001::1",
            "2001:0:a00:1::",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:a00:1::",
            "2002:7f00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!public(address), "{address}");
        }
    }
}
