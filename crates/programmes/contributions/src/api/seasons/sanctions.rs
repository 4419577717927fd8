use axum::{Json, extract::State, http::StatusCode};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{All, Body, Created, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Organizer,
    actions::{self, NewSanction, lift_sanction},
    model::SanctionKind,
    reads,
};

/// A sanction.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "kind": "warning", "reason": "Whitespace only.",
    "decided_at": "2026-10-04T08:00:00Z", "lifted_at": null, "lift_reason": null
}))]
pub(super) struct Sanction {
    /// The ID.
    id: Uuid,
    /// `warning` or `disqualification`.
    kind: &'static str,
    /// The reason, which the person sees.
    reason: String,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    decided_at: Timestamp,
    /// When it was lifted. Null while it applies.
    #[schema(value_type = Option<String>, format = DateTime)]
    lifted_at: Option<Timestamp>,
    /// The reason for lifting it.
    lift_reason: Option<String>,
}

impl From<reads::SanctionView> for Sanction {
    fn from(view: reads::SanctionView) -> Self {
        Self {
            id: view.id,
            kind: view.kind.as_str(),
            reason: view.reason,
            decided_at: view.decided_at,
            lifted_at: view.lifted_at,
            lift_reason: view.lift_reason,
        }
    }
}

/// Lists a person's sanctions in a season, earliest first.
#[utoipa::path(
    get,
    path = "/api/v1/seasons/{slug}/participants/{login}/sanctions",
    operation_id = "list_season_sanctions",
    tag = "Seasons",
    responses((status = 200, description = "The sanctions", body = All<Sanction>)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn sanctions(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
    Path((_, login)): Path<(String, String)>,
) -> Result<Json<All<Sanction>>, WebError> {
    let person = identity::reads::find_named(&context.db, &login).await?;
    let found = reads::sanctions_of(&context.db, season.id.into(), person.id.into()).await?;
    Ok(Json(All::of(found)))
}

/// A sanction to decide on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "warning", "reason": "Whitespace only." }))]
pub(super) struct SanctionInput {
    /// `warning` or `disqualification`.
    #[schema(pattern = "^(warning|disqualification)$")]
    kind: String,
    /// The reason, which the person sees.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// The ID of a new sanction.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" }))]
pub(super) struct NewSanctionId {
    /// The ID.
    id: Uuid,
}

/// Warns or disqualifies a person in a season, and notifies them.
#[utoipa::path(
    post,
    path = "/api/v1/seasons/{slug}/participants/{login}/sanctions",
    operation_id = "sanction_participant",
    tag = "Seasons",
    params(IdempotencyKey),
    request_body = SanctionInput,
    responses(
        (status = 201, description = "The sanction", body = NewSanctionId),
        (status = 409, description = "The season is final or canceled, or the person is already disqualified"),
        (status = 422, description = "The kind is unknown, or the reason is empty or too long")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn sanction(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Path((_, login)): Path<(String, String)>,
    Body(input): Body<SanctionInput>,
) -> Result<Created<NewSanctionId>, WebError> {
    let kind = SanctionKind::named(&input.kind).ok_or_else(|| {
        let detail = format!(
            "'{}' is not a kind of sanction. Use `warning` or `disqualification`.",
            input.kind
        );
        Problem::new(ProblemKind::Invalid, "BAD_SEASON", detail).at("kind")
    })?;
    let new = NewSanction { login, kind, reason: input.reason };
    let id = actions::sanction(&context, viewer.actor(), &season.slug, &new).await?;
    let login = ui::format::segment(&new.login);
    Ok(Created {
        location: format!("/api/v1/seasons/{}/participants/{login}/sanctions", season.slug),
        body: NewSanctionId { id: id.0 },
    })
}

/// The reason for lifting a sanction.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "The pull request was not theirs." }))]
pub(super) struct LiftInput {
    /// The reason, which the person sees.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Lifts a warning or disqualification, and notifies the person.
#[utoipa::path(
    post,
    path = "/api/v1/seasons/{slug}/sanctions/{id}/lift",
    operation_id = "lift_sanction",
    tag = "Seasons",
    request_body = LiftInput,
    responses(
        (status = 204, description = "The sanction is lifted"),
        (status = 409, description = "The season is final or canceled, or the sanction is already lifted"),
        (status = 422, description = "The reason is empty or too long")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn lift(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Path((_, id)): Path<(String, Uuid)>,
    Body(input): Body<LiftInput>,
) -> Result<StatusCode, WebError> {
    let (actor, slug) = (viewer.actor(), &season.slug);
    lift_sanction(&context, actor, slug, id.into(), &input.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
