//! Addresses that people, issuers and browsers choose are judged without a panic.

use std::net::IpAddr;

use reqwest::Url;
use testkit::growth::linear;

use super::{addresses::is_public, judge};

#[test]
fn addresses() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(url) = Url::parse(&text)
            && judge(&url).is_ok()
        {
            assert!(matches!(url.scheme(), "http" | "https"), "{url}");
            assert_ne!(url.host_str(), Some("127.0.0.1"), "{url}");
        }
        if let Ok(address) = text.parse::<IpAddr>()
            && is_public(address)
        {
            assert!(!address.is_loopback() && !address.is_unspecified(), "{address}");
        }
    }));
}
