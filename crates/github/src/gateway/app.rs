use std::sync::Arc;

use kernel::Timestamp;
use moka::sync::Cache;
use platform::{
    config::Config,
    crypto::RsaKey,
    outside::{self, Http, silence},
};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};

use super::{
    ApiError, Call,
    answer::ApiAnswer,
    request::{TARGET, with_token},
};
use crate::rules::app_token::{InstallationToken, is_usable, to_sign, with_signature};

/// The number of installations whose tokens are remembered.
const INSTALLATIONS: u64 = 10_000;

/// The server's GitHub App, which gets a token for each of its installations. Tokens are only in memory.
#[derive(Debug)]
pub(super) struct App {
    id: i64,
    key: RsaKey,
    base: String,
    http: Arc<Http>,
    /// Tokens by the installation's ID.
    tokens: Cache<i64, Arc<Token>>,
}

#[derive(Debug)]
struct Token {
    text: SecretString,
    expires_at: Timestamp,
}

impl App {
    pub(super) fn of(config: &Config, http: &Arc<Http>) -> Option<Self> {
        let (id, key) = (config.github_app_id, &config.github_app_private_key);
        Some(Self {
            id: id?,
            key: key.clone()?,
            base: config.github_api_url.clone(),
            http: Arc::clone(http),
            tokens: Cache::new(INSTALLATIONS),
        })
    }

    /// Returns the token by which the App itself calls GitHub, for a few minutes.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub(super) fn own_token(&self, now: Timestamp) -> Result<SecretString, ApiError> {
        let signed = to_sign(self.id, now);
        let signature = self.key.sign(signed.as_bytes());
        let signature = signature.map_err(|error| ApiError::Unavailable(error.to_string()))?;
        Ok(with_signature(&signed, &signature).into())
    }

    /// Returns the token of an installation, a new one if the known one ends within a minute.
    ///
    /// # Errors
    /// When GitHub does not respond or refuses, for example because the installation is suspended or deleted.
    pub(super) async fn token(
        &self,
        call: Call<'_>,
        installation: i64,
    ) -> Result<SecretString, ApiError> {
        let known = self.tokens.get(&installation);
        let usable = known.filter(|token| is_usable(token.expires_at, call.context.now()));
        if let Some(token) = usable {
            return Ok(token.text.clone());
        }
        let token = self.create(call, installation).await?;
        let text = token.text.clone();
        self.tokens.insert(installation, Arc::new(token));
        Ok(text)
    }

    /// Returns a token to use instead of one that GitHub no longer accepts.
    ///
    /// # Errors
    /// As [`App::token`].
    pub(super) async fn renewed(
        &self,
        call: Call<'_>,
        installation: i64,
        rejected: &SecretString,
    ) -> Result<SecretString, ApiError> {
        let is_rejected =
            |token: Arc<Token>| token.text.expose_secret() == rejected.expose_secret();
        // Another request may have replaced it already.
        if self.tokens.get(&installation).is_some_and(is_rejected) {
            self.tokens.invalidate(&installation);
        }
        self.token(call, installation).await
    }

    /// Has GitHub create a token of an installation.
    async fn create(&self, call: Call<'_>, installation: i64) -> Result<Token, ApiError> {
        let url = format!("{}/app/installations/{installation}/access_tokens", self.base);
        let failed = |error: reqwest::Error| ApiError::Unavailable(silence(&error).to_owned());
        let request = self.http.request(Method::POST, &url).map_err(failed)?;
        let request = with_token(request, Some(&self.own_token(call.context.now())?));
        let response = outside::send(TARGET, request).await.map_err(failed)?;
        let now = call.context.now();
        let answer = ApiAnswer::read(response, now).await?;
        if answer.status.is_success() {
            let read: InstallationToken = answer.parsed()?;
            return Ok(Token { text: read.token.into(), expires_at: read.expires_at });
        }
        Err(refused(&answer, now))
    }
}

/// Returns the reason that GitHub creates no token.
fn refused(answer: &ApiAnswer, now: Timestamp) -> ApiError {
    if let Some(wait) = answer.stated.refusal(now) {
        return ApiError::Limited(wait);
    }
    match answer.status {
        StatusCode::UNAUTHORIZED => ApiError::BadApp,
        StatusCode::NOT_FOUND | StatusCode::GONE => ApiError::NotInstalled,
        StatusCode::FORBIDDEN if answer.is_suspended() => ApiError::Suspended,
        status if status.is_server_error() => ApiError::Unavailable(status.to_string()),
        status => ApiError::Refused { status: status.as_u16(), message: answer.message() },
    }
}
