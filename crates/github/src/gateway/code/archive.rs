//! Downloads archives. GitHub's API redirects to another server, which gets no token: an address that needs one contains it.

use std::time::Duration;

use platform::outside::{self, GuardError, Guarded, Http, silence};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};

use super::{
    super::{Api, ApiError, Call, request::TARGET},
    named,
    unpack::{UnpackError, unpack},
};
use crate::model::code::{ArchiveLimits, ArchiveRead, ArchivedFile};

/// The time limit of a download, for which callers set their own limits.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The clients for downloads.
#[derive(Debug)]
pub(in super::super) struct Downloads {
    /// For the servers of the configured GitHub.
    configured: Http,
    /// For all others, which must have public addresses.
    guarded: Guarded,
}

impl Default for Downloads {
    fn default() -> Self {
        Self { configured: Http::new(PATIENCE), guarded: Guarded::new(PATIENCE, Vec::new()) }
    }
}

impl Downloads {
    /// Creates a request to the address that the API at `base` redirects to.
    fn request(&self, base: &str, location: &str) -> Result<RequestBuilder, ApiError> {
        let unusable = || ApiError::Unexpected("it redirects to an unusable address".to_owned());
        let address = address(base, location).ok_or_else(unusable)?;
        if address.is_configured {
            let request = self.configured.request(Method::GET, address.url.as_str());
            return request.map_err(|error| interrupted(&error));
        }
        let request = self.guarded.request(Method::GET, address.url.as_str());
        request.map_err(|error| match error {
            GuardError::Client(error) => interrupted(&error),
            GuardError::Refused(_) => unusable(),
        })
    }
}

pub(in super::super) struct Address {
    pub(in super::super) url: Url,
    /// True if it is the configured server's.
    is_configured: bool,
}

/// Returns the address that the API at `base` redirects to, unless it is not as safe.
pub(in super::super) fn address(base: &str, location: &str) -> Option<Address> {
    let base = Url::parse(base).ok()?;
    let url = base.join(location).ok()?;
    let is_safe = match base.scheme() {
        "https" => url.scheme() == "https",
        _ => matches!(url.scheme(), "http" | "https"),
    };
    let is_configured = is_same_operator(&base, &url);
    is_safe.then_some(Address { url, is_configured })
}

/// Returns true if an address is on the server of the API or in a domain below it, as on GitHub Enterprise Server.
fn is_same_operator(base: &Url, url: &Url) -> bool {
    let (Some(own), Some(host)) = (base.host_str(), url.host_str()) else {
        return false;
    };
    let is_same = host == own && base.port_or_known_default() == url.port_or_known_default();
    is_same || (base.domain().is_some() && host.ends_with(&format!(".{own}")))
}

impl Api {
    /// Downloads the archive of a commit and visits its files, until one of the limits is reached; the result names it.
    /// Nothing is written to the disk. Of each file, at most the first MiB is read.
    ///
    /// # Errors
    /// When GitHub knows no such commit, does not respond, refuses, or a limit is reached; or the archive cannot be read.
    pub async fn archive(
        &self,
        call: Call<'_>,
        full_name: &str,
        sha: &str,
        limits: ArchiveLimits,
        visit: impl FnMut(ArchivedFile<'_>),
    ) -> Result<ArchiveRead, ApiError> {
        named(full_name, sha)?;
        unpack(self.tarball(call, full_name, sha), limits, visit).await
    }

    async fn tarball(
        &self,
        call: Call<'_>,
        full_name: &str,
        sha: &str,
    ) -> Result<Response, ApiError> {
        let path = format!("/repos/{full_name}/tarball/{sha}");
        let location = self.redirect(call, &path).await?;
        // A renamed repository redirects to itself.
        if location.contains("/repositories/") {
            return Err(ApiError::NotFound);
        }
        let request = self.downloads().request(self.base(), &location)?;
        let response = outside::send(TARGET, request).await.map_err(|error| interrupted(&error))?;
        match response.status() {
            status if status.is_success() => Ok(response),
            StatusCode::NOT_FOUND => Err(ApiError::NotFound),
            status => Err(ApiError::Unavailable(status.to_string())),
        }
    }
}

fn interrupted(error: &reqwest::Error) -> ApiError {
    ApiError::Unavailable(silence(error).to_owned())
}

impl From<UnpackError> for ApiError {
    fn from(error: UnpackError) -> Self {
        match error {
            UnpackError::Interrupted(reason) => Self::Unavailable(reason.to_owned()),
            UnpackError::Unreadable(reason) => Self::Unexpected(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_configured_servers_need_no_public_address() {
        let github = "https://api.github.com";
        let own = "https://git.guild.example/api/v3";
        let local = "http://127.0.0.1:8090";
        for (base, location, expected) in [
            (github, "https://codeload.github.com/x/tar/y", Some(false)),
            (github, "http://codeload.github.com/x/tar/y", None),
            (github, "https://10.0.0.1/x", Some(false)),
            (github, "file:///etc/passwd", None),
            (own, "https://codeload.git.guild.example/x", Some(true)),
            (own, "/_codeload/x", Some(true)),
            (own, "https://10.0.0.1/x", Some(false)),
            (local, "http://127.0.0.1:8090/_codeload/x", Some(true)),
            (local, "http://127.0.0.1:6379/x", Some(false)),
            (local, "file:///etc/passwd", None),
        ] {
            let found = address(base, location).map(|found| found.is_configured);
            assert_eq!(found, expected, "{base} to {location}");
        }
    }

    #[test]
    fn only_domains_below_the_server_are_its_own() {
        let is_same = |base: &str, url: &str| {
            let parsed = |text: &str| Url::parse(text).expect("a URL");
            is_same_operator(&parsed(base), &parsed(url))
        };
        assert!(is_same("https://git.guild.example", "https://a.git.guild.example"));
        assert!(!is_same("https://git.guild.example", "https://evilgit.guild.example"));
        assert!(!is_same("https://api.github.com", "https://codeload.github.com"));
        assert!(!is_same("http://127.0.0.1:1", "http://127.0.0.1:2"));
    }
}
