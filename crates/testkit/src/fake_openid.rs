//! A simulated OpenID Connect issuer: discovery, keys, codes, and ID tokens that are valid or have the claims that a
//! test sets.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use kernel::Clock as _;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::clock::FakeClock;

/// The server's client ID at the issuer.
pub const CLIENT_ID: &str = "guildhall";
/// The server's client secret at the issuer.
pub const CLIENT_SECRET: &str = "fake secret/+";

type Fields = HashMap<String, String>;

/// The behavior that a test sets.
#[derive(Clone, Debug, Default)]
pub struct Switches {
    /// The subject of the next sign-in.
    pub subject: String,
    /// The preferred name of the next sign-in.
    pub name: Option<String>,
    /// Claims that replace those of the ID token; `null` removes a claim.
    pub claims: Map<String, Value>,
    /// The key that signs. Key 0 is always published, key 1 once it signs; others are never published.
    pub key: u8,
    /// True to answer every request with 503.
    pub is_down: bool,
    /// The issuer in the discovery document, instead of its address.
    pub issuer: Option<String>,
    /// The `iss` parameter of redirects, instead of its own.
    pub iss: Option<String>,
}

struct IssuedCode {
    subject: String,
    name: Option<String>,
    nonce: Option<String>,
    challenge: String,
    redirect_uri: String,
}

struct OpenIdState {
    url: String,
    clock: FakeClock,
    switches: Mutex<Switches>,
    codes: Mutex<HashMap<String, IssuedCode>>,
    asked: Mutex<Vec<String>>,
}

/// A running issuer.
pub struct FakeOpenId {
    inner: Arc<OpenIdState>,
    server: JoinHandle<io::Result<()>>,
}

impl FakeOpenId {
    /// Starts an issuer on a free local port.
    ///
    /// # Errors
    /// When no port is available.
    pub async fn start(clock: FakeClock) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let inner = Arc::new(OpenIdState {
            url: format!("http://{}", listener.local_addr()?),
            clock,
            switches: Mutex::default(),
            codes: Mutex::default(),
            asked: Mutex::default(),
        });
        let routes = routes(Arc::clone(&inner));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { inner, server })
    }

    /// Returns the issuer's address, which is also its name.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.inner.url
    }

    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut lock(&self.inner.switches));
    }

    /// Returns the requested paths, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        lock(&self.inner.asked).clone()
    }
}

impl Drop for FakeOpenId {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn routes(inner: Arc<OpenIdState>) -> Router {
    let noted = Arc::clone(&inner);
    let note = move |request: axum::extract::Request, next: axum::middleware::Next| {
        let inner = Arc::clone(&noted);
        async move {
            lock(&inner.asked).push(request.uri().path().to_owned());
            if lock(&inner.switches).is_down {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
            next.run(request).await
        }
    };
    Router::new()
        .route("/.well-known/openid-configuration", get(about))
        .route("/keys", get(keys))
        .route("/authorize", get(authorize))
        .route("/token", post(token))
        .route("/me", get(me))
        .layer(axum::middleware::from_fn(note))
        .with_state(inner)
}

async fn about(State(inner): State<Arc<OpenIdState>>) -> Json<Value> {
    let url = &inner.url;
    let issuer = lock(&inner.switches).issuer.clone();
    Json(json!({
        "issuer": issuer.unwrap_or_else(|| url.clone()),
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
        "userinfo_endpoint": format!("{url}/me"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

fn pair(number: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[number; 32]).expect("32 bytes are a seed")
}

async fn keys(State(inner): State<Arc<OpenIdState>>) -> Json<Value> {
    let newest = u8::from(lock(&inner.switches).key == 1);
    let key = |number: u8| {
        let x = URL_SAFE_NO_PAD.encode(pair(number).public_key().as_ref());
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": number.to_string(), "use": "sig", "x": x })
    };
    let keys: Vec<Value> = (0..=newest).map(key).collect();
    Json(json!({ "keys": keys }))
}

async fn authorize(
    State(inner): State<Arc<OpenIdState>>,
    Query(fields): Query<Fields>,
) -> Response {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let is_asked_well = field("client_id") == CLIENT_ID
        && field("response_type") == "code"
        && field("code_challenge_method") == "S256"
        && field("scope").split(' ').any(|scope| scope == "openid");
    if !is_asked_well {
        return (StatusCode::BAD_REQUEST, "asked badly").into_response();
    }
    let switches = lock(&inner.switches).clone();
    let mut codes = lock(&inner.codes);
    let code = format!("code-{}", codes.len());
    let redirect_uri = field("redirect_uri").to_owned();
    codes.insert(
        code.clone(),
        IssuedCode {
            subject: switches.subject,
            name: switches.name,
            nonce: fields.get("nonce").cloned(),
            challenge: field("code_challenge").to_owned(),
            redirect_uri: redirect_uri.clone(),
        },
    );
    let iss = switches.iss.unwrap_or_else(|| inner.url.clone());
    let query = [("code", code.as_str()), ("state", field("state")), ("iss", &iss)];
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    Redirect::to(&format!("{redirect_uri}?{query}")).into_response()
}

fn refused(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}

async fn token(State(inner): State<Arc<OpenIdState>>, headers: HeaderMap, body: Bytes) -> Response {
    let fields: Fields = serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let encoded = |text: &str| serde_urlencoded::to_string([("", text)]).unwrap_or_default();
    let (id, secret) = (encoded(CLIENT_ID), encoded(CLIENT_SECRET));
    let basic = STANDARD.encode(format!("{}:{}", &id[1..], &secret[1..]));
    let shown = headers.get(header::AUTHORIZATION);
    if shown.is_none_or(|shown| shown != format!("Basic {basic}").as_str()) {
        return refused("invalid_client");
    }
    let Some(code) = lock(&inner.codes).get_mut(field("code")).map(|code| {
        // A code can be used once: taking its challenge makes it invalid.
        let bound = std::mem::take(&mut code.challenge);
        (bound, code.redirect_uri.clone(), code.subject.clone(), code.nonce.clone())
    }) else {
        return refused("invalid_grant");
    };
    let (challenge, redirect_uri, subject, nonce) = code;
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
    if challenge != proof || redirect_uri != field("redirect_uri") {
        return refused("invalid_grant");
    }
    let switches = lock(&inner.switches).clone();
    let now = inner.clock.now().timestamp();
    let mut claims = json!({
        "iss": inner.url, "sub": subject, "aud": CLIENT_ID, "nonce": nonce, "iat": now, "exp": now + 300,
    });
    for (name, value) in &switches.claims {
        claims[name] = value.clone();
    }
    Json(json!({
        "access_token": field("code"), "token_type": "Bearer", "expires_in": 300,
        "id_token": signed(&claims, switches.key),
    }))
    .into_response()
}

fn signed(claims: &Value, key: u8) -> String {
    let head = json!({ "alg": "EdDSA", "kid": key.min(1).to_string() });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&head), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(pair(key).sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

async fn me(State(inner): State<Arc<OpenIdState>>, headers: HeaderMap) -> Response {
    let shown = headers.get(header::AUTHORIZATION);
    let code = shown.and_then(|shown| shown.to_str().ok()?.strip_prefix("Bearer "));
    match code.and_then(|code| {
        let codes = lock(&inner.codes);
        let code = codes.get(code)?;
        Some(json!({ "sub": code.subject, "preferred_username": code.name }))
    }) {
        Some(info) => Json(info).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}
