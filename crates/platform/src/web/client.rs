use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::Request;
use ipnet::Ipv6Net;

use super::serve::Peer;
use crate::config::Network;

/// The client address of a request, determined from the connection and the trusted proxies.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub IpAddr);

impl Client {
    /// Determines the client address: the last address on the way that is not a trusted proxy.
    pub(super) fn of(request: &Request, proxies: &[Network]) -> Self {
        let is_proxy = |address: &IpAddr| proxies.iter().any(|proxy| proxy.contains(*address));
        let peer = request.extensions().get::<Peer>();
        let mut nearest = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.0.to_canonical());
        let lines = request.headers().get_all("x-forwarded-for").iter().rev();
        let mut hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        while is_proxy(&nearest) {
            // A trusted proxy writes no invalid hop.
            let Some(address) = hops.next().and_then(address) else {
                break;
            };
            nearest = address.to_canonical();
        }
        Self(nearest)
    }

    /// Returns the network that one client is likely to control: an IPv4 address or an IPv6 /64.
    #[must_use]
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => Ipv6Net::new_assert(address, 64).network().into(),
        }
    }
}

/// Parses an address written by a proxy; some add the port.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let alone = hop.parse().ok();
    alone.or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &[&str]) -> String {
        let mut request = Request::builder();
        for line in forwarded {
            request = request.header("x-forwarded-for", *line);
        }
        let mut request = request.body("".into()).expect("a request");
        let peer = Peer(peer.parse().expect("an address"));
        request.extensions_mut().insert(peer);
        let proxies = ["10.0.0.0/8".parse().expect("a network")];
        Client::of(&request, &proxies).0.to_string()
    }

    #[test]
    fn only_trusted_proxies_set_the_client_address() {
        assert_eq!(of("198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        assert_eq!(of("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(of("10.0.0.1", &["1.2.3.4, 203.0.113.9, 10.0.0.2"]), "203.0.113.9");
        assert_eq!(of("10.0.0.1", &["1.2.3.4", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(of("10.0.0.1", &["203.0.113.9:51234"]), "203.0.113.9");
        assert_eq!(of("10.0.0.1", &["[2001:db8::1]:51234"]), "2001:db8::1");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &["1.2.3.4, unknown"]), "10.0.0.1");
    }

    #[test]
    fn ipv6_clients_are_grouped_by_64() {
        let network = |text: &str| {
            let client = Client(text.parse().expect("an address"));
            client.network().to_string()
        };
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
        assert_eq!(network("2001:db8:1:2:3::4"), "2001:db8:1:2::");
    }
}
