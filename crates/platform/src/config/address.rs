use std::net::{SocketAddr, ToSocketAddrs as _};

use serde::{Deserialize, Deserializer, de::Error as _};

/// The address that `text` names: `HOST:PORT`, where the host is a name or a number. Of a name with
/// several addresses the first of IPv4 is taken, so that `localhost` is the same everywhere.
///
/// # Errors
/// A sentence when it names none.
pub fn resolve(text: &str) -> Result<SocketAddr, String> {
    let form = "write HOST:PORT, such as 127.0.0.1:8080";
    let found: Vec<SocketAddr> = text
        .to_socket_addrs()
        .map_err(|error| format!("'{text}' is no address to listen on ({error}): {form}"))?
        .collect();
    let best = found.iter().find(|address| address.is_ipv4());
    best.or(found.first())
        .copied()
        .ok_or_else(|| format!("'{text}' has no address: {form}"))
}

pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    resolve(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_addresses() {
        for (text, address) in [
            ("localhost:8080", "127.0.0.1:8080"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:0", "[::1]:0"),
        ] {
            assert_eq!(resolve(text).expect(text).to_string(), address);
        }
        for wrong in ["", "localhost", "localhost:x", "127.0.0.1", ":::"] {
            let said = resolve(wrong).expect_err(wrong);
            assert!(said.contains("write HOST:PORT"), "{said}");
        }
    }
}
