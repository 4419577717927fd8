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
    actions::{self, Choice},
    model::{NewsKind, NewsKinds, NewsMode},
    reads, rules,
};

/// Your notification settings.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "timezone": "Europe/Berlin", "quiet_from": "22:00", "quiet_until": "07:00", "daily_cap": 20,
    "mail": { "role_changed": "instant", "pull_request_scored": "digest" },
    "push": { "role_changed": "instant", "pull_request_scored": "off" }
}))]
pub(super) struct NotificationSettings {
    /// A name of the time zone database.
    timezone: String,
    /// Start of your quiet hours; null without any.
    quiet_from: Option<String>,
    /// End of your quiet hours.
    quiet_until: Option<String>,
    /// Maximum of e-mails per day; further notifications wait for the daily digest.
    daily_cap: i64,
    /// E-mails by kind of notification: `off`, `instant` or `digest`.
    #[schema(value_type = BTreeMap<String, String>)]
    mail: BTreeMap<&'static str, &'static str>,
    /// Browser notifications by kind: `off` or `instant`.
    #[schema(value_type = BTreeMap<String, String>)]
    push: BTreeMap<&'static str, &'static str>,
}

/// New notification settings.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(example = json!({
    "timezone": "Europe/Berlin", "quiet_from": "22:00", "quiet_until": "07:00", "daily_cap": 20,
    "mail": { "pull_request_scored": "digest" }, "push": { "pull_request_scored": "off" }
}))]
pub(super) struct NewNotificationSettings {
    /// A name of the time zone database; unchanged when absent.
    #[serde(default)]
    timezone: Option<String>,
    /// Start of your quiet hours; none when absent.
    #[serde(default)]
    quiet_from: Option<String>,
    /// End of your quiet hours.
    #[serde(default)]
    quiet_until: Option<String>,
    /// Maximum of e-mails per day.
    #[schema(minimum = 1, maximum = 100)]
    daily_cap: i64,
    /// E-mails by kind of notification: `off`, `instant` or `digest`. Absent kinds stay unchanged.
    #[serde(default)]
    mail: BTreeMap<String, String>,
    /// Browser notifications by kind: `off` or `instant`. Absent kinds stay unchanged.
    #[serde(default)]
    push: BTreeMap<String, String>,
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
        mail: by_code(&chosen.mail),
        push: by_code(&chosen.push),
    }))
}

/// Shows your notification settings.
#[utoipa::path(
    get,
    path = "/api/v1/me/notification-settings",
    operation_id = "notification_settings",
    tag = "Me",
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
    operation_id = "choose_notification_settings",
    tag = "Me",
    request_body = NewNotificationSettings,
    responses(
        (status = 200, description = "The new settings", body = NotificationSettings),
        (status = 400, description = "The body cannot be read"),
        (status = 422, description = "Unknown kind, mode, time or time zone")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn choose(
    State(context): State<Context>,
    Extension(kinds): Extension<NewsKinds>,
    SignedIn(viewer): SignedIn,
    Body(new): Body<NewNotificationSettings>,
) -> Result<Json<NotificationSettings>, WebError> {
    let choice = Choice {
        timezone: new.timezone.unwrap_or_default(),
        quiet_from: new.quiet_from.unwrap_or_default(),
        quiet_until: new.quiet_until.unwrap_or_default(),
        daily_cap: new.daily_cap,
        modes: new.mail.into_iter().collect(),
        push: new.push.into_iter().collect(),
    };
    actions::choose(&context, kinds, &viewer, &choice).await?;
    chosen(&context, kinds, &viewer).await
}
