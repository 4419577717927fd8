use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use identity::access::{InPerson, SignedIn};
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    outbox::{
        Post,
        push::{self, Browser, NewBrowser},
    },
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::actions;

/// Letters of what a browser calls itself that are kept.
const LONGEST_AGENT: usize = 300;

/// The browsers that one's news reaches.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "key": "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
    "items": [{
        "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "created_at": "2026-11-01T08:00:00Z",
        "browser": "Firefox on Linux", "service": "updates.push.services.mozilla.com"
    }]
}))]
pub(super) struct PushSubscriptionList {
    /// The server's key, which a browser wants as `applicationServerKey`.
    key: String,
    items: Vec<PushSubscription>,
}

/// A browser that one's news reaches.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PushSubscription {
    /// Its id.
    id: Uuid,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// What it is.
    browser: String,
    /// The host of the push service that reaches it.
    service: String,
}

impl From<Browser> for PushSubscription {
    fn from(browser: Browser) -> Self {
        Self {
            id: browser.id,
            created_at: browser.created_at,
            browser: actions::called(&browser),
            service: browser.service(),
        }
    }
}

/// A browser's subscription, as its `toJSON()` gives it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(example = json!({
    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABn",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg"
    }
}))]
pub(super) struct NewPushSubscription {
    /// Where the browser's push service takes messages: by https, on the public network.
    #[schema(max_length = 1024)]
    endpoint: String,
    keys: PushKeys,
}

/// By what a browser is told something in secret (RFC 8291), in base64 for addresses.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct PushKeys {
    /// Its public key: 65 bytes.
    p256dh: String,
    /// What it shares with whoever tells it something: 16 bytes.
    auth: String,
}

/// The browser's id here.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" }))]
pub(super) struct PushSubscribed {
    /// The same when it comes again.
    id: Uuid,
}

/// The browsers that one's news reaches, the oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/me/push-subscriptions",
    operation_id = "push_subscriptions",
    tag = "Me",
    responses(
        (status = 200, description = "At most 20", body = PushSubscriptionList),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<PushSubscriptionList>, WebError> {
    let found = push::of_person(&context.db, viewer.user_id.0).await?;
    Ok(Json(PushSubscriptionList {
        key: push::public_key(&context, &post.ring).await?,
        items: found.into_iter().map(Into::into).collect(),
    }))
}

/// Adds the browser to those that one's news reaches.
#[utoipa::path(
    post,
    path = "/api/v1/me/push-subscriptions",
    operation_id = "add_push_subscription",
    tag = "Me",
    request_body = NewPushSubscription,
    responses(
        (status = 201, description = "News reaches it", body = PushSubscribed),
        (status = 400, description = "The body cannot be read"),
        (status = 409, description = "Twenty others are reached already"),
        (status = 413, description = "The body is too large"),
        (status = 422, description = "The address is not called, or the keys cannot be used")
    ),
    security(("session" = []))
)]
pub(super) async fn add(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    InPerson(viewer): InPerson,
    headers: HeaderMap,
    Body(new): Body<NewPushSubscription>,
) -> Result<(StatusCode, Json<PushSubscribed>), WebError> {
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    let new = NewBrowser {
        endpoint: new.endpoint,
        p256dh: new.keys.p256dh,
        auth: new.keys.auth,
        user_agent: agent.map(|agent| agent.chars().take(LONGEST_AGENT).collect()),
    };
    let id = actions::add_browser(&context, &post, &viewer, &new).await?;
    Ok((StatusCode::CREATED, Json(PushSubscribed { id })))
}

/// Removes a browser from those that one's news reaches.
#[utoipa::path(
    delete,
    path = "/api/v1/me/push-subscriptions/{id}",
    operation_id = "remove_push_subscription",
    tag = "Me",
    params(("id" = Uuid, Path, description = "Its id", example = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")),
    responses(
        (status = 204, description = "News reaches it no more"),
        (status = 400, description = "The address cannot be read"),
        (status = 404, description = "It is none of theirs")
    ),
    security(("session" = []))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    // What is no id is nobody's browser.
    let id = Uuid::try_parse(&id).unwrap_or_default();
    match actions::remove_browser(&context, &viewer, id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found(
            "None of your browsers has this id. GET /api/v1/me/push-subscriptions lists them.",
        )
        .into()),
    }
}
