use axum::{Json, extract::State};
use identity::{access::Admin, model::Role};
use kernel::Timestamp;
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::flags::{self, FlagChange, FlagInput, FlagStatus};

/// Every flag of this server.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FlagList {
    items: Vec<Flag>,
}

/// A switch and how it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "live_updates", "kind": "feature",
    "description": "Pages that are open follow what is posted, by a stream each.",
    "variable": "ENABLE_LIVE_UPDATES", "is_permitted": true, "enabled": true,
    "rollout_percent": 25, "people": ["wren-oak"], "roles": ["admin"]
}))]
struct Flag {
    /// Its name.
    name: &'static str,
    /// `feature`: something people see. `outgoing`: calls to somebody outside.
    kind: &'static str,
    /// What is gone when it is off.
    description: &'static str,
    /// The environment's variable that may forbid it.
    variable: &'static str,
    /// Whether the environment lets it be on.
    is_permitted: bool,
    /// Off is off for everybody.
    enabled: bool,
    /// How many of a hundred people see it: always the same ones.
    #[schema(minimum = 0, maximum = 100)]
    rollout_percent: i64,
    /// Who sees it whatever the percentage, by login.
    people: Vec<String>,
    /// Roles whose holders see it whatever the percentage.
    #[schema(value_type = Vec<Role>)]
    roles: Vec<String>,
}

impl From<FlagStatus> for Flag {
    fn from(switch: FlagStatus) -> Self {
        let FlagStatus { known, people } = switch;
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

/// A flag and its last 20 changes, the latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FlagDetail {
    #[serde(flatten)]
    flag: Flag,
    history: Vec<FlagTurn>,
}

/// What was made of a flag, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "at": "2026-11-02T03:40:00Z", "by": "finch-ash", "reason": "The streams are too many",
    "setting": { "enabled": false, "rollout_percent": 100, "people": [], "roles": [] }
}))]
struct FlagTurn {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom; null when it was done at the server's shell.
    by: Option<String>,
    /// Why.
    reason: String,
    /// What was set; people by id.
    #[schema(value_type = Object)]
    setting: serde_json::Value,
}

impl From<FlagChange> for FlagTurn {
    fn from(turn: FlagChange) -> Self {
        Self {
            at: turn.at,
            by: turn.by,
            reason: turn.reason,
            setting: turn.setting,
        }
    }
}

/// What is to be made of a flag; what is left out stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(example = json!({ "enabled": true, "rollout_percent": 25, "reason": "A first quarter" }))]
pub(super) struct FlagPatch {
    /// On or off.
    enabled: Option<bool>,
    /// For how many of a hundred.
    #[schema(minimum = 0, maximum = 100)]
    rollout_percent: Option<i64>,
    /// For whom whatever the percentage, by login.
    people: Option<Vec<String>>,
    /// For which roles whatever the percentage.
    #[schema(value_type = Option<Vec<Role>>)]
    roles: Option<Vec<String>>,
    /// Why; it stands in the history.
    #[schema(min_length = 1)]
    reason: String,
}

/// Every flag: what it switches and how it stands.
#[utoipa::path(
    get,
    path = "/api/v1/admin/flags",
    operation_id = "flags",
    tag = "Office",
    responses(
        (status = 200, description = "The flags", body = FlagList),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn flags(
    State(context): State<Context>,
    _: Admin,
) -> Result<Json<FlagList>, WebError> {
    let items = flags::all(&context).await?;
    let items = items.into_iter().map(Into::into).collect();
    Ok(Json(FlagList { items }))
}

/// A flag and its last changes.
#[utoipa::path(
    get,
    path = "/api/v1/admin/flags/{name}",
    operation_id = "flag",
    tag = "Office",
    params(("name" = String, Path, description = "The flag's name", example = "live_updates")),
    responses(
        (status = 200, description = "The flag", body = FlagDetail),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "There is no such flag")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn flag(
    State(context): State<Context>,
    _: Admin,
    Path(name): Path<String>,
) -> Result<Json<FlagDetail>, WebError> {
    Ok(Json(detail(&context, &name).await?))
}

/// Changes a flag; every process follows within five seconds.
#[utoipa::path(
    patch,
    path = "/api/v1/admin/flags/{name}",
    operation_id = "change_flag",
    tag = "Office",
    params(("name" = String, Path, description = "The flag's name", example = "live_updates")),
    request_body = FlagPatch,
    responses(
        (status = 200, description = "The flag as it stands now", body = FlagDetail),
        (status = 400, description = "The path or body is malformed"),
        (status = 404, description = "There is no such flag, or nobody has such a login"),
        (status = 413, description = "The body is too large"),
        (status = 422, description = "No reason is given, or the flag cannot be set so")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn change(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(name): Path<String>,
    Body(wish): Body<FlagPatch>,
) -> Result<Json<FlagDetail>, WebError> {
    let wish = FlagInput {
        enabled: wish.enabled,
        rollout_percent: wish.rollout_percent,
        people: wish.people,
        roles: wish.roles,
        reason: wish.reason,
    };
    flags::set(&context, viewer.actor(), &name, wish).await?;
    Ok(Json(detail(&context, &name).await?))
}

async fn detail(context: &Context, name: &str) -> Result<FlagDetail, WebError> {
    let switch = flags::one(context, name).await?;
    let turns = flags::history(context, Some(switch.known.id)).await?;
    Ok(FlagDetail {
        flag: switch.into(),
        history: turns.into_iter().map(|(_, turn)| turn.into()).collect(),
    })
}
