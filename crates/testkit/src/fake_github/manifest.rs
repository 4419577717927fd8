//! The pages and the call that create the GitHub App from a manifest
//! (docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest), and its deliveries. The fake has one App:
//! each manifest gives it a name, an address and a secret.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Extension, Form,
    extract::{OriginalUri, Path, Query, State},
    response::{Html, Redirect},
};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    apps::{APP_ID, APP_KEY, AppHook},
    guard::Caller,
    hooks::summary,
    oauth::{attribute, encoded, with_query},
    world::{APP_HOOK, AppCode, ProposedApp, SentDelivery, World},
};
use crate::payloads::instant;

/// How long a code can be exchanged, once.
const LASTS: TimeDelta = TimeDelta::hours(1);

/// The permission that each event needs. GitHub refuses a manifest with an event that its permissions do not allow.
const EVENTS: [(&str, &str); 9] = [
    ("check_suite", "checks"),
    ("issue_comment", "issues"),
    ("issues", "issues"),
    ("member", "members"),
    ("pull_request", "pull_requests"),
    ("pull_request_review", "pull_requests"),
    ("push", "contents"),
    ("repository", "metadata"),
    ("workflow_run", "actions"),
];

#[derive(Deserialize)]
struct Manifest {
    name: String,
    redirect_url: String,
    hook_attributes: HookAttributes,
    /// The page to which the installation leads back; empty for none.
    #[serde(default)]
    setup_url: String,
    #[serde(default)]
    default_permissions: HashMap<String, String>,
    #[serde(default)]
    default_events: Vec<String>,
}

#[derive(Deserialize)]
struct HookAttributes {
    url: String,
}

/// The form that a server sends a person to GitHub with.
#[derive(Deserialize)]
pub(super) struct ManifestForm {
    manifest: String,
}

type Fields = Query<HashMap<String, String>>;

/// `POST /settings/apps/new`: shows the App that the manifest describes, with the button that creates it.
pub(super) async fn propose(
    State(shared): State<Arc<Shared>>,
    Query(fields): Fields,
    Form(form): Form<ManifestForm>,
) -> Result<Html<String>, Refusal> {
    let manifest: Manifest = serde_json::from_str(&form.manifest)
        .map_err(|error| Refusal::invalid(format!("Error: {error}")))?;
    let is_unsupported = |event: &&String| {
        let needs = EVENTS.iter().find(|(known, _)| known == event);
        !needs.is_some_and(|(_, needs)| manifest.default_permissions.contains_key(*needs))
    };
    if let Some(event) = manifest.default_events.iter().find(is_unsupported) {
        return Err(Refusal::invalid(format!("Default events unsupported: {event}")));
    }
    let name = attribute(&manifest.name);
    let state = fields.get("state").cloned().unwrap_or_default();
    let mut world = shared.world();
    let id = world.rng.sha()[..20].to_owned();
    let Manifest { name: app, redirect_url, hook_attributes, setup_url, .. } = manifest;
    let proposed = ProposedApp {
        name: app,
        hook: hook_attributes.url,
        redirect_uri: redirect_url,
        setup: setup_url,
        state,
    };
    world.proposed.insert(id.clone(), proposed);
    Ok(Html(format!(
        "<!doctype html><title>Fake GitHub</title><h1>Create GitHub App for {name}</h1>\
         <form method=\"post\" action=\"/_apps/{id}\"><button>Create GitHub App</button></form>"
    )))
}

/// `POST /organizations/{organization}/settings/apps/new`: like [`propose`], for an organization.
pub(super) async fn propose_for(
    State(shared): State<Arc<Shared>>,
    Path(organization): Path<String>,
    fields: Fields,
    form: Form<ManifestForm>,
) -> Result<Html<String>, Refusal> {
    shared.world().person(&organization)?;
    propose(State(shared), fields, form).await
}

/// `POST /_apps/{id}`: creates the App, pings its webhook, and leads the person back with a code.
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Redirect, Refusal> {
    let mut world = shared.world();
    let proposed = world.proposed.remove(&id).ok_or_else(Refusal::not_found)?;
    let (code, secret) = (world.rng.sha(), world.rng.sha());
    let expires_at = world.now() + LASTS;
    world.app_name = proposed.name;
    world.app_setup = proposed.setup;
    world.app_hook = Some(AppHook { url: proposed.hook, secret: secret.clone() });
    world.app_codes.insert(code.clone(), AppCode { secret, expires_at });
    world.ping_app();
    let query = encoded(&[("code", &code), ("state", &proposed.state)]);
    Ok(Redirect::to(&with_query(&proposed.redirect_uri, &query)))
}

/// `POST /app-manifests/{code}/conversions`: exchanges a code for the App and its secrets, once.
pub(super) async fn convert(State(shared): State<Arc<Shared>>, Path(code): Path<String>) -> Answer {
    let mut world = shared.world();
    let code = world.app_codes.remove(&code).ok_or_else(Refusal::not_found)?;
    if code.expires_at < world.now() {
        return Err(Refusal::not_found());
    }
    let mut app = world.app(&shared.base);
    app["client_id"] = json!(shared.client_id);
    app["client_secret"] = json!(shared.client_secret);
    app["webhook_secret"] = json!(code.secret);
    app["pem"] = json!(APP_KEY);
    Ok(Reply::created(app.to_string()))
}

/// `GET /app`
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
) -> Answer {
    caller.is_app()?;
    Ok(Reply::ok(shared.world().app(&shared.base).to_string()))
}

/// `GET /app/hook/deliveries`: newest first.
pub(super) async fn deliveries(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    caller.is_app()?;
    let world = shared.world();
    let sent: Vec<&SentDelivery> = world.app_sent.iter().rev().collect();
    Ok(Reply::page(&shared.base, &uri, &sent, |sent| summary(sent, None).to_string()))
}

/// `POST /app/hook/deliveries/{delivery}/attempts`: redelivers with the same UUID, to the present address with the present secret.
pub(super) async fn redeliver(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(delivery): Path<i64>,
) -> Answer {
    caller.is_app()?;
    let mut world = shared.world();
    let sent = world.app_sent.iter().find(|sent| sent.id == delivery);
    let sent = sent.ok_or_else(Refusal::not_found)?;
    let (guid, event, body) = (sent.guid, sent.event.clone(), Arc::clone(&sent.body));
    world.send_of_app(guid, &event, body, true);
    Ok(Reply::new(202, "{}"))
}

impl World {
    /// Returns the App's name in addresses.
    pub(super) fn app_slug(&self) -> String {
        self.app_name.to_lowercase().replace(' ', "-")
    }

    /// Returns the App as GitHub shows it.
    fn app(&self, base: &str) -> Value {
        let slug = self.app_slug();
        json!({
            "id": APP_ID,
            "html_url": format!("{base}/apps/{slug}"),
            "slug": slug,
            "name": self.app_name,
            "created_at": instant(self.now()),
        })
    }

    /// Sends the first message of a new App.
    fn ping_app(&mut self) {
        let body = json!({
            "zen": "Keep it logically awesome.",
            "hook_id": APP_HOOK,
            "hook": { "type": "App", "id": APP_HOOK, "name": "web", "active": true, "app_id": APP_ID },
        });
        self.send_as_app("ping", &body.to_string());
    }
}
