use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    config::Config,
    flags::{Flag, FlagKind, Outgoing, Permit, Start},
    outside::{self, Answer, Http},
};
use reqwest::{Method, RequestBuilder, Url, header};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, de::DeserializeOwned};

use super::{GatewayError, SignInAttempt};
use crate::{
    model::{OpenIdAccount, Role},
    rules::{self, Claims, Expected, Jwk, TokenFault},
};

/// The timeout of each request. The four of a callback together fit into the time limit of a response.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How long an issuer's metadata is cached.
const CACHED: TimeDelta = TimeDelta::hours(1);

/// The longest stored name of an account, in characters.
const LONGEST_NAME: usize = 100;

/// The switch for requests to the OpenID Connect issuer during sign-in.
#[derive(Debug)]
pub struct OpenIdSignIn;

impl Outgoing for OpenIdSignIn {
    const FLAG: &'static Flag = &Flag {
        name: "openid_sign_in",
        kind: FlagKind::Outgoing,
        variable: "ENABLE_OPENID_SIGN_IN",
        start: Start::On,
        description: "Sign-in with the OpenID Connect issuer.",
    };
}

/// A client of the OpenID Connect issuer that people sign in with.
pub struct OpenId {
    issuer: String,
    client_id: String,
    client_secret: SecretString,
    name: String,
    /// Groups with the roles that the operator gives them.
    roles: Vec<(String, Role)>,
    http: Http,
    known: Mutex<Option<(Timestamp, Arc<DiscoveredIssuer>)>>,
}

/// An issuer's metadata and keys.
struct DiscoveredIssuer {
    about: About,
    keys: Vec<Jwk>,
}

/// The required part of the metadata (OpenID Connect Discovery 1.0, section 3).
#[derive(Deserialize)]
pub(super) struct About {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// A key set, in which unknown kinds of keys are skipped.
#[derive(Deserialize)]
pub(super) struct KeySet {
    keys: Vec<serde_json::Value>,
}

impl KeySet {
    pub(super) fn known(self) -> Vec<Jwk> {
        let keys = self.keys.into_iter();
        keys.filter_map(|key| serde_json::from_value(key).ok()).collect()
    }
}

#[derive(Deserialize)]
pub(super) struct Tokens {
    access_token: Option<SecretString>,
    id_token: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Refusal {
    error: String,
}

#[derive(Deserialize)]
pub(super) struct UserInfo {
    sub: String,
    preferred_username: Option<String>,
}

impl OpenId {
    /// Creates a client for an issuer. Without a name, the issuer is called by its host.
    #[must_use]
    pub fn new(
        issuer: String,
        client_id: String,
        client_secret: SecretString,
        name: Option<String>,
    ) -> Self {
        let host = || Some(Url::parse(&issuer).ok()?.host_str()?.to_owned());
        let name = name.or_else(host).unwrap_or_else(|| issuer.clone());
        Self {
            issuer,
            client_id,
            client_secret,
            name,
            roles: Vec::new(),
            http: Http::new(TIMEOUT),
            known: Mutex::default(),
        }
    }

    /// Creates a client for the configured issuer, if any.
    #[must_use]
    pub fn of(config: &Config) -> Option<Self> {
        let issuer = config.openid_issuer.clone()?;
        let id = config.openid_client_id.clone()?;
        let secret = config.openid_client_secret.clone()?;
        let role = |(group, role): &(String, String)| Some((group.clone(), role.parse().ok()?));
        let roles = config.openid_roles.iter().filter_map(role).collect();
        Some(Self { roles, ..Self::new(issuer, id, secret, config.openid_name.clone()) })
    }

    /// Checks that the issuer responds and that its metadata names the configured issuer.
    ///
    /// # Errors
    /// Returns the cause and the next step.
    pub async fn answers(&self, _: Permit<OpenIdSignIn>, now: Timestamp) -> Result<String, String> {
        match self.look(now).await {
            Ok(_) => Ok(format!("{} responds", self.issuer)),
            Err(GatewayError::App(error)) => Err(format!(
                "{error}: check that GUILDHALL_OPENID_ISSUER is exactly the issuer in the provider's metadata"
            )),
            Err(GatewayError::Refused(problem)) => Err(problem.detail),
        }
    }

    /// Returns the issuer identifier.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Returns the display name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the URL to sign in at, with a state, a nonce, a PKCE challenge (S256) and the callback.
    /// It requests the profile, for a name, but no email address.
    ///
    /// # Errors
    /// When the issuer does not respond, or its authorization endpoint is not a URL.
    pub async fn authorize_url(
        &self,
        _: Permit<OpenIdSignIn>,
        attempt: &SignInAttempt,
        now: Timestamp,
    ) -> Result<String, GatewayError> {
        let found = self.found(now).await?;
        let challenge = attempt.challenge();
        let fields = [
            ("response_type", "code"),
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", attempt.callback.as_str()),
            ("scope", "openid profile"),
            ("state", attempt.state()),
            ("nonce", attempt.nonce.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let url = Url::parse_with_params(&found.about.authorization_endpoint, fields);
        url.map(String::from).map_err(|_| self.app("its authorization endpoint is not a valid URL"))
    }

    /// Returns the account for the issuer's `code`. The tokens are used once and not stored.
    ///
    /// # Errors
    /// When the issuer does not respond, rejects the code or this server, or its ID token is rejected.
    pub async fn account(
        &self,
        _: Permit<OpenIdSignIn>,
        code: &str,
        attempt: &SignInAttempt,
        now: Timestamp,
    ) -> Result<OpenIdAccount, GatewayError> {
        let found = self.found(now).await?;
        let tokens = self.exchange(&found.about, code, attempt, now).await?;
        let id_token = tokens.id_token.as_deref();
        let id_token = id_token.ok_or_else(|| self.app("its response has no ID token"))?;
        let claims = self.read(id_token, found, &attempt.nonce, now).await?;
        let name = match &claims.preferred_username {
            Some(name) => Some(name.clone()),
            None => self.name_of(&claims.sub, tokens.access_token, now).await,
        };
        Ok(OpenIdAccount {
            role: claims.role(&self.roles),
            issuer: self.issuer.clone(),
            subject: claims.sub,
            name: name.map(|name| name.chars().take(LONGEST_NAME).collect()),
        })
    }

    /// Reads an ID token. If it is signed with an unknown key, the keys are fetched again once.
    async fn read(
        &self,
        token: &str,
        found: Arc<DiscoveredIssuer>,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Claims, GatewayError> {
        let expected = Expected { issuer: &self.issuer, client_id: &self.client_id, nonce, now };
        let read = match rules::read_id_token(token, &found.keys, &expected) {
            Err(TokenFault::UnknownKey) => {
                let found = self.look(now).await?;
                rules::read_id_token(token, &found.keys, &expected)
            }
            read => read,
        };
        read.map_err(|fault| {
            tracing::error!(%fault, issuer = self.issuer, "rejected an ID token");
            self.not_shown().into()
        })
    }

    async fn exchange(
        &self,
        about: &About,
        code: &str,
        attempt: &SignInAttempt,
        now: Timestamp,
    ) -> Result<Tokens, GatewayError> {
        let secret = self.client_secret.expose_secret();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", attempt.callback.as_str()),
            ("code_verifier", attempt.verifier.as_str()),
        ];
        let request = self.request(Method::POST, &about.token_endpoint)?;
        let methods = &about.token_endpoint_auth_methods_supported;
        let takes = |method: &str| methods.iter().any(|one| one == method);
        let request = if methods.is_empty() || takes("client_secret_basic") {
            request.basic_auth(encoded(&self.client_id), Some(encoded(secret)))
        } else {
            fields.extend([("client_id", &*self.client_id), ("client_secret", secret)]);
            request
        };
        let answer = self.ask(request.form(&fields), now).await?;
        if answer.status.is_success() {
            return self.parsed(&answer);
        }
        match serde_json::from_str::<Refusal>(&answer.text) {
            Ok(refusal) if refusal.error == "invalid_grant" => Err(self.used().into()),
            Ok(refusal) => {
                Err(self.app(&format!("it rejected this server's request ({})", refusal.error)))
            }
            Err(_) => Err(self.unavailable().into()),
        }
    }

    /// Requests the preferred name, which the ID token lacks. Without a response, the account has no
    /// name.
    async fn name_of(
        &self,
        subject: &str,
        token: Option<SecretString>,
        now: Timestamp,
    ) -> Option<String> {
        let found = self.found(now).await.ok()?;
        let url = found.about.userinfo_endpoint.as_deref()?;
        let request = self.request(Method::GET, url).ok()?;
        let request = request.bearer_auth(token?.expose_secret());
        let answer = self.ask(request, now).await.ok()?;
        let info: UserInfo = self.parsed(&answer).ok()?;
        info.preferred_username.filter(|_| info.sub == subject)
    }

    async fn found(&self, now: Timestamp) -> Result<Arc<DiscoveredIssuer>, GatewayError> {
        let known = || {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let (until, found) = known.as_ref()?;
            (now < *until).then(|| Arc::clone(found))
        };
        match known() {
            Some(found) => Ok(found),
            None => self.look(now).await,
        }
    }

    async fn look(&self, now: Timestamp) -> Result<Arc<DiscoveredIssuer>, GatewayError> {
        let path = "/.well-known/openid-configuration";
        let url = format!("{}{path}", self.issuer.trim_end_matches('/'));
        let about: About = self.get(&url, now).await?;
        if about.issuer != self.issuer {
            let fault = format!("its metadata names a different issuer, {}", about.issuer);
            return Err(self.app(&fault));
        }
        let keys: KeySet = self.get(&about.jwks_uri, now).await?;
        let found = Arc::new(DiscoveredIssuer { about, keys: keys.known() });
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((now + CACHED, Arc::clone(&found)));
        Ok(found)
    }

    async fn get<T: DeserializeOwned>(&self, url: &str, now: Timestamp) -> Result<T, GatewayError> {
        let answer = self.ask(self.request(Method::GET, url)?, now).await?;
        if answer.status.is_success() {
            self.parsed(&answer)
        } else {
            let (status, issuer) = (answer.status, &self.issuer);
            tracing::warn!(%status, issuer, "request to the OpenID Connect issuer failed");
            Err(self.unavailable().into())
        }
    }

    /// Rejects URLs without TLS if the issuer uses TLS.
    fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, GatewayError> {
        if self.issuer.starts_with("https:") && !url.starts_with("https:") {
            return Err(self.app("its metadata contains an http URL instead of https"));
        }
        let request = self.http.request(method, url);
        let request = request.map_err(|_| self.app("its metadata contains an invalid URL"))?;
        Ok(request.header(header::ACCEPT, "application/json"))
    }

    /// Sends a request. A failure is logged without the URL, which may contain a code.
    async fn ask(&self, request: RequestBuilder, now: Timestamp) -> Result<Answer, GatewayError> {
        let silent = |error: reqwest::Error| {
            let (why, issuer) = (outside::silence(&error), &self.issuer);
            tracing::warn!(why, issuer, "request to the OpenID Connect issuer failed");
            self.unavailable()
        };
        Ok(outside::ask("openid", request, now).await.map_err(silent)?)
    }

    fn parsed<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, GatewayError> {
        let unread =
            |error: serde_json::Error| self.app(&format!("cannot read its response ({error})"));
        serde_json::from_str(&answer.text).map_err(unread)
    }

    fn app(&self, fault: &str) -> GatewayError {
        GatewayError::App(format!("{}: {fault}", self.issuer))
    }

    fn unavailable(&self) -> Problem {
        let detail = format!(
            "{} is not responding, so you cannot sign in with it. Try again in a few minutes.",
            self.name
        );
        Problem::new(ProblemKind::Overloaded, "OPENID_UNAVAILABLE", detail)
    }

    fn used(&self) -> Problem {
        let detail = format!(
            "{} rejected this sign-in because it was already used or is too old. Sign in again.",
            self.name
        );
        Problem::new(ProblemKind::Malformed, "SIGN_IN_USED", detail)
    }

    fn not_shown(&self) -> Problem {
        let detail = format!(
            "The response from {} could not be verified. Sign in again. If it still fails, contact an admin.",
            self.name
        );
        Problem::new(ProblemKind::Malformed, "SIGN_IN_NOT_SHOWN", detail)
    }
}

/// Encodes a client ID or secret for a header, as a form does (RFC 6749, 2.3.1).
fn encoded(text: &str) -> String {
    let form = serde_urlencoded::to_string([("v", text)]).unwrap_or_default();
    form.get(2..).unwrap_or_default().to_owned()
}

impl std::fmt::Debug for OpenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenId").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
