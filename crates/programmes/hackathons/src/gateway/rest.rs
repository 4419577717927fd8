use std::time::Duration;

use chrono::DateTime;
use github::{gateway::UnpackError, rules::payload::Unexpected};
use kernel::Timestamp;
use platform::{
    Context,
    config::CodeSite,
    flags::Permit,
    jobs::Failure,
    outside::{self, Closed, Http, Limits, backoff, retry_after, silence},
};
use reqwest::{
    Method, RequestBuilder, Response, StatusCode, Url,
    header::{self, HeaderMap},
};
use secrecy::{ExposeSecret as _, SecretString};

use super::{CodeHosts, CutList, HostError};
use crate::rules::hosts::{Dialect, Paged, dialect, next_in_links};

/// The name of code hosts in metrics.
const TARGET: &str = "code_host";

/// The time limit of a request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The time limit of a download, for which callers set their own limits.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The number of times that a request is sent while a code host fails.
const TRIES: u32 = 3;

/// The largest answer that is read, in bytes.
const LARGEST: usize = 16 << 20;

/// The most redirects that are followed, which renamed repositories have.
const MOST_REDIRECTS: usize = 3;

/// The pause after a limit whose end the code host does not tell, and the longest that it can ask for.
const PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// How long to wait while a code host fails, and after a rejected token, which only an operator can replace.
const OUTAGE: Duration = Duration::from_secs(60);
const UNTIL_REPLACED: Duration = Duration::from_secs(15 * 60);

/// The client of a code host's REST API. It only reads, only at the configured address and that of its API, and never follows a
/// redirect to another host.
#[derive(Debug)]
pub(super) struct RestClient {
    name: String,
    address: String,
    api: String,
    dialect: Talk,
    token: Option<SecretString>,
    http: Http,
    downloads: Http,
    limits: Limits,
}

/// The API of a code host.
#[derive(Clone, Copy)]
struct Talk(&'static dyn Dialect);

impl std::fmt::Debug for Talk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dialect")
    }
}

/// The reason why a code host gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RestError {
    /// A limit is reached. It ends after this time.
    #[error("the limit on requests is reached; the next request is possible in {} s", .0.as_secs())]
    Limited(Duration),
    /// It does not respond, or fails.
    #[error("it does not respond ({0})")]
    Unavailable(String),
    /// The answer is too large.
    #[error("its answer is larger than 16 MiB")]
    TooMuch,
    /// The token is not valid.
    #[error("it rejected the token: create a new one and set GUILDHALL_CODE_HOST_TOKENS")]
    BadToken,
    /// It does not exist, or the token may not see it.
    #[error("it knows no such repository or commit")]
    NotFound,
    /// It redirects to another host.
    #[error("it redirects to another host, which is not followed")]
    Elsewhere,
    #[error("it refused the request ({0})")]
    Refused(StatusCode),
    /// A field of the answer has an unexpected type.
    #[error("its answer cannot be read: {0}")]
    Unexpected(String),
}

impl From<Unexpected> for RestError {
    fn from(error: Unexpected) -> Self {
        Self::Unexpected(error.to_string())
    }
}

impl From<UnpackError> for RestError {
    fn from(error: UnpackError) -> Self {
        match error {
            UnpackError::Interrupted(reason) => Self::Unavailable(reason.to_owned()),
            UnpackError::Unreadable(reason) => Self::Unexpected(reason),
        }
    }
}

impl From<Closed> for RestError {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::Limited(wait) => Self::Limited(wait),
            Closed::Failing(wait) => Self::Unavailable(format!(
                "it failed repeatedly; the next request is in {} s",
                wait.as_secs()
            )),
        }
    }
}

pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// The query of a list's next page, if a header names it.
    next: Option<String>,
}

/// The most items that are read of a list, and the most of its pages.
#[derive(Clone, Copy)]
pub(super) struct ListLimit {
    pub(super) items: usize,
    pub(super) pages: usize,
}

/// The circumstances of a request, which the flag permits.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) context: &'a Context,
    pub(super) _permit: &'a Permit<CodeHosts>,
}

impl RestClient {
    /// Creates the client of an allowed code host.
    pub(super) fn new(site: &CodeSite, token: Option<SecretString>) -> Self {
        let dialect = dialect(site.api);
        Self {
            name: site.host().to_owned(),
            api: dialect.api(&site.address),
            address: site.address.clone(),
            dialect: Talk(dialect),
            token,
            http: Http::new(TIMEOUT),
            downloads: Http::new(PATIENCE),
            limits: Limits::default(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect.0
    }

    pub(super) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Returns an error as a job records it.
    pub(super) fn failure(&self, error: &RestError) -> HostError {
        let reason = format!("{}: {error}", self.name);
        HostError(match error {
            RestError::Limited(wait) => Failure::Later(reason, *wait),
            RestError::Unavailable(_) | RestError::TooMuch => Failure::Later(reason, OUTAGE),
            RestError::BadToken => Failure::Later(reason, UNTIL_REPLACED),
            RestError::NotFound
            | RestError::Elsewhere
            | RestError::Refused(_)
            | RestError::Unexpected(_) => Failure::Fail(reason),
        })
    }

    /// Reads a path of the API.
    ///
    /// # Errors
    /// When the code host does not respond, refuses, or a limit is reached.
    pub(super) async fn get(&self, call: Call<'_>, path: &str) -> Result<Body, RestError> {
        let url = format!("{}{path}", self.api);
        let mut response = self.send(call, &self.http, &url).await?;
        let next = text(response.headers(), header::LINK.as_str()).and_then(next_in_links);
        let mut bytes = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| unavailable(&error))? {
            if bytes.len() + part.len() > LARGEST {
                return Err(RestError::TooMuch);
            }
            bytes.extend_from_slice(&part);
        }
        Ok(Body { bytes, next })
    }

    /// Reads a list by its pages, up to a limit.
    ///
    /// # Errors
    /// As [`RestClient::get`].
    pub(super) async fn list<T>(
        &self,
        call: Call<'_>,
        path: &str,
        limit: ListLimit,
        read: impl Fn(&[u8]) -> Result<Paged<T>, Unexpected>,
    ) -> Result<CutList<T>, RestError> {
        let (resource, _) = path.split_once('?').unwrap_or((path, ""));
        let mut items = Vec::new();
        let mut page = path.to_owned();
        for _ in 0..limit.pages {
            let body = self.get(call, &page).await?;
            let read = read(&body.bytes)?;
            items.extend(read.items);
            let next = read.next.or(body.next);
            let is_complete = next.is_none() && items.len() <= limit.items;
            match next.filter(|_| items.len() < limit.items) {
                Some(query) => page = format!("{resource}?{query}"),
                None => {
                    items.truncate(limit.items);
                    return Ok(CutList { items, is_complete });
                }
            }
        }
        Ok(CutList { items, is_complete: false })
    }

    /// Requests the archive of a commit.
    ///
    /// # Errors
    /// As [`RestClient::get`].
    pub(super) async fn archive(
        &self,
        call: Call<'_>,
        path: &str,
        sha: &str,
    ) -> Result<Response, RestError> {
        let url = self.dialect().archive(&self.address, path, sha);
        self.send(call, &self.downloads, &url).await
    }

    /// Requests an address, again while the code host fails, and follows redirects at the same host. Waits for no limit: the caller's
    /// job does that.
    async fn send(&self, call: Call<'_>, http: &Http, url: &str) -> Result<Response, RestError> {
        let mut url = Url::parse(url).map_err(|_| RestError::NotFound)?;
        for _ in 0..=MOST_REDIRECTS {
            let response = self.try_to_send(call, http, &url).await?;
            if !response.status().is_redirection() {
                return self.successful(response, call.context.now());
            }
            let location = text(response.headers(), header::LOCATION.as_str());
            let next = location.and_then(|location| url.join(location).ok());
            match next {
                Some(next) if next.origin() == url.origin() => url = next,
                _ => return Err(RestError::Elsewhere),
            }
        }
        Err(RestError::Elsewhere)
    }

    async fn try_to_send(
        &self,
        call: Call<'_>,
        http: &Http,
        url: &Url,
    ) -> Result<Response, RestError> {
        let mut tries = 0;
        loop {
            self.limits.may_call(call.context.now())?;
            tries += 1;
            let request = http.request(Method::GET, url.as_str());
            let request = request.map_err(|error| unavailable(&error))?;
            let result = outside::send(TARGET, self.signed(request)).await;
            let now = call.context.now();
            let failed = match &result {
                Ok(response) => response.status().is_server_error(),
                Err(_) => true,
            };
            self.limits.circuit.note(!failed, now);
            if !failed || tries == TRIES || self.limits.circuit.open_for(now).is_some() {
                return result.map_err(|error| unavailable(&error));
            }
            let spread = call.context.ids.next().as_bytes()[15];
            tokio::time::sleep(backoff(tries, spread)).await;
        }
    }

    /// Adds the token, if there is one: as the password of a name if it has the form `NAME:PASSWORD`.
    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        let Some(token) = &self.token else {
            return request;
        };
        let token = token.expose_secret();
        match token.split_once(':') {
            Some((name, password)) => request.basic_auth(name, Some(password)),
            None => {
                let scheme = self.dialect().scheme();
                request.header(header::AUTHORIZATION, format!("{scheme} {token}"))
            }
        }
    }

    fn successful(&self, response: Response, now: Timestamp) -> Result<Response, RestError> {
        match response.status() {
            status if status.is_success() => Ok(response),
            StatusCode::TOO_MANY_REQUESTS => {
                let wait = pause(response.headers(), now);
                self.limits.pause(now + wait);
                Err(RestError::Limited(wait))
            }
            StatusCode::UNAUTHORIZED if self.has_token() => Err(RestError::BadToken),
            StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND | StatusCode::GONE => {
                Err(RestError::NotFound)
            }
            status if status.is_server_error() => Err(RestError::Unavailable(status.to_string())),
            status => Err(RestError::Refused(status)),
        }
    }
}

fn unavailable(error: &reqwest::Error) -> RestError {
    RestError::Unavailable(silence(error).to_owned())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Returns how long a code host asks to wait: by `Retry-After`, or by the end of the limit in seconds since 1970
/// (docs.gitlab.com/administration/settings/user_and_ip_rate_limits#response-headers).
fn pause(headers: &HeaderMap, now: Timestamp) -> Duration {
    let asked = text(headers, header::RETRY_AFTER.as_str()).and_then(|it| retry_after(it, now));
    let reset = || {
        let seconds = text(headers, "ratelimit-reset")?.parse().ok()?;
        let at = DateTime::from_timestamp(seconds, 0)?;
        (at - now).to_std().ok()
    };
    let wait = asked.or_else(reset).unwrap_or(PAUSE);
    wait.clamp(Duration::from_secs(1), LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_as_long_as_asked_but_bounded() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).expect("an instant");
        for (name, value, seconds) in [
            ("retry-after", "120", 120),
            ("retry-after", "0", 1),
            ("retry-after", "999999", 3_600),
            ("ratelimit-reset", "1790000030", 30),
            ("x-other", "1", 60),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().expect("a value"));
            assert_eq!(pause(&headers, now).as_secs(), seconds, "{name}: {value}");
        }
    }
}
