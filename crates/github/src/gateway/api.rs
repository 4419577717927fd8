use std::{sync::Arc, time::Duration};

use kernel::{Ids, Timestamp};
use platform::outside::{self, Http, backoff, silence};
use reqwest::{Method, RequestBuilder, StatusCode, header};
use secrecy::SecretString;
use serde::de::DeserializeOwned;

use super::{
    ApiError, Call,
    answer::ApiAnswer,
    app::App,
    code::Downloads,
    limits::Limits,
    request::{TARGET, with_token},
};

/// The time limit of a request. GitHub gives up after ten seconds; large pages take a while to transfer.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);

/// A client of GitHub's API with one token, which its limits apply to.
pub struct Api {
    /// The base URL, without a trailing slash.
    base: String,
    credential: Credential,
    http: Arc<Http>,
    downloads: Arc<Downloads>,
    /// The number of times that a request is sent while GitHub fails.
    tries: u32,
    limits: Arc<Limits>,
}

/// The origin of the token that requests are sent with.
pub(super) enum Credential {
    /// A token of a person, of the server or of its App.
    Token(SecretString),
    /// The App, and GitHub's ID of one of its installations, whose token is created when it is needed.
    Installation(Arc<App>, i64),
    /// No token: GitHub shows what is public, and limits the requests of this machine.
    Nothing,
}

impl Credential {
    async fn token(&self, call: Call<'_>) -> Result<Option<SecretString>, ApiError> {
        match self {
            Self::Token(token) => Ok(Some(token.clone())),
            Self::Installation(app, id) => app.token(call, *id).await.map(Some),
            Self::Nothing => Ok(None),
        }
    }

    /// Returns a new token instead of one that GitHub does not accept; `None` if there can be none.
    async fn renewed(
        &self,
        call: Call<'_>,
        rejected: &SecretString,
    ) -> Result<Option<SecretString>, ApiError> {
        match self {
            Self::Token(_) | Self::Nothing => Ok(None),
            Self::Installation(app, id) => app.renewed(call, *id, rejected).await.map(Some),
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
    /// Creates a client for the API at `base`, which shares the limits of its token with other clients.
    pub(super) fn sharing(
        base: String,
        credential: Credential,
        (http, downloads): (Arc<Http>, Arc<Downloads>),
        tries: u32,
        limits: Arc<Limits>,
    ) -> Self {
        Self { base, credential, http, downloads, tries, limits }
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn downloads(&self) -> &Downloads {
        &self.downloads
    }

    /// Reads a resource of the REST API, such as `/repositories/7`. A request for an unchanged resource does not count
    /// toward the limit.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        call: Call<'_>,
        path: &str,
        etag: Option<&str>,
    ) -> Result<Read<T>, ApiError> {
        let url = format!("{}{path}", self.base);
        let make = |token: Option<&SecretString>| {
            let request = self.request(token, Method::GET, &url)?;
            Ok(match etag {
                Some(etag) => request.header(header::IF_NONE_MATCH, etag),
                None => request,
            })
        };
        let answer = self.send(call, make).await?;
        match answer.status {
            StatusCode::NOT_MODIFIED => Ok(Read::Unchanged),
            status if status.is_success() => Ok(Read::Changed(answer.parsed()?, answer.etag)),
            _ => Err(self.refused(call, &answer)),
        }
    }

    /// Sends a request to the REST API, and returns its successful response.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(super) async fn ask(
        &self,
        call: Call<'_>,
        method: Method,
        path: &str,
        body: Option<&serde_json::Value>,
    ) -> Result<ApiAnswer, ApiError> {
        let url = format!("{}{path}", self.base);
        let make = |token: Option<&SecretString>| {
            let request = self.request(token, method.clone(), &url)?;
            Ok(match body {
                Some(body) => request.json(body),
                None => request,
            })
        };
        let answer = self.send(call, make).await?;
        if answer.status.is_success() { Ok(answer) } else { Err(self.refused(call, &answer)) }
    }

    /// Requests what GitHub answers with a redirect: returns the address that it redirects to.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(super) async fn redirect(&self, call: Call<'_>, path: &str) -> Result<String, ApiError> {
        let url = format!("{}{path}", self.base);
        let make = |token: Option<&SecretString>| self.request(token, Method::GET, &url);
        let answer = self.send(call, make).await?;
        match (answer.status, &answer.location) {
            (status, Some(location)) if status.is_redirection() => Ok(location.clone()),
            (status, _) if status.is_success() => {
                Err(ApiError::Unexpected("it has no address".to_owned()))
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
    ) -> Result<ApiAnswer, ApiError> {
        let url = graphql_url(&self.base);
        let make =
            |token: Option<&SecretString>| Ok(self.request(token, Method::POST, &url)?.json(body));
        let answer = self.send(call, make).await?;
        match answer.status {
            status if status.is_success() => Ok(answer),
            _ => Err(self.refused(call, &answer)),
        }
    }

    fn request(
        &self,
        token: Option<&SecretString>,
        method: Method,
        url: &str,
    ) -> Result<RequestBuilder, ApiError> {
        let request = self.http.request(method, url);
        let request = request.map_err(|error| ApiError::Unavailable(silence(&error).to_owned()))?;
        Ok(with_token(request, token))
    }

    /// Sends a request, again with a new token if that of an installation ended early, and again while GitHub fails. Waits
    /// for no limit: the caller's job does that.
    async fn send(
        &self,
        call: Call<'_>,
        make: impl Fn(Option<&SecretString>) -> Result<RequestBuilder, ApiError>,
    ) -> Result<ApiAnswer, ApiError> {
        self.limits.may_call(call.context.now())?;
        let token = self.credential.token(call).await?;
        let mut result = self.try_to_send(call, token.as_ref(), &make).await;
        let is_rejected = |answer: &ApiAnswer| answer.status == StatusCode::UNAUTHORIZED;
        if result.as_ref().is_ok_and(is_rejected)
            && let Some(token) = &token
            && let Some(renewed) = self.credential.renewed(call, token).await?
        {
            result = self.try_to_send(call, Some(&renewed), &make).await;
        }
        result
    }

    async fn try_to_send(
        &self,
        call: Call<'_>,
        token: Option<&SecretString>,
        make: &impl Fn(Option<&SecretString>) -> Result<RequestBuilder, ApiError>,
    ) -> Result<ApiAnswer, ApiError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let result = self.send_once(call, make(token)?).await;
            let now = call.context.now();
            let failed = match &result {
                Ok(answer) => answer.status.is_server_error() && !is_too_much(answer.status),
                Err(error) => matches!(error, ApiError::Unavailable(_)),
            };
            self.limits.circuit.note(!failed, now);
            if !failed || tries == self.tries || self.limits.circuit.open_for(now).is_some() {
                return result;
            }
            tokio::time::sleep(backoff(tries, spread(call.context.ids.as_ref()))).await;
        }
    }

    async fn send_once(
        &self,
        call: Call<'_>,
        request: RequestBuilder,
    ) -> Result<ApiAnswer, ApiError> {
        let response = outside::send(TARGET, request).await;
        let response =
            response.map_err(|error| ApiError::Unavailable(silence(&error).to_owned()))?;
        let now = call.context.now();
        let answer = ApiAnswer::read(response, now).await?;
        let stated = &answer.stated;
        if let Some(wait) = stated.refusal(now).or_else(|| stated.pause(now)) {
            self.pause(now + wait);
        }
        Ok(answer)
    }

    pub(super) fn pause(&self, until: Timestamp) {
        self.limits.pause(until);
    }

    fn is_installation(&self) -> bool {
        matches!(self.credential, Credential::Installation(..))
    }

    fn refused(&self, call: Call<'_>, answer: &ApiAnswer) -> ApiError {
        if let Some(wait) = answer.stated.refusal(call.context.now()) {
            return ApiError::Limited(wait);
        }
        match answer.status {
            StatusCode::UNAUTHORIZED => match self.credential {
                Credential::Token(_) => ApiError::BadToken,
                Credential::Installation(..) => ApiError::BadApp,
                Credential::Nothing => ApiError::NotFound,
            },
            StatusCode::FORBIDDEN if self.is_installation() && answer.is_suspended() => {
                ApiError::Suspended
            }
            StatusCode::FORBIDDEN if answer.sso.is_some() => {
                ApiError::SingleSignOn(answer.sso.clone().unwrap_or_default())
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => ApiError::NotFound,
            // The repository has another name.
            status if status.is_redirection() => ApiError::NotFound,
            status if is_too_much(status) => ApiError::TooMuch,
            status if status.is_server_error() => ApiError::Unavailable(status.to_string()),
            status => ApiError::Refused { status: status.as_u16(), message: answer.message() },
        }
    }
}

/// Returns true for the statuses with which GitHub ends a request that takes too long.
fn is_too_much(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT)
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
        f.debug_struct("Api").field("base", &self.base).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enterprise_servers_have_another_address_for_queries() {
        for (base, url) in [
            ("https://api.github.com", "https://api.github.com/graphql"),
            ("https://git.guild.example/api/v3", "https://git.guild.example/api/graphql"),
            ("http://127.0.0.1:8090", "http://127.0.0.1:8090/graphql"),
        ] {
            assert_eq!(graphql_url(base), url);
        }
    }
}
