use std::collections::BTreeMap;

use axum::{Extension, Json, extract::State};
use identity::{access::SignedIn, model::Viewer};
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    actions::{self, ChoiceInput},
    model::{NewsKind, NewsKinds, NewsMode},
    reads, rules,
};

/// Your notification settings.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "timezone": "Europe/Berlin", "quiet_from": "22:00", "quiet_until": "07:00", "daily_cap": 20,
    "email": { "role_changed": "instant", "pull_request_scored": "digest" },
    "push": { "role_changed": "instant", "pull_request_scored": "off" },
    "sms": { "role_changed": "instant", "pull_request_scored": "off" },
    "webhook": { "role_changed": "instant", "pull_request_scored": "instant" }
}))]
pub(super) struct NotificationSettings {
    /// Your time zone, as a name from the IANA time zone database, such as `Europe/Berlin`.
    timezone: String,
    /// The start of your quiet hours. Null if you have none.
    quiet_from: Option<String>,
    /// The end of your quiet hours.
    quiet_until: Option<String>,
    /// The maximum number of emails per day. Further notifications are added to the daily digest.
    daily_cap: i64,
    /// When to send email, by kind of notification: `off`, `instant` or `digest`.
    #[schema(value_type = BTreeMap<String, String>)]
    email: BTreeMap<&'static str, &'static str>,
    /// When to show browser notifications, by kind: `off` or `instant`.
    #[schema(value_type = BTreeMap<String, String>)]
    push: BTreeMap<&'static str, &'static str>,
    /// Which kinds of notifications are sent to your phone as text messages: `off` or `instant`.
    #[schema(value_type = BTreeMap<String, String>)]
    sms: BTreeMap<&'static str, &'static str>,
    /// Which kinds of notifications are sent to your webhooks: `off` or `instant`.
    #[schema(value_type = BTreeMap<String, String>)]
    webhook: BTreeMap<&'static str, &'static str>,
}

/// Changes to your notification settings.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "timezone": "Europe/Berlin", "quiet_from": "22:00", "quiet_until": "07:00", "daily_cap": 20,
    "email": { "pull_request_scored": "digest" }, "push": { "pull_request_scored": "off" }
}))]
pub(super) struct NewNotificationSettings {
    /// Your time zone, as a name from the IANA time zone database. Stays unchanged when absent.
    #[serde(default)]
    timezone: Option<String>,
    /// The start of your quiet hours. Omit it for no quiet hours.
    #[serde(default)]
    quiet_from: Option<String>,
    /// The end of your quiet hours.
    #[serde(default)]
    quiet_until: Option<String>,
    /// The maximum number of emails per day.
    #[schema(minimum = 1, maximum = 100)]
    daily_cap: i64,
    /// When to send email, by kind of notification: `off`, `instant` or `digest`. Absent kinds stay unchanged.
    #[serde(default)]
    email: BTreeMap<String, String>,
    /// When to show browser notifications, by kind: `off` or `instant`. Absent kinds stay unchanged.
    #[serde(default)]
    push: BTreeMap<String, String>,
    /// Which kinds of notifications are sent to your phone as text messages: `off` or `instant`. Absent kinds stay
    /// unchanged.
    #[serde(default)]
    sms: BTreeMap<String, String>,
    /// Which kinds of notifications are sent to your webhooks: `off` or `instant`. Absent kinds stay unchanged.
    #[serde(default)]
    webhook: BTreeMap<String, String>,
}

fn by_code(modes: &[(&'static NewsKind, NewsMode)]) -> BTreeMap<&'static str, &'static str> {
    let pairs = modes.iter().map(|(kind, mode)| (kind.code, mode.as_str()));
    pairs.collect()
}

async fn chosen(
    context: &Context,
    kinds: NewsKinds,
    viewer: &Viewer,
) -> Result<Json<NotificationSettings>, WebError> {
    let chosen = reads::chosen(&context.db, kinds, viewer.user_id).await?;
    let quiet = chosen.settings.quiet;
    Ok(Json(NotificationSettings {
        timezone: chosen.settings.timezone.name().to_owned(),
        quiet_from: quiet.map(|(from, _)| rules::clock(from)),
        quiet_until: quiet.map(|(_, until)| rules::clock(until)),
        daily_cap: chosen.settings.daily_cap,
        email: by_code(&chosen.mail),
        push: by_code(&chosen.push),
        sms: by_code(&chosen.sms),
        webhook: by_code(&chosen.webhook),
    }))
}

/// Returns your notification settings.
#[utoipa::path(
    get,
    path = "/api/v1/me/notification-settings",
    operation_id = "get_notification_settings",
    tag = "Your account",
    responses(
        (status = 200, description = "Your settings", body = NotificationSettings),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn settings(
    State(context): State<Context>,
    Extension(kinds): Extension<NewsKinds>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<NotificationSettings>, WebError> {
    chosen(&context, kinds, &viewer).await
}

/// Changes your notification settings. Security notifications cannot be turned off.
#[utoipa::path(
    put,
    path = "/api/v1/me/notification-settings",
    operation_id = "update_notification_settings",
    tag = "Your account",
    request_body = NewNotificationSettings,
    responses(
        (status = 200, description = "The new settings", body = NotificationSettings),
        (status = 422, description = "A kind, mode, time or time zone is invalid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn choose(
    State(context): State<Context>,
    Extension(kinds): Extension<NewsKinds>,
    SignedIn(viewer): SignedIn,
    Body(new): Body<NewNotificationSettings>,
) -> Result<Json<NotificationSettings>, WebError> {
    let choice = ChoiceInput {
        timezone: new.timezone.unwrap_or_default(),
        quiet_from: new.quiet_from.unwrap_or_default(),
        quiet_until: new.quiet_until.unwrap_or_default(),
        daily_cap: new.daily_cap,
        modes: new.email.into_iter().collect(),
        push: new.push.into_iter().collect(),
        sms: new.sms.into_iter().collect(),
        webhook: new.webhook.into_iter().collect(),
    };
    actions::choose(&context, kinds, &viewer, &choice).await?;
    chosen(&context, kinds, &viewer).await
}
