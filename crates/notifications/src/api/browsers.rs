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
    web::{Body, Created, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::actions;

/// The maximum number of characters of a stored user agent.
const LONGEST_AGENT: usize = 300;

/// Your browsers that show notifications.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "public_key": "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
    "items": [{
        "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "created_at": "2026-11-01T08:00:00Z",
        "browser": "Firefox on Linux", "service": "updates.push.services.mozilla.com"
    }]
}))]
pub(super) struct PushSubscriptionList {
    /// The server's public key. Pass it to `pushManager.subscribe` as `applicationServerKey`.
    public_key: String,
    items: Vec<PushSubscription>,
}

/// A browser that shows notifications.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PushSubscription {
    /// The subscription's ID.
    id: Uuid,
    /// When the browser was added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The browser's name.
    browser: String,
    /// The host of the browser's push service.
    service: String,
}

impl From<Browser> for PushSubscription {
    fn from(browser: Browser) -> Self {
        Self {
            id: browser.id,
            created_at: browser.created_at,
            browser: actions::browser_name(&browser),
            service: browser.service(),
        }
    }
}

/// A push subscription, as returned by `PushSubscription.toJSON()`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABn",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg"
    }
}))]
pub(super) struct NewPushSubscription {
    /// The browser's URL at its push service. It must use HTTPS and a public address.
    #[schema(max_length = 1024)]
    endpoint: String,
    /// When the subscription expires, if the browser knows it. The server does not use it.
    #[serde(default, rename = "expirationTime")]
    _expiration_time: Option<f64>,
    keys: PushKeys,
}

/// The keys that messages are encrypted with (RFC 8291), in URL-safe base64.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PushKeys {
    /// The browser's public key: 65 bytes.
    p256dh: String,
    /// The authentication secret: 16 bytes.
    auth: String,
}

/// A registered browser.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" }))]
pub(super) struct PushSubscribed {
    /// The subscription's ID. It stays the same when the browser is registered again.
    id: Uuid,
}

/// Lists your browsers that show notifications, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/me/push-subscriptions",
    operation_id = "list_push_subscriptions",
    tag = "Your account",
    responses(
        (status = 200, description = "Your browsers, at most 20", body = PushSubscriptionList),
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
        public_key: push::public_key(&context, &post.ring).await?,
        items: found.into_iter().map(Into::into).collect(),
    }))
}

/// Registers a push subscription for one of your browsers.
#[utoipa::path(
    post,
    path = "/api/v1/me/push-subscriptions",
    operation_id = "add_push_subscription",
    tag = "Your account",
    request_body = NewPushSubscription,
    responses(
        (status = 201, description = "The browser is registered", body = PushSubscribed),
        (status = 409, description = "You have already registered 20 browsers"),
        (status = 422, description = "The endpoint is not allowed, or the keys are invalid")
    ),
    security(("session" = []))
)]
pub(super) async fn add(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    InPerson(viewer): InPerson,
    headers: HeaderMap,
    Body(new): Body<NewPushSubscription>,
) -> Result<Created<PushSubscribed>, WebError> {
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    let new = NewBrowser {
        endpoint: new.endpoint,
        p256dh: new.keys.p256dh,
        auth: new.keys.auth,
        user_agent: agent.map(|agent| agent.chars().take(LONGEST_AGENT).collect()),
    };
    let id = actions::add_browser(&context, &post, &viewer, &new).await?;
    Ok(Created {
        location: format!("/api/v1/me/push-subscriptions/{id}"),
        body: PushSubscribed { id },
    })
}

/// Removes one of your browsers' push subscriptions.
#[utoipa::path(
    delete,
    path = "/api/v1/me/push-subscriptions/{id}",
    operation_id = "remove_push_subscription",
    tag = "Your account",
    responses((status = 204, description = "The browser is removed")),
    security(("session" = []))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    // An ID that is not a UUID is unknown.
    let id = Uuid::try_parse(&id).unwrap_or_default();
    if actions::remove_browser(&context, &viewer, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found(
            "Unknown or removed browser. List your browsers with GET /api/v1/me/push-subscriptions.",
        )
        .into())
    }
}
