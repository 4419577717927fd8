use std::time::Duration;

use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    config::Config,
    flags::{Flag, FlagKind, Outgoing, Permit, Start},
    outside::{self, Http, silence},
};
use reqwest::{Method, RequestBuilder, StatusCode, Url, header};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};

use super::GatewayError;
use crate::model::{AccountKind, GithubAccount, StatedProfile, creation};

/// The name of the service in metrics.
const TARGET: &str = "github";

/// The timeout of each of the two requests, which together fit into the time limit of a response.
const TIMEOUT: Duration = Duration::from_secs(4);

/// The switch for requests to GitHub during sign-in.
#[derive(Debug)]
pub struct GithubSignIn;

impl Outgoing for GithubSignIn {
    const FLAG: &'static Flag = &Flag {
        name: "github_sign_in",
        kind: FlagKind::Outgoing,
        variable: "ENABLE_GITHUB_SIGN_IN",
        start: Start::On,
        description: "Sign-in with GitHub.",
    };
}

/// A client of the OAuth app that people sign in with.
pub struct Github {
    client_id: String,
    client_secret: SecretString,
    /// The base URL of the sign-in pages.
    url: String,
    /// The base URL of the API.
    api: String,
    /// The place where the app is set up, as in [`Config::place`].
    place: String,
    http: Http,
}

#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    access_token: Option<SecretString>,
    #[serde(default)]
    scope: String,
    error: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct UserAnswer {
    id: i64,
    login: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    avatar_url: Option<String>,
    #[serde(default, deserialize_with = "creation")]
    created_at: Option<Timestamp>,
    name: Option<String>,
    bio: Option<String>,
    blog: Option<String>,
}

/// An account with the token that it granted.
#[derive(Debug)]
pub struct Grant {
    pub account: GithubAccount,
    /// The texts of the account about its person.
    pub profile: StatedProfile,
    pub token: SecretString,
    /// The granted scopes, separated by commas.
    pub scopes: String,
}

impl Github {
    /// Creates a client for the configured app, if any.
    #[must_use]
    pub fn of(config: &Config) -> Option<Self> {
        Some(Self {
            client_id: config.github_client_id.clone()?,
            client_secret: config.github_client_secret.clone()?,
            url: config.github_url.clone(),
            api: config.github_api_url.clone(),
            place: config.place("github_client_id"),
            http: Http::new(TIMEOUT),
        })
    }

    /// Returns the URL to sign in at, with a state, a PKCE challenge (S256), the callback and the scope. An empty scope
    /// permits reading public data only.
    #[must_use]
    pub fn authorize_url(
        &self,
        callback: &str,
        state: &str,
        challenge: &str,
        scope: &str,
    ) -> Option<String> {
        let fields = [
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", callback),
            ("state", state),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
            ("scope", scope),
        ];
        let url = format!("{}/login/oauth/authorize", self.url);
        Url::parse_with_params(&url, fields).ok().map(String::from)
    }

    /// Checks that GitHub responds and knows the app. Reading the rate limits does not count against
    /// them (docs.github.com/rest/rate-limit).
    ///
    /// # Errors
    /// Returns the cause and the next step.
    pub async fn answers(&self, _: Permit<GithubSignIn>) -> Result<String, String> {
        let silent = |error: reqwest::Error| format!("{}: {}", self.api, silence(&error));
        let url = format!("{}/rate_limit", self.api);
        let request = self.http.request(Method::GET, &url).map_err(silent)?;
        let secret = Some(self.client_secret.expose_secret());
        let request = request.basic_auth(&self.client_id, secret);
        let answer = outside::send(TARGET, request).await.map_err(silent)?;
        let status = answer.status();
        match status {
            StatusCode::UNAUTHORIZED => Err(format!(
                "GitHub rejected the app's credentials: check its client ID and its secret {}",
                self.place
            )),
            status if status.is_server_error() => Err(format!("{}: {status}", self.api)),
            _ => Ok(format!("{} responds", self.api)),
        }
    }

    /// Returns the account for GitHub's `code`, and its token.
    ///
    /// # Errors
    /// When GitHub rejects the code, the token or the app, or does not respond.
    pub async fn grant(
        &self,
        _: Permit<GithubSignIn>,
        code: &str,
        verifier: &str,
        callback: &str,
        now: Timestamp,
    ) -> Result<Grant, GatewayError> {
        let (token, scopes) = self.exchange(code, verifier, callback).await?;
        let request = self
            .request(Method::GET, &format!("{}/user", self.api))?
            .bearer_auth(token.expose_secret());
        let user: UserAnswer = ask(request).await?;
        let account = GithubAccount {
            github_id: user.id,
            kind: AccountKind::from_github(user.kind.as_deref(), &user.login),
            login: user.login,
            avatar_url: user.avatar_url,
            created_at: user.created_at,
            seen_at: now,
        };
        let profile = StatedProfile { name: user.name, bio: user.bio, blog: user.blog };
        Ok(Grant { account, profile, token, scopes })
    }

    /// Revokes a token on GitHub (docs.github.com/rest/apps/oauth-applications#delete-an-app-token); returns whether
    /// GitHub no longer accepts it.
    pub async fn revoke(&self, _: Permit<GithubSignIn>, token: &SecretString) -> bool {
        let url = format!("{}/applications/{}/token", self.api, self.client_id);
        let Ok(request) = self.request(Method::DELETE, &url) else {
            return false;
        };
        let body = serde_json::json!({ "access_token": token.expose_secret() });
        let secret = Some(self.client_secret.expose_secret());
        let request = request.basic_auth(&self.client_id, secret).json(&body);
        let answer = outside::send(TARGET, request).await;
        // 404 and 422 mean that the token is unknown, so it was revoked before.
        answer.is_ok_and(|answer| {
            let status = answer.status();
            status.is_success() || matches!(status.as_u16(), 404 | 422)
        })
    }

    async fn exchange(
        &self,
        code: &str,
        verifier: &str,
        callback: &str,
    ) -> Result<(SecretString, String), GatewayError> {
        let fields = [
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose_secret()),
            ("code", code),
            ("code_verifier", verifier),
            ("redirect_uri", callback),
        ];
        let url = format!("{}/login/oauth/access_token", self.url);
        let answer: TokenAnswer = ask(self.request(Method::POST, &url)?.form(&fields)).await?;
        match (answer.access_token, answer.error.as_deref()) {
            (Some(token), None) => Ok((token, answer.scope)),
            (_, Some("bad_verification_code")) => Err(bad_code().into()),
            (_, error) => {
                let error = error.unwrap_or("no token");
                Err(GatewayError::App(format!(
                    "GitHub rejected the app ({error}): check its client ID and its secret {}",
                    self.place
                )))
            }
        }
    }

    fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, GatewayError> {
        let unmade = |error: reqwest::Error| GatewayError::App(error.to_string());
        self.http.request(method, url).map_err(unmade)
    }
}

async fn ask<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, GatewayError> {
    let request = request.header(header::ACCEPT, "application/json");
    let answer = outside::send(TARGET, request).await;
    let answer = answer.map_err(|error| silent(&error))?;
    match answer.status() {
        StatusCode::UNAUTHORIZED => Err(dead_token().into()),
        status if status.is_success() => answer.json().await.map_err(|error| silent(&error).into()),
        status => {
            tracing::warn!(%status, "sign-in request to GitHub failed");
            Err(unavailable().into())
        }
    }
}

/// Logs a failed request without its URL, which may contain a code.
fn silent(error: &reqwest::Error) -> Problem {
    let timed_out = error.is_timeout();
    let unreachable = error.is_connect();
    tracing::warn!(timed_out, unreachable, "sign-in request to GitHub failed");
    unavailable()
}

fn unavailable() -> Problem {
    let detail =
        "GitHub is not responding, so you cannot sign in with it. Try again in a few minutes.";
    Problem::new(ProblemKind::Overloaded, "GITHUB_UNAVAILABLE", detail)
}

fn bad_code() -> Problem {
    let detail = "GitHub rejected this sign-in because it was already used or is older than ten minutes. Sign in again.";
    Problem::new(ProblemKind::Malformed, "SIGN_IN_USED", detail)
}

fn dead_token() -> Problem {
    let detail = "GitHub revoked the authorization before this server could read your account. Sign in again, and allow this server to see your account when GitHub asks.";
    Problem::new(ProblemKind::Unauthenticated, "GITHUB_TOKEN_REVOKED", detail)
}

impl std::fmt::Debug for Github {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Github").field("url", &self.url).finish_non_exhaustive()
    }
}
