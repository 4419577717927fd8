use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::Client;

/// The numbers of open connections by network, so that none can use all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Peers(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// An open connection, counted until it is dropped.
#[derive(Debug)]
pub(super) struct Connected {
    peers: Peers,
    network: IpAddr,
}

impl Peers {
    /// Counts a connection; `None` if its network already has `most`.
    pub(super) fn admit(&self, peer: IpAddr, most: usize) -> Option<Connected> {
        let network = Client(peer.to_canonical()).network();
        let mut open = self.lock();
        let count = open.entry(network).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        let peers = self.clone();
        Some(Connected { peers, network })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        let mut open = self.peers.lock();
        let count = open.get_mut(&self.network);
        let left = count.map_or(0, |count| {
            *count -= 1;
            *count
        });
        if left == 0 {
            open.remove(&self.network);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_a_limited_number_of_connections() {
        let peers = Peers::default();
        let connect = |peer: &str| peers.admit(peer.parse().expect("an address"), 2);
        let first = connect("2001:db8:1:2::1");
        let second = connect("2001:db8:1:2::2");
        assert!(first.is_some() && second.is_some());
        assert!(connect("2001:db8:1:2::3").is_none());
        assert!(connect("2001:db8:1:3::1").is_some());
        drop(first);
        assert!(connect("2001:db8:1:2::3").is_some());
        drop(second);
        assert!(peers.lock().is_empty(), "closed connections are forgotten");
        let mapped = connect("::ffff:203.0.113.9");
        let plain = connect("203.0.113.9");
        assert!(connect("203.0.113.9").is_none());
        drop((mapped, plain));
    }
}
