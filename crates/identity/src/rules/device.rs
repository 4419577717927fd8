use std::net::IpAddr;

/// Letters kept of what a browser calls itself.
const LONGEST: usize = 160;

/// What a browser calls itself, short enough to be listed and without what cannot be seen.
#[must_use]
pub fn device(user_agent: &str) -> String {
    let seen = user_agent.chars().filter(|letter| !letter.is_control());
    seen.take(LONGEST).collect()
}

/// The network that an address is in: enough to know one's own session by, not enough to find a
/// person.
#[must_use]
pub fn address_prefix(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_its_network() {
        for (address, prefix) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:7:8::9", "2001:db8:7::/48"),
        ] {
            assert_eq!(address_prefix(address.parse().expect("an address")), prefix);
        }
    }

    #[test]
    fn a_browsers_name_is_short_and_seen() {
        assert_eq!(device("Owl/1.0 (\u{1b}[31mX11)"), "Owl/1.0 ([31mX11)");
        assert_eq!(device(&"é".repeat(999)).chars().count(), LONGEST);
    }
}
