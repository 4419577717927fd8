use std::{collections::HashMap, sync::Arc};

use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    world::{SignInCode, Token, World},
};

type Fields = HashMap<String, String>;

/// `GET /login/oauth/authorize`: shows a choice of accounts, unless `login` or the switch selects one.
pub(super) async fn authorize(
    State(shared): State<Arc<Shared>>,
    Query(fields): Query<Fields>,
) -> Result<Response, Refusal> {
    let get = |name: &str| fields.get(name).cloned();
    if get("client_id").as_ref() != Some(&shared.client_id) {
        return Err(Refusal::not_found());
    }
    let redirect_uri = get("redirect_uri");
    let back = redirect_uri
        .clone()
        .ok_or_else(|| Refusal::invalid("Set redirect_uri: the fake has none configured."))?;
    let challenge = get("code_challenge");
    if challenge.is_some() && get("code_challenge_method").as_deref() != Some("S256") {
        return Err(Refusal::invalid("The code_challenge_method must be S256."));
    }
    let mut world = shared.world();
    let Some(login) = get("login").or_else(|| world.switches.sign_in_as.clone()) else {
        return Ok(Html(choice(&world, &fields, &back)).into_response());
    };
    let user = world.person(&login)?.id;
    let scopes = get("scope").unwrap_or_default();
    let code = world.rng.sha()[..20].to_owned();
    let expires_at = world.code_expiry();
    let scopes = scopes.split([' ', ',']).filter(|scope| !scope.is_empty());
    let scopes = scopes.map(str::to_owned).collect();
    world
        .codes
        .insert(code.clone(), SignInCode { user, scopes, redirect_uri, challenge, expires_at });
    let query = encoded(&[("code", &code), ("state", &get("state").unwrap_or_default())]);
    Ok(Redirect::to(&with_query(&back, &query)).into_response())
}

pub(super) fn with_query(address: &str, query: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{query}")
}

/// Renders the page for choosing an account or declining.
fn choice(world: &World, fields: &Fields, back: &str) -> String {
    let declined = encoded(&[
        ("error", "access_denied"),
        ("error_description", "The user has denied your application access."),
        ("state", fields.get("state").map_or("", String::as_str)),
    ]);
    let declined = attribute(&with_query(back, &declined));
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let link = |login: &str| {
        let query = encoded(&[&fields[..], &[("login", login)]].concat());
        let address = attribute(&with_query("/login/oauth/authorize", &query));
        format!("<li><a href=\"{address}\">{login}</a></li>")
    };
    let links: String = world.people.iter().map(|person| link(&person.login)).collect();
    format!(
        "<!doctype html><title>Fake GitHub</title><h1>Sign in as</h1><ul>{links}</ul>\
         <p><a id=\"cancel\" href=\"{declined}\">Cancel</a></p>"
    )
}

pub(super) fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;")
}

pub(super) fn encoded(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).unwrap_or_default()
}

/// `POST /login/oauth/access_token`: like GitHub, reports errors with status 200 and a field `error`.
pub(super) async fn access_token(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fields = fields(&headers, &body);
    let answer = match shared.exchange(&fields) {
        Ok(answer) => answer,
        Err((error, why)) => json!({
            "error": error,
            "error_description": why,
            "error_uri": "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/",
        }),
    };
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|value| value.contains("json")) {
        return axum::Json(answer).into_response();
    }
    let form = serde_urlencoded::to_string(answer).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8")], form)
        .into_response()
}

fn fields(headers: &HeaderMap, body: &[u8]) -> Fields {
    let mut fields: Fields = serde_json::from_slice(body)
        .or_else(|_| serde_urlencoded::from_bytes(body).map_err(|_| ()))
        .unwrap_or_default();
    if let Some((id, secret)) = basic(headers) {
        fields.entry(String::from("client_id")).or_insert(id);
        fields.entry(String::from("client_secret")).or_insert(secret);
    }
    fields
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    text.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
}

impl Shared {
    fn exchange(&self, fields: &Fields) -> Result<Value, (&'static str, &'static str)> {
        let get = |name: &str| fields.get(name).map_or("", String::as_str);
        if (get("client_id"), get("client_secret")) != (&self.client_id, &self.client_secret) {
            let why = "The client_id and/or client_secret passed are incorrect.";
            return Err(("incorrect_client_credentials", why));
        }
        let bad = ("bad_verification_code", "The code passed is incorrect or expired.");
        let mut world = self.world();
        // Remove the code even if a later check fails: a code can be used once.
        let code = world.codes.remove(get("code")).ok_or(bad)?;
        let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(get("code_verifier")));
        if code.expires_at < world.now() || code.challenge.is_some_and(|asked| asked != proof) {
            return Err(bad);
        }
        let back = fields.get("redirect_uri");
        if back.is_some() && back != code.redirect_uri.as_ref() {
            let why =
                "The redirect_uri MUST match the registered callback URL for this application.";
            return Err(("redirect_uri_mismatch", why));
        }
        let scope = code.scopes.join(",");
        let token = world.new_token(code.user, code.scopes);
        if world.switches.dead_tokens {
            world.tokens.entry(token.clone()).and_modify(|token| token.revoked = true);
        }
        Ok(json!({ "access_token": token, "scope": scope, "token_type": "bearer" }))
    }

    /// Checks the app's secret in requests that name an app; requests without one are accepted.
    pub(super) fn knows_app(&self, headers: &HeaderMap) -> bool {
        basic(headers).is_none_or(|(id, _)| self.is_app(headers, &id))
    }

    fn is_app(&self, headers: &HeaderMap, client_id: &str) -> bool {
        let expected = (self.client_id.clone(), self.client_secret.clone());
        client_id == self.client_id && basic(headers) == Some(expected)
    }
}

impl World {
    pub(super) fn new_token(&mut self, user: i64, scopes: Vec<String>) -> String {
        let token = format!("gho_{}", &self.rng.sha()[..36]);
        self.tokens.insert(token.clone(), Token { user, scopes, revoked: false });
        token
    }
}

fn named_token(body: &[u8]) -> Result<String, Refusal> {
    let body: Value = serde_json::from_slice(body).map_err(|_| Refusal::not_json())?;
    let token = body["access_token"].as_str().map(str::to_owned);
    token.ok_or_else(|| Refusal::field("OauthAccess", "access_token", "missing_field"))
}

/// `POST /applications/{client_id}/token`: checks a token.
pub(super) async fn check_token(
    State(shared): State<Arc<Shared>>,
    Path(client_id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    if !shared.is_app(&headers, &client_id) {
        return Err(Refusal::not_found());
    }
    let name = named_token(&body)?;
    let world = shared.world();
    let token = world.tokens.get(&name).filter(|token| !token.revoked);
    let token = token.ok_or_else(Refusal::not_found)?;
    let login = &world.person_by_id(token.user)?.login;
    let user = json!({ "id": token.user, "login": login });
    Ok(Reply::ok(json!({ "token": name, "scopes": token.scopes, "user": user }).to_string()))
}

/// `DELETE /applications/{client_id}/token` and `…/grant`: revokes a token.
pub(super) async fn revoke_token(
    State(shared): State<Arc<Shared>>,
    Path(client_id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    if !shared.is_app(&headers, &client_id) {
        return Err(Refusal::not_found());
    }
    let name = named_token(&body)?;
    let mut world = shared.world();
    let token = world.tokens.get_mut(&name).ok_or_else(Refusal::not_found)?;
    token.revoked = true;
    Ok(StatusCode::NO_CONTENT)
}
