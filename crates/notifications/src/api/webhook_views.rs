use kernel::Timestamp;
use platform::outbox::webhook::{Endpoint, Secret, WebhookAttempt};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A webhook: a URL that receives your notifications.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Webhook, example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "created_at": "2026-11-01T08:00:00Z",
    "url": "https://hooks.example/guildhall", "description": "Our chat", "disabled_at": null, "disabled_reason": null,
    "last_success_at": "2026-11-02T08:00:00Z", "failing_since": null, "previous_secret_until": null
}))]
pub(super) struct WebhookView {
    /// The webhook's ID.
    id: Uuid,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The URL that receives notifications.
    url: String,
    /// Your description. May be empty.
    description: String,
    /// When it was disabled because it failed. Null if it is enabled.
    #[schema(value_type = Option<String>, format = DateTime)]
    disabled_at: Option<Timestamp>,
    /// The reason why it is disabled.
    disabled_reason: Option<String>,
    /// When it last accepted a notification.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_success_at: Option<Timestamp>,
    /// The first failure since it last accepted a notification.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing_since: Option<Timestamp>,
    /// Until when the former secret signs too, if it was replaced.
    #[schema(value_type = Option<String>, format = DateTime)]
    previous_secret_until: Option<Timestamp>,
}

impl From<Endpoint> for WebhookView {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            id: endpoint.id,
            created_at: endpoint.created_at,
            url: endpoint.url,
            description: endpoint.description,
            disabled_at: endpoint.disabled_at,
            disabled_reason: endpoint.disabled_reason,
            last_success_at: endpoint.last_success_at,
            failing_since: endpoint.failing_since,
            previous_secret_until: endpoint.previous_until,
        }
    }
}

/// The webhook to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "url": "https://hooks.example/guildhall", "description": "Our chat" }))]
pub(super) struct NewWebhook {
    /// The URL that receives notifications. It must use HTTPS and a public address.
    #[schema(max_length = 2000)]
    pub(super) url: String,
    /// A description of its purpose, in one line.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(super) description: String,
}

/// Changes to a webhook.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "description": "Our chat" }))]
pub(super) struct WebhookPatch {
    /// The new description, in one line. May be empty.
    #[schema(max_length = 100)]
    pub(super) description: String,
}

/// A new webhook with its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct WebhookWithSecret {
    /// The secret that signs notifications (Standard Webhooks). It is shown only once.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=")]
    secret: String,
    #[serde(flatten)]
    webhook: WebhookView,
}

impl WebhookWithSecret {
    pub(super) fn of(endpoint: Endpoint, secret: &Secret) -> Self {
        Self { secret: secret.text().expose_secret().to_owned(), webhook: endpoint.into() }
    }
}

/// The new secret of a webhook.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=",
    "previous_secret_until": "2026-11-02T08:00:00Z"
}))]
pub(super) struct WebhookSecret {
    /// The secret that signs notifications from now on. It is shown only once.
    secret: String,
    /// Until when the former secret signs too.
    #[schema(value_type = Option<String>, format = DateTime)]
    previous_secret_until: Option<Timestamp>,
}

impl WebhookSecret {
    pub(super) fn of(endpoint: &Endpoint, secret: &Secret) -> Self {
        Self {
            secret: secret.text().expose_secret().to_owned(),
            previous_secret_until: endpoint.previous_until,
        }
    }
}

/// An attempt to send to a webhook.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WebhookAttempt, example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c", "created_at": "2026-11-01T08:00:00Z",
    "message_id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5d", "type": "webhook.test", "is_accepted": true,
    "status": 200, "milliseconds": 84, "answer": "ok"
}))]
pub(super) struct AttemptView {
    /// The attempt's ID.
    id: Uuid,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The `webhook-id`, the same at each attempt to send a notification.
    message_id: Uuid,
    /// The kind of notification, or `webhook.test`.
    r#type: String,
    /// True if the receiver responded with a status of 200 to 299.
    is_accepted: bool,
    /// The status of the response. Null if there was none.
    status: Option<i64>,
    /// The duration in milliseconds.
    milliseconds: i64,
    /// The beginning of the response, or why there was none.
    answer: String,
}

impl From<WebhookAttempt> for AttemptView {
    fn from(attempt: WebhookAttempt) -> Self {
        Self {
            id: attempt.id,
            created_at: attempt.created_at,
            message_id: attempt.message_id,
            r#type: attempt.kind,
            is_accepted: attempt.is_accepted,
            status: attempt.status,
            milliseconds: attempt.milliseconds,
            answer: attempt.answer,
        }
    }
}
