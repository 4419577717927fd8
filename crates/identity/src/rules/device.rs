use std::net::IpAddr;

/// The longest stored user agent, in characters.
const LONGEST: usize = 160;

/// Shortens a user agent for lists and removes its control characters.
#[must_use]
pub fn device(user_agent: &str) -> String {
    let printable = user_agent.chars().filter(|c| !c.is_control());
    printable.take(LONGEST).collect()
}

/// Browsers by a part of their user agent. Those that also name another browser come first.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
];

/// Operating systems by a part of their user agent.
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Returns a device's display name, such as "Firefox on Linux", or the user agent if the browser is
/// unknown.
#[must_use]
pub fn device_name(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        let mut names = names.iter();
        let found = names.find(|(token, _)| user_agent.contains(token));
        found.map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => user_agent.to_owned(),
    }
}

/// Returns the display name of a session's device.
#[must_use]
pub fn session_device(user_agent: Option<&str>) -> String {
    user_agent.map_or_else(|| "Unknown device".to_owned(), device_name)
}

/// Returns whether a device is new, by its name, so that a newer version of a browser is the same device. A
/// person's first device is not new, and a device without a user agent cannot be recognized.
#[must_use]
pub fn is_new_device(known: &[String], user_agent: Option<&str>) -> bool {
    let Some(name) = user_agent.map(device_name) else {
        return false;
    };
    !known.is_empty() && known.iter().all(|known| device_name(known) != name)
}

/// Returns the network of an address, which lets people recognize their own sessions without identifying
/// them.
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
    fn an_address_is_reduced_to_its_network() {
        for (address, prefix) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:7:8::9", "2001:db8:7::/48"),
        ] {
            assert_eq!(address_prefix(address.parse().expect("an address")), prefix);
        }
    }

    #[test]
    fn a_device_has_a_display_name() {
        let like = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";
        for (agent, name) in [
            (format!("{like} Chrome/148.0.0.0 Safari/537.36"), "Chrome on Linux"),
            (format!("{like} Chrome/148.0.0.0 Safari/537.36 Edg/148.0"), "Edge on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0".to_owned(),
                "Firefox on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"
                    .to_owned(),
                "Safari on iPhone",
            ),
            ("Owl/1.0".to_owned(), "Owl/1.0"),
        ] {
            assert_eq!(device_name(&agent), name);
        }
    }

    #[test]
    fn a_device_is_new_when_its_name_is_new() {
        let known = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
        let newer = firefox.replace("150", "151");
        assert!(!is_new_device(&[], Some(firefox)), "the first");
        assert!(!is_new_device(&known(&[firefox]), Some(&newer)));
        assert!(!is_new_device(&known(&["Owl/1.0"]), None));
        assert!(is_new_device(&known(&["Owl/1.0", "Owl/2.0"]), Some(firefox)));
    }

    #[test]
    fn a_user_agent_is_shortened_and_printable() {
        assert_eq!(device("Owl/1.0 (\u{1b}[31mX11)"), "Owl/1.0 ([31mX11)");
        assert_eq!(device(&"é".repeat(999)).chars().count(), LONGEST);
    }
}
