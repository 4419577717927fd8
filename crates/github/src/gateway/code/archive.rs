//! Downloads archives. GitHub's API redirects to another server, which gets no token: an address that needs one contains it.

use std::{
    io::{self, Read},
    time::Duration,
};

use bytes::Bytes;
use platform::outside::{self, GuardError, Guarded, Http, silence};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use tokio::sync::mpsc;

use super::{
    super::{Api, ApiError, Call, request::TARGET},
    named,
};
use crate::{
    model::code::{ArchiveLimits, ArchiveRead, ArchiveStop, ArchivedFile},
    rules::code::archive::read_archive,
};

/// The time limit of a download, for which callers set their own limits.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The parts of a download, and the files of an archive, that wait to be used.
const WAITING: usize = 4;

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
        Self {
            configured: Http::new(PATIENCE),
            guarded: Guarded::new(PATIENCE, Vec::new()),
        }
    }
}

impl Downloads {
    /// Creates a request to the address that the API at `base` redirects to.
    fn request(&self, base: &str, location: &str) -> Result<RequestBuilder, ApiError> {
        let unusable = || ApiError::Unexpected("it redirects to an unusable address".to_owned());
        let failed = |error: reqwest::Error| ApiError::Unavailable(silence(&error).to_owned());
        let address = address(base, location).ok_or_else(unusable)?;
        if address.is_configured {
            let request = self.configured.request(Method::GET, address.url.as_str());
            return request.map_err(failed);
        }
        let request = self.guarded.request(Method::GET, address.url.as_str());
        request.map_err(|error| match error {
            GuardError::Client(error) => failed(error),
            GuardError::Refused(_) => unusable(),
        })
    }
}

/// The address of a download.
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
        mut visit: impl FnMut(ArchivedFile<'_>),
    ) -> Result<ArchiveRead, ApiError> {
        named(full_name, sha)?;
        let mut files = 0;
        let mut count = |file: ArchivedFile<'_>| {
            files += 1;
            visit(file);
        };
        let reading = self.read_archive(call, (full_name, sha), limits, &mut count);
        match tokio::time::timeout(limits.time, reading).await {
            Ok(read) => read,
            Err(_) => Ok(ArchiveRead {
                files,
                stopped_by: Some(ArchiveStop::Time),
            }),
        }
    }

    async fn read_archive(
        &self,
        call: Call<'_>,
        (full_name, sha): (&str, &str),
        limits: ArchiveLimits,
        visit: &mut impl FnMut(ArchivedFile<'_>),
    ) -> Result<ArchiveRead, ApiError> {
        let path = format!("/repos/{full_name}/tarball/{sha}");
        let location = self.redirect(call, &path).await?;
        // A renamed repository redirects to itself.
        if location.contains("/repositories/") {
            return Err(ApiError::NotFound);
        }
        let request = self.downloads().request(self.base(), &location)?;
        let response = outside::send(TARGET, request)
            .await
            .map_err(|error| interrupted(&error))?;
        match response.status() {
            status if status.is_success() => unpack(response, limits, visit).await,
            StatusCode::NOT_FOUND => Err(ApiError::NotFound),
            status => Err(ApiError::Unavailable(status.to_string())),
        }
    }
}

fn interrupted(error: &reqwest::Error) -> ApiError {
    ApiError::Unavailable(silence(error).to_owned())
}

/// A file that was read, on its way to the visitor.
struct Unpacked {
    path: String,
    size: u64,
    contents: Vec<u8>,
}

/// Unpacks a download on a thread of its own while it arrives.
async fn unpack(
    response: Response,
    limits: ArchiveLimits,
    visit: &mut impl FnMut(ArchivedFile<'_>),
) -> Result<ArchiveRead, ApiError> {
    let (parts, arriving) = mpsc::channel(WAITING);
    let (files, mut unpacked) = mpsc::channel(WAITING);
    let reading = tokio::task::spawn_blocking(move || {
        let arriving = Arriving {
            parts: arriving,
            part: Bytes::new(),
        };
        read_archive(arriving, &limits, |file| {
            let file = Unpacked {
                path: file.path.to_owned(),
                size: file.size,
                contents: file.contents.to_owned(),
            };
            // Without a receiver, the download has ended too.
            files.blocking_send(file).ok();
        })
    });
    let visiting = async {
        while let Some(file) = unpacked.recv().await {
            visit(ArchivedFile {
                path: &file.path,
                size: file.size,
                contents: &file.contents,
            });
        }
    };
    let (downloaded, ()) = tokio::join!(download(response, parts), visiting);
    let read = reading.await;
    downloaded?;
    let read = read.map_err(|error| ApiError::Unexpected(error.to_string()))?;
    read.map_err(|error| ApiError::Unexpected(format!("the archive: {error}")))
}

/// A part of a download, or its end.
enum Part {
    Bytes(Bytes),
    End,
}

/// Passes a download on until its end, or until it is no longer read.
async fn download(mut response: Response, parts: mpsc::Sender<Part>) -> Result<(), ApiError> {
    while let Some(bytes) = response
        .chunk()
        .await
        .map_err(|error| interrupted(&error))?
    {
        if parts.send(Part::Bytes(bytes)).await.is_err() {
            return Ok(());
        }
    }
    parts.send(Part::End).await.ok();
    Ok(())
}

/// A download that is read while it arrives. It ends with an error if it is interrupted.
struct Arriving {
    parts: mpsc::Receiver<Part>,
    part: Bytes,
}

impl Read for Arriving {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() {
            match self.parts.blocking_recv() {
                Some(Part::Bytes(part)) => self.part = part,
                Some(Part::End) => return Ok(0),
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let size = self.part.len().min(into.len());
        let part = self.part.split_to(size);
        into[..size].copy_from_slice(&part);
        Ok(size)
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
        assert!(is_same(
            "https://git.guild.example",
            "https://a.git.guild.example"
        ));
        assert!(!is_same(
            "https://git.guild.example",
            "https://evilgit.guild.example"
        ));
        assert!(!is_same(
            "https://api.github.com",
            "https://codeload.github.com"
        ));
        assert!(!is_same("http://127.0.0.1:1", "http://127.0.0.1:2"));
    }
}
