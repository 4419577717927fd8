use axum::{Json, extract::State};
use identity::{access::Admin, model::Role};
use kernel::Timestamp;
use platform::{
    Context,
    web::{All, Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::flags::{self, FlagHistoryEntry, FlagInput, FlagStatus};

/// A flag and its setting.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "live_updates", "kind": "feature",
    "description": "Open pages update automatically when something changes.",
    "variable": "ENABLE_LIVE_UPDATES", "is_permitted": true, "enabled": true,
    "rollout_percent": 25, "people": ["wren-oak"], "roles": ["admin"]
}))]
pub(super) struct Flag {
    /// The flag's name.
    name: &'static str,
    /// `feature` for features of this server, `outgoing` for calls to external services.
    kind: &'static str,
    /// The feature or service that the flag controls.
    description: &'static str,
    /// The environment variable that can keep the flag off.
    variable: &'static str,
    /// False when the environment variable keeps the flag off.
    is_permitted: bool,
    /// False when the flag is off for everyone.
    enabled: bool,
    /// The percentage of people for whom the flag is on. It is always the same people.
    #[schema(minimum = 0, maximum = 100)]
    rollout_percent: i64,
    /// Logins of people for whom the flag is on at any percentage.
    people: Vec<String>,
    /// Roles for which the flag is on at any percentage.
    #[schema(value_type = Vec<Role>)]
    roles: Vec<String>,
}

impl From<FlagStatus> for Flag {
    fn from(status: FlagStatus) -> Self {
        let FlagStatus { known, people } = status;
        Self {
            name: known.flag.name,
            kind: known.flag.kind.as_str(),
            description: known.flag.description,
            variable: known.flag.variable,
            is_permitted: known.is_permitted,
            enabled: known.setting.enabled,
            rollout_percent: known.setting.rollout_percent,
            people,
            roles: known.setting.roles.into_iter().collect(),
        }
    }
}

/// A flag and its last 20 changes, latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FlagDetail {
    #[serde(flatten)]
    flag: Flag,
    history: Vec<FlagChangeView>,
}

/// A change of a flag and its reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "created_at": "2026-11-02T03:40:00Z", "actor": "finch-ash", "reason": "Too many open streams",
    "setting": { "enabled": false, "rollout_percent": 100, "people": [], "roles": [] }
}))]
struct FlagChangeView {
    /// When the flag was changed.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The login of the admin who changed the flag. Null for a command run on the server.
    actor: Option<String>,
    /// The reason for the change.
    reason: String,
    /// The new setting. People are given by ID.
    #[schema(value_type = Object)]
    setting: serde_json::Value,
}

impl From<FlagHistoryEntry> for FlagChangeView {
    fn from(change: FlagHistoryEntry) -> Self {
        Self {
            created_at: change.at,
            actor: change.by,
            reason: change.reason,
            setting: change.setting,
        }
    }
}

/// Changes to a flag. Absent fields stay unchanged.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "enabled": true, "rollout_percent": 25, "reason": "Start with 25% of people" }))]
pub(super) struct FlagPatch {
    /// Turns the flag on or off.
    enabled: Option<bool>,
    /// The percentage of people for whom the flag is on.
    #[schema(minimum = 0, maximum = 100)]
    rollout_percent: Option<i64>,
    /// Logins of people for whom the flag is on at any percentage.
    people: Option<Vec<String>>,
    /// Roles for which the flag is on at any percentage.
    #[schema(value_type = Option<Vec<Role>>)]
    roles: Option<Vec<String>>,
    /// The reason for the change, shown in the history.
    #[schema(min_length = 1)]
    reason: String,
}

/// Lists all flags and their settings.
#[utoipa::path(
    get,
    path = "/api/v1/admin/flags",
    operation_id = "list_flags",
    tag = "Admin",
    responses(
        (status = 200, description = "All flags", body = All<Flag>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn flags(
    State(context): State<Context>,
    _: Admin,
) -> Result<Json<All<Flag>>, WebError> {
    Ok(Json(All::of(flags::all(&context).await?)))
}

/// Returns a flag and its last changes.
#[utoipa::path(
    get,
    path = "/api/v1/admin/flags/{name}",
    operation_id = "get_flag",
    tag = "Admin",
    responses((status = 200, description = "The flag", body = FlagDetail)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn flag(
    State(context): State<Context>,
    _: Admin,
    Path(name): Path<String>,
) -> Result<Json<FlagDetail>, WebError> {
    Ok(Json(detail(&context, &name).await?))
}

/// Changes a flag. The change takes effect within five seconds.
#[utoipa::path(
    patch,
    path = "/api/v1/admin/flags/{name}",
    operation_id = "change_flag",
    tag = "Admin",
    request_body = FlagPatch,
    responses(
        (status = 200, description = "The changed flag", body = FlagDetail),
        (status = 404, description = "No flag has this name, or a login is unknown"),
        (status = 422, description = "The reason is missing, or the setting is not allowed")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn change(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(name): Path<String>,
    Body(patch): Body<FlagPatch>,
) -> Result<Json<FlagDetail>, WebError> {
    let input = FlagInput {
        enabled: patch.enabled,
        rollout_percent: patch.rollout_percent,
        people: patch.people,
        roles: patch.roles,
        reason: patch.reason,
        unread: None,
    };
    flags::set(&context, viewer.actor(), &name, input).await?;
    Ok(Json(detail(&context, &name).await?))
}

async fn detail(context: &Context, name: &str) -> Result<FlagDetail, WebError> {
    let status = flags::one(context, name).await?;
    let changes = flags::history(context, Some(status.known.id)).await?;
    Ok(FlagDetail {
        flag: status.into(),
        history: changes.into_iter().map(|(_, change)| change.into()).collect(),
    })
}
