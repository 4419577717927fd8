use platform::{Context, flags::Permit};
use reqwest::{RequestBuilder, header};
use secrecy::{ExposeSecret as _, SecretString};

use super::GithubApi;

/// The name of the service in metrics.
pub(super) const TARGET: &str = "github_api";

/// The version of the REST API (docs.github.com/rest/about-the-rest-api/api-versions).
const VERSION: &str = "2022-11-28";

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
        Self { context, _permit: permit }
    }
}

/// Adds a token, if there is one, and the headers of GitHub's API to a request.
pub(super) fn with_token(request: RequestBuilder, token: Option<&SecretString>) -> RequestBuilder {
    let request = request
        .header(header::ACCEPT, "application/vnd.github+json")
        .header("x-github-api-version", VERSION);
    match token {
        Some(token) => request.bearer_auth(token.expose_secret()),
        None => request,
    }
}
