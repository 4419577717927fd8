//! Parsers of configuration never panic, whatever an operator writes.

use std::net::IpAddr;

use reqwest::Url;
use testkit::growth::linear;

use super::{CommunityMark, Layers, Network, keys::KEYS, kinds, passwords};
use crate::{command, db::DatabaseUrl, exempt};

/// The text is a file, and the value of each kind of key. Kinds that look up a host or read a file are left out.
#[test]
fn files_and_values() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = &*String::from_utf8_lossy(bytes);
        let _ = Layers::defaults(KEYS).add_toml(text);
        for is_quoted in [true, false] {
            let number: Option<u16> = kinds::whole(1, 100).value(text, is_quoted);
            assert!(number.is_none_or(|number| (1..=100).contains(&number)));
        }
        let _ = kinds::OWN_SECRET.value(text, true);
        let _ = kinds::REDIS.value(text, true);
        let _ = kinds::SMTP.value(text, true);
        let _ = kinds::SLACK.value(text, true);
        let _ = kinds::LOG.value(text, true);
        let _ = kinds::DSN.value(text, true);
        let _ = kinds::ISSUER.value(text, true);
        let _ = kinds::SENDER.value(text, true);
        let _ = kinds::EMAILS.value(text, true);
        if let Some(contact) = kinds::CONTACT.value(text, true) {
            let address = contact.address();
            assert!(["mailto:", "https://", "http://"].iter().any(|it| address.starts_with(it)));
        }
        let _ = kinds::PHONES.value(text, true);
        for (group, _) in kinds::GROUP_ROLES.value(text, true).unwrap_or_default() {
            assert!(!group.is_empty());
        }
        let _ = kinds::ALERT_CHANNELS.value(text, true);
        let dollars = kinds::DOLLARS.value(text, true);
        assert!(dollars.is_none_or(|amount| amount <= 1_000_000_000_000));
        for line in [kinds::COMMUNITY.value(text, true), kinds::DESCRIPTION.value(text, true)] {
            assert!(line.is_none_or(|line| !line.contains(char::is_control)));
        }
        for site in kinds::ORIGINS.value(text, true).unwrap_or_default() {
            assert!(!site.ends_with('/') && site.starts_with("http"), "{site}");
        }
        for site in kinds::CODE_HOSTS.value(text, true).unwrap_or_default() {
            assert!(!site.host().contains('/'), "{}", site.address);
        }
        let _ = kinds::CODE_TOKENS.value(text, true);
        if let Some(schedule) = kinds::BACKUPS.value(text, true) {
            assert_eq!(kinds::BACKUPS.value(&schedule.to_string(), true), Some(schedule));
        }
        let _ = CommunityMark::of(bytes.to_vec());
        if let Some(picture) = kinds::PICTURE.value(text, true) {
            assert!(!picture.as_str().contains(['"', '<', '.']) || text.starts_with("/pictures/"));
        }
        let _ = command::limit(text);
        assert!(command::github_id(text).map_or(true, |id| id > 0));
        let _ = command::span(text);
    }));
}

#[test]
fn networks_and_databases() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = &*String::from_utf8_lossy(bytes);
        let here: IpAddr = "127.0.0.1".parse().expect("an address");
        for network in kinds::NETWORKS.value(text, true).unwrap_or_default() {
            let _ = network.contains(here);
        }
        if let Ok(network) = text.parse::<Network>() {
            let address = text.split('/').next().and_then(|text| text.parse().ok());
            assert!(network.contains(address.expect("an address")), "{text}");
        }
        if let Ok(network) = exempt::read(text) {
            assert_eq!(exempt::read(&network.to_string()), Ok(network));
        }
        if kinds::DATABASE.value(text, true).is_some() {
            let _ = text.parse::<DatabaseUrl>();
        }
        if let Ok(url) = passwords::insert(text, &"a/b%c@d".to_owned().into()) {
            let url = Url::parse(secrecy::ExposeSecret::expose_secret(&url)).expect("a URL");
            assert_eq!(url.password(), Some("a%2Fb%25c%40d"), "{text}");
        }
    }));
}
