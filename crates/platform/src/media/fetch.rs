//! Avatars of accounts on GitHub.

use bytes::Bytes;
use reqwest::{Method, Url};

use super::LARGEST_FILE;
use crate::outside::{self, Http};

/// The host of avatars of accounts at github.com.
const AVATARS: &str = "avatars.githubusercontent.com";

/// Fetches an avatar of a GitHub whose pages are at `github`: from its own host, or the one of avatars for github.com.
///
/// # Errors
/// When the address is of another host, or the server does not respond with a file of at most 8 MiB. Returns the cause.
pub async fn fetch(http: &Http, github: &str, avatar: &str) -> Result<Bytes, String> {
    let url = allowed(github, avatar).ok_or("the address is not allowed")?;
    let silent = |error: reqwest::Error| outside::silence(&error).to_owned();
    let request = http.request(Method::GET, url.as_str()).map_err(silent)?;
    let (status, content) = outside::ask_bytes("github", request, LARGEST_FILE)
        .await
        .map_err(|error| error.to_string())?;
    if !status.is_success() {
        return Err(format!("the response has status {status}"));
    }
    Ok(content)
}

fn allowed(github: &str, avatar: &str) -> Option<Url> {
    let (github, avatar) = (Url::parse(github).ok()?, Url::parse(avatar).ok()?);
    let is_own = github.scheme() == avatar.scheme()
        && github.host_str() == avatar.host_str()
        && github.port_or_known_default() == avatar.port_or_known_default();
    let is_public = github.host_str() == Some("github.com")
        && avatar.scheme() == "https"
        && avatar.host_str() == Some(AVATARS)
        && avatar.port().is_none();
    let has_no_user = avatar.username().is_empty() && avatar.password().is_none();
    ((is_own || is_public) && has_no_user).then_some(avatar)
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn avatars_come_from_the_configured_github_only() {
        let github = "https://github.com";
        for (github, avatar, is_allowed) in [
            (github, "https://avatars.githubusercontent.com/u/1?v=4", true),
            (github, "https://github.com/wren.png", true),
            (github, "http://avatars.githubusercontent.com/u/1", false),
            (github, "https://avatars.githubusercontent.com:8443/u/1", false),
            (github, "https://wren@avatars.githubusercontent.com/u/1", false),
            (github, "https://avatars.githubusercontent.com.else.where/u/1", false),
            (github, "file:///etc/passwd", false),
            (github, "", false),
            ("https://git.example", "https://git.example/avatars/1", true),
            ("https://git.example", "https://avatars.githubusercontent.com/u/1", false),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000/avatars/1", true),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4001/avatars/1", false),
        ] {
            assert_eq!(allowed(github, avatar).is_some(), is_allowed, "{avatar}");
        }
    }
}
