use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kernel::{Ids, Timestamp};
use platform::{
    Context,
    config::Config,
    flags::Permit,
    outside::{self, Circuit, Http, silence},
};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

use super::{
    ApiError, GithubApi,
    answer::{Answer, backoff},
};
use crate::rules::payload;

/// The name of the service in metrics.
const TARGET: &str = "github_api";

/// The time limit of a request. GitHub gives up after ten seconds; large pages take a while to transfer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The number of times that a request is sent while GitHub fails.
const TRIES: u32 = 3;

/// The version of the REST API (docs.github.com/rest/about-the-rest-api/api-versions).
const VERSION: &str = "2022-11-28";

/// A client of GitHub's API with one token, which its limits apply to.
pub struct Api {
    /// The base URL, without a trailing slash.
    base: String,
    token: SecretString,
    http: Http,
    circuit: Circuit,
    /// When the next request is possible, after a limit was reached.
    paused_until: Mutex<Option<Timestamp>>,
}

/// The circumstances of a request.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    pub(super) context: &'a Context,
    _permit: &'a Permit<GithubApi>,
}

impl<'a> Call<'a> {
    /// Creates a call, which the flag permits.
    #[must_use]
    pub fn new(context: &'a Context, permit: &'a Permit<GithubApi>) -> Self {
        Self {
            context,
            _permit: permit,
        }
    }
}

/// A resource, unless it is unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read<T> {
    /// It has not changed since the given ETag.
    Unchanged,
    /// Its current state and ETag.
    Changed(T, Option<String>),
}

impl Api {
    /// Creates a client for the configured token, if any.
    #[must_use]
    pub fn of(config: &Config) -> Option<Self> {
        let token = config.github_api_token.clone()?;
        Some(Self::new(config.github_api_url.clone(), token))
    }

    /// Creates a client for the API at `base` with a token.
    #[must_use]
    pub fn new(base: String, token: SecretString) -> Self {
        Self {
            base,
            token,
            http: Http::new(TIMEOUT),
            circuit: Circuit::default(),
            paused_until: Mutex::new(None),
        }
    }

    /// Reads a resource of the REST API, such as `/repositories/7`. A request for an unchanged resource does not count
    /// toward the limit.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn get<T: DeserializeOwned>(
        &self,
        call: Call<'_>,
        path: &str,
        etag: Option<&str>,
    ) -> Result<Read<T>, ApiError> {
        let url = format!("{}{path}", self.base);
        let make = || {
            let request = self.request(Method::GET, &url)?;
            Ok(match etag {
                Some(etag) => request.header(header::IF_NONE_MATCH, etag),
                None => request,
            })
        };
        let answer = self.send(call, make).await?;
        match answer.status {
            StatusCode::NOT_MODIFIED => Ok(Read::Unchanged),
            status if status.is_success() => {
                let read = payload::read(&answer.body);
                let read = read.map_err(|error| ApiError::Unexpected(error.to_string()))?;
                Ok(Read::Changed(read, answer.etag))
            }
            _ => Err(self.refused(call, &answer)),
        }
    }

    /// Sends a query to the GraphQL API and returns the body of its response.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(super) async fn post_query(
        &self,
        call: Call<'_>,
        body: &serde_json::Value,
    ) -> Result<Answer, ApiError> {
        let url = graphql_url(&self.base);
        let make = || Ok(self.request(Method::POST, &url)?.json(body));
        let answer = self.send(call, make).await?;
        match answer.status {
            status if status.is_success() => Ok(answer),
            _ => Err(self.refused(call, &answer)),
        }
    }

    fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, ApiError> {
        let request = self.http.request(method, url);
        let request = request.map_err(|error| ApiError::Unavailable(silence(&error).to_owned()))?;
        Ok(request
            .bearer_auth(self.token.expose_secret())
            .header(header::ACCEPT, "application/vnd.github+json")
            .header("x-github-api-version", VERSION))
    }

    /// Sends a request, and again while GitHub fails. Waits for no limit: the caller's job does that.
    async fn send(
        &self,
        call: Call<'_>,
        make: impl Fn() -> Result<RequestBuilder, ApiError>,
    ) -> Result<Answer, ApiError> {
        self.may_call(call.context.now())?;
        let mut tries = 0;
        loop {
            tries += 1;
            let result = self.send_once(call, make()?).await;
            let now = call.context.now();
            let failed = match &result {
                Ok(answer) => answer.status.is_server_error() && !is_too_much(answer.status),
                Err(error) => matches!(error, ApiError::Unavailable(_)),
            };
            self.circuit.note(!failed, now);
            if !failed || tries == TRIES || self.circuit.open_for(now).is_some() {
                return result;
            }
            tokio::time::sleep(backoff(tries, spread(call.context.ids.as_ref()))).await;
        }
    }

    async fn send_once(&self, call: Call<'_>, request: RequestBuilder) -> Result<Answer, ApiError> {
        let response = outside::send(TARGET, request).await;
        let response =
            response.map_err(|error| ApiError::Unavailable(silence(&error).to_owned()))?;
        let now = call.context.now();
        let answer = Answer::read(response, now).await?;
        let stated = &answer.stated;
        if let Some(wait) = stated.refusal(now).or_else(|| stated.pause(now)) {
            self.pause(now + wait);
        }
        Ok(answer)
    }

    fn may_call(&self, now: Timestamp) -> Result<(), ApiError> {
        if let Some(wait) = self.circuit.open_for(now) {
            let error = format!(
                "it failed repeatedly; the next request is in {} s",
                wait.as_secs()
            );
            return Err(ApiError::Unavailable(error));
        }
        let until = *self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match until.and_then(|until| (until - now).to_std().ok()) {
            Some(wait) if !wait.is_zero() => Err(ApiError::Limited(wait)),
            _ => Ok(()),
        }
    }

    pub(super) fn pause(&self, until: Timestamp) {
        let mut paused = self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *paused = Some(until);
    }

    fn refused(&self, call: Call<'_>, answer: &Answer) -> ApiError {
        if let Some(wait) = answer.stated.refusal(call.context.now()) {
            return ApiError::Limited(wait);
        }
        match answer.status {
            StatusCode::UNAUTHORIZED => ApiError::BadToken,
            StatusCode::NOT_FOUND | StatusCode::GONE => ApiError::NotFound,
            // The repository has another name.
            status if status.is_redirection() => ApiError::NotFound,
            status if is_too_much(status) => ApiError::TooMuch,
            status if status.is_server_error() => ApiError::Unavailable(status.to_string()),
            status => ApiError::Refused {
                status: status.as_u16(),
                message: answer.message(),
            },
        }
    }
}

/// Returns true for the statuses with which GitHub ends a request that takes too long.
fn is_too_much(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT
    )
}

/// Returns the address of the GraphQL API: `/graphql`, or `/api/graphql` beside `/api/v3` on GitHub Enterprise Server
/// (docs.github.com/enterprise-server/graphql/guides/forming-calls-with-graphql).
fn graphql_url(base: &str) -> String {
    let root = base.strip_suffix("/v3").unwrap_or(base);
    format!("{root}/graphql")
}

/// Returns a random byte.
fn spread(ids: &dyn Ids) -> u8 {
    ids.next().as_bytes()[15]
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enterprise_servers_have_another_address_for_queries() {
        for (base, url) in [
            ("https://api.github.com", "https://api.github.com/graphql"),
            (
                "https://git.guild.example/api/v3",
                "https://git.guild.example/api/graphql",
            ),
            ("http://127.0.0.1:8090", "http://127.0.0.1:8090/graphql"),
        ] {
            assert_eq!(graphql_url(base), url);
        }
    }
}
