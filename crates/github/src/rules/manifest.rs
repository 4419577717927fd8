//! The manifest from which GitHub creates an App for this server, and the App that it then hands over
//! (docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest).

use std::{collections::BTreeMap, net::IpAddr};

use axum::http::Uri;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use super::events::{self, EVENTS};

/// The path that receives deliveries.
pub const RECEIVER: &str = "/api/v1/webhooks/github";

/// The path to which GitHub leads people who sign in.
const SIGNED_IN: &str = "/sign-in/github/callback";

/// The most characters of an App's name on GitHub.
const LONGEST_NAME: usize = 34;

/// The most characters of a code.
const LONGEST_CODE: usize = 100;

/// An App that GitHub created.
#[derive(Debug, Deserialize)]
pub struct CreatedApp {
    pub id: i64,
    pub client_id: String,
    pub client_secret: SecretString,
    /// The private key in PEM.
    pub pem: SecretString,
    pub webhook_secret: SecretString,
}

/// Returns the manifest of an App for the server at `site`, which leads people back to the page at `path`. The page below it,
/// `created`, gets the code.
#[must_use]
pub fn manifest(community: &str, site: &str, path: &str) -> String {
    let name: String = community.chars().take(LONGEST_NAME).collect();
    let permissions: BTreeMap<&str, &str> =
        EVENTS.iter().map(|event| (event.permission, "read")).collect();
    json!({
        "name": name.trim(),
        "url": site,
        "hook_attributes": { "url": format!("{site}{RECEIVER}"), "active": true },
        "redirect_url": format!("{site}{path}/created"),
        "callback_urls": [format!("{site}{SIGNED_IN}")],
        "setup_url": format!("{site}{path}"),
        "public": false,
        "default_permissions": permissions,
        "default_events": events::names(),
    })
    .to_string()
}

/// Returns true if a text can be a code of GitHub. It goes into a URL.
#[must_use]
pub fn is_code(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=LONGEST_CODE).contains(&text.len()) && text.bytes().all(is_plain)
}

/// Returns true if GitHub can deliver nothing to a site, because only this machine or its network knows the site. A GitHub on this
/// machine, as in tests, reaches all.
#[must_use]
pub fn is_out_of_reach(site: &str, github: &str) -> bool {
    is_near(site) && !is_near(github)
}

/// Returns true if the host of a URL is a name or an address of this machine or its network.
fn is_near(url: &str) -> bool {
    let uri: Option<Uri> = url.parse().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(IpAddr::V4(four)) => {
            four.is_loopback() || four.is_private() || four.is_link_local() || four.is_unspecified()
        }
        Ok(IpAddr::V6(six)) => six.is_loopback() || six.is_unspecified() || six.is_unique_local(),
        Err(_) => {
            let is_below = |end: &str| host.to_ascii_lowercase().ends_with(end);
            !host.contains('.') || [".localhost", ".local", ".internal"].into_iter().any(is_below)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_manifest_names_the_addresses_of_the_server() {
        let text = manifest("Fenwick Commons", "https://fen.example", "/setup/github");
        let found: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(found["name"], "Fenwick Commons");
        assert_eq!(found["hook_attributes"]["url"], "https://fen.example/api/v1/webhooks/github");
        assert_eq!(found["redirect_url"], "https://fen.example/setup/github/created");
        assert_eq!(found["callback_urls"], json!(["https://fen.example/sign-in/github/callback"]));
        let permissions = found["default_permissions"].as_object().expect("permissions");
        assert!(permissions.values().all(|own| own == "read"), "nothing can be changed");
        assert!(permissions.contains_key("issues") && permissions.contains_key("metadata"));
        assert_eq!(found["default_events"], json!(events::names()));
        let long = manifest(&"Ü".repeat(60), "https://fen.example", "/setup/github");
        let found: Value = serde_json::from_str(&long).expect("JSON");
        assert_eq!(found["name"].as_str().map(|name| name.chars().count()), Some(34));
    }

    #[test]
    fn codes_are_plain_text() {
        assert!(is_code("a180b1a3d263c81bc6441d7b990bae27d4c10679"));
        for wrong in ["", "a/b", "a b", "..", "ä", &"a".repeat(101)] {
            assert!(!is_code(wrong), "{wrong}");
        }
    }

    #[test]
    fn github_reaches_public_sites_only() {
        let github = "https://github.com";
        for site in ["https://fen.example", "http://8.8.8.8:8080", "https://[2606:4700::1111]"] {
            assert!(!is_out_of_reach(site, github), "{site}");
        }
        for site in [
            "http://127.0.0.1:8080",
            "http://localhost:8080",
            "http://hall:8080",
            "https://hall.local",
            "http://192.168.0.7",
            "http://[::1]:8080",
            "http://0.0.0.0:8080",
        ] {
            assert!(is_out_of_reach(site, github), "{site}");
            assert!(!is_out_of_reach(site, "http://127.0.0.1:8090"), "{site}");
        }
    }
}
