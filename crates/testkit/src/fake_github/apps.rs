//! The fake's GitHub App: its key, its installations and their tokens.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, Path, State},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::TimeDelta;
use kernel::Timestamp;
use ring::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    guard::Caller,
    world::World,
};
use crate::payloads::{self, Account, Dates, InstallationState, Repo, repository_object};

pub const APP_ID: i64 = 190_001;

/// The App's private key, in PEM, which everyone can read.
pub const APP_KEY: &str = include_str!("app.pem");

/// The longest time for which GitHub accepts a token of the App itself, in seconds.
const LONGEST: i64 = 600;

pub(super) struct AppToken {
    pub(super) installation: i64,
    pub(super) expires_at: Timestamp,
}

/// The address of the App's deliveries, and the secret that signs them.
#[derive(Clone)]
pub(super) struct AppHook {
    pub(super) url: String,
    pub(super) secret: String,
}

/// `PATCH /app/hook/config` with `{"url": URL, "secret": SECRET}`
pub(super) async fn change_hook(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Answer {
    caller.is_app()?;
    set_hook(State(shared), body).await
}

/// `POST /_app` with `{"url": URL, "secret": SECRET}`: sets the App's webhook, as people do on GitHub's pages.
pub(super) async fn set_hook(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let (Some(url), Some(secret)) = (text("url"), text("secret")) else {
        return Err(Refusal::invalid("Set url and secret."));
    };
    let answer = json!({ "url": url, "content_type": "json", "secret": "********" });
    shared.world().app_hook = Some(AppHook { url, secret });
    Ok(Reply::ok(answer.to_string()))
}

/// `GET /app/installations`
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    caller.is_app()?;
    let world = shared.world();
    let listed: &[InstallationState] =
        if world.switches.unlisted_installations { &[] } else { &world.installations };
    Ok(Reply::page(&shared.base, &uri, listed, |installation| {
        shared.rebased(&payloads::installation_object(installation).done())
    }))
}

/// `GET /app/installations/{id}`
pub(super) async fn installation(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<i64>,
) -> Answer {
    caller.is_app()?;
    let world = shared.world();
    let object = payloads::installation_object(world.installation(id)?);
    Ok(Reply::ok(shared.rebased(&object.done())))
}

/// `GET /repos/{owner}/{repo}/installation`: the installation that includes a repository.
pub(super) async fn of_repository(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
) -> Answer {
    caller.is_app()?;
    let world = shared.world();
    let place = world.place(&format!("{owner}/{repo}"))?;
    let id = world.places[place].repo.id;
    let mut all = world.installations.iter();
    let found = all.find(|own| own.repositories.contains(&id));
    let object = payloads::installation_object(found.ok_or_else(Refusal::not_found)?);
    Ok(Reply::ok(shared.rebased(&object.done())))
}

/// `POST /app/installations/{id}/access_tokens`
pub(super) async fn create_token(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<i64>,
) -> Answer {
    caller.is_app()?;
    let mut world = shared.world();
    if world.installation(id)?.suspended_at.is_some() {
        return Err(suspended());
    }
    let lasts = i64::try_from(world.switches.app_token_seconds).unwrap_or(3600);
    let expires_at = world.now() + TimeDelta::seconds(lasts);
    let token = format!("ghs_{}", &world.rng.sha()[..36]);
    let made = AppToken { installation: id, expires_at };
    world.app_tokens.insert(token.clone(), made);
    let answer = json!({ "token": token, "expires_at": payloads::instant(expires_at) });
    Ok(Reply::created(answer.to_string()))
}

/// `GET /installation/repositories`
pub(super) async fn repositories(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let installation = world.installation(caller.installation()?)?;
    if world.switches.ip_allow_list.as_deref() == Some(&installation.account.login) {
        let says =
            "the organization has an IP allow list enabled, and your IP address is not permitted";
        return Err(Refusal::new(403, says));
    }
    let included = |place: &&super::world::HostedRepository| {
        installation.repositories.contains(&place.repo.id)
    };
    let places: Vec<_> = world.places.iter().filter(included).collect();
    let page = Reply::page(&shared.base, &uri, &places, |place| {
        let object = repository_object(&place.repo, Dates::Text).merge_settings();
        shared.rebased(&object.done())
    });
    Ok(page.wrapped("repositories", places.len()))
}

/// `POST /_installations` with `{"account": LOGIN, "repositories": [NAME]}`: installs the App, which people do on GitHub's
/// pages.
pub(super) async fn install(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let account = body["account"].as_str();
    let account =
        account.ok_or_else(|| Refusal::invalid("Set account to a person or organization."))?;
    let names = body["repositories"].as_array().map(Vec::as_slice);
    let names: Vec<&str> = names.unwrap_or_default().iter().filter_map(Value::as_str).collect();
    let mut world = shared.world();
    let id = world.install(account, &names)?;
    Ok(Reply::created(json!({ "id": id }).to_string()))
}

/// `POST /_installations/{id}` with `{"action": ACTION, "repository": NAME}`; the action is `suspend`, `unsuspend`,
/// `delete`, `add` or `remove`.
pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<i64>,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let repository = body["repository"].as_str().unwrap_or_default();
    let mut world = shared.world();
    match body["action"].as_str() {
        Some("suspend") => world.suspend(id, true)?,
        Some("unsuspend") => world.suspend(id, false)?,
        Some("delete") => world.uninstall(id)?,
        Some("add") => world.include(id, repository, true)?,
        Some("remove") => world.include(id, repository, false)?,
        _ => {
            return Err(Refusal::invalid(
                "Set action to suspend, unsuspend, delete, add or remove.",
            ));
        }
    }
    Ok(Reply::empty())
}

/// Returns GitHub's refusal of requests of a suspended installation.
pub(super) fn suspended() -> Refusal {
    Refusal::new(403, "This installation has been suspended")
}

impl World {
    pub(super) fn installation(&self, id: i64) -> Result<&InstallationState, Refusal> {
        let mut all = self.installations.iter();
        all.find(|own| own.id == id).ok_or_else(Refusal::not_found)
    }

    /// Returns the change of an installation, which is now.
    fn changed(&mut self, id: i64) -> Result<&mut InstallationState, Refusal> {
        let now = self.now();
        let found = self.installations.iter_mut().find(|own| own.id == id);
        let found = found.ok_or_else(Refusal::not_found)?;
        found.updated_at = now;
        Ok(found)
    }

    /// Installs the App for an account in some of its repositories; returns the installation's ID.
    pub(super) fn install(&mut self, login: &str, names: &[&str]) -> Result<i64, Refusal> {
        let account: Account = self.person(login)?.clone();
        let mut repositories = BTreeSet::new();
        for name in names {
            repositories.insert(self.places[self.place(name)?].repo.id);
        }
        let (id, now) = (self.id(), self.now());
        let installation = InstallationState {
            id,
            app_id: APP_ID,
            account,
            repositories,
            created_at: now,
            updated_at: now,
            suspended_at: None,
        };
        self.installations.push(installation);
        self.announce(id, "created")?;
        Ok(id)
    }

    /// Suspends an installation, or ends that.
    pub(super) fn suspend(&mut self, id: i64, is_suspended: bool) -> Result<(), Refusal> {
        let now = self.now();
        self.changed(id)?.suspended_at = is_suspended.then_some(now);
        self.announce(id, if is_suspended { "suspend" } else { "unsuspend" })
    }

    /// Deletes an installation with its tokens.
    pub(super) fn uninstall(&mut self, id: i64) -> Result<(), Refusal> {
        self.changed(id)?;
        self.announce(id, "deleted")?;
        self.installations.retain(|own| own.id != id);
        self.app_tokens.retain(|_, token| token.installation != id);
        Ok(())
    }

    /// Adds a repository to an installation, or removes it.
    pub(super) fn include(&mut self, id: i64, name: &str, is_added: bool) -> Result<(), Refusal> {
        let repo = Arc::clone(&self.places[self.place(name)?].repo);
        let installation = self.changed(id)?;
        if is_added {
            installation.repositories.insert(repo.id)
        } else {
            installation.repositories.remove(&repo.id)
        };
        let installation = installation.clone();
        let one: [&Repo; 1] = [&repo];
        let (added, removed): (&[&Repo], &[&Repo]) =
            if is_added { (&one, &[]) } else { (&[], &one) };
        let body = payloads::installation_repositories(&installation, added, removed);
        self.send_as_app("installation_repositories", body.get());
        Ok(())
    }

    fn announce(&mut self, id: i64, action: &str) -> Result<(), Refusal> {
        let installation = self.installation(id)?;
        let included = |place: &&super::world::HostedRepository| {
            installation.repositories.contains(&place.repo.id)
        };
        let repos: Vec<&Repo> =
            self.places.iter().filter(included).map(|place| place.repo.as_ref()).collect();
        let body = payloads::installation(action, installation, &repos);
        self.send_as_app("installation", body.get());
        Ok(())
    }

    /// Sends an event of a repository to the App, if an installation in use includes the repository.
    pub(super) fn emit_to_app(&mut self, repository: i64, event: &str, body: &str) {
        let mut all = self.installations.iter();
        let is_of = |own: &&InstallationState| {
            own.suspended_at.is_none() && own.repositories.contains(&repository)
        };
        if let Some(id) = all.find(is_of).map(|own| own.id) {
            self.send_as_app(event, &payloads::for_installation(body, id));
        }
    }

    /// Checks a token that the App signed with its key.
    pub(super) fn check_app_token(&self, token: &str) -> Result<(), Refusal> {
        let unreadable = || Refusal::new(401, "A JSON web token could not be decoded");
        let (signed, signature) = token.rsplit_once('.').ok_or_else(unreadable)?;
        let (_, claims) = signed.split_once('.').ok_or_else(unreadable)?;
        let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| unreadable());
        let signature = decoded(signature)?;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_key());
        let verified = key.verify(signed.as_bytes(), &signature);
        verified.map_err(|_| unreadable())?;
        let claims: Value = serde_json::from_slice(&decoded(claims)?).map_err(|_| unreadable())?;
        let now = self.now().timestamp();
        let (begins, ends) = (claims["iat"].as_i64(), claims["exp"].as_i64());
        let (Some(begins), Some(ends)) = (begins, ends) else {
            return Err(unreadable());
        };
        let app = APP_ID.to_string();
        if claims["iss"] != app.as_str() {
            return Err(Refusal::new(401, "Integration not found"));
        }
        if begins > now || ends <= now {
            return Err(Refusal::new(
                401,
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
            ));
        }
        if ends - begins > LONGEST {
            return Err(Refusal::new(
                401,
                "'Expiration time' claim ('exp') is too far in the future",
            ));
        }
        Ok(())
    }
}

/// Returns the App's public key, as RFC 8017 encodes it.
fn public_key() -> Vec<u8> {
    let lines = APP_KEY.lines().filter(|line| !line.starts_with("-----"));
    let key = STANDARD.decode(lines.collect::<String>()).expect("the key is base64");
    let key = RsaKeyPair::from_der(&key).expect("the key is valid");
    key.public_key().as_ref().to_vec()
}
