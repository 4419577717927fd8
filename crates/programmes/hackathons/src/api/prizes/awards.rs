use axum::{Json, extract::State, http::StatusCode};
use kernel::Timestamp;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{self, Body, Created, List, Paged, Path, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Organizer,
    actions::{award_prize, read_prize_claim, step_prize, take_back_prize},
    model::PrizeState,
    reads::{self, PrizeAwardPart, PrizeAwardView},
    rules::invalid,
};

/// An award of a prize to a submission.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-000000000004", "prize": "harbor-prize",
    "submission": "01900000-0000-7000-8000-000000000002", "title": "Gannet", "team": "Gannet", "state": "claimed",
    "state_at": "2026-12-01T12:00:00Z", "published_at": "2026-11-29T18:00:00Z", "claimed_by": "ada-lovelace",
    "has_claim": true, "reason": null
}))]
pub(super) struct PrizeAward {
    /// The ID.
    id: Uuid,
    /// The prize's slug.
    prize: String,
    /// The ID of the submission.
    submission: Uuid,
    /// The name of the project.
    title: String,
    /// The name of the team, or the login of a person without a team.
    team: Option<String>,
    /// `awarded`, `claimed`, `sent`, `received` or `forfeited`.
    state: &'static str,
    /// When the state was reached.
    #[schema(value_type = String, format = DateTime)]
    state_at: Timestamp,
    /// The instant from which everyone sees it. Null before the results.
    #[schema(value_type = Option<String>, format = DateTime)]
    published_at: Option<Timestamp>,
    /// The login of the person who claimed it. Null before.
    claimed_by: Option<String>,
    /// True if there are claim details to read.
    has_claim: bool,
    /// Why it is forfeited. Null if it is not, and 180 days after the results.
    reason: Option<String>,
}

impl From<PrizeAwardView> for PrizeAward {
    fn from(award: PrizeAwardView) -> Self {
        Self {
            id: award.id,
            state: award.state.as_str(),
            prize: award.slug,
            submission: award.submission_id,
            title: award.project,
            team: award.team,
            state_at: award.state_at,
            published_at: award.published_at,
            claimed_by: award.claimed_by,
            has_claim: award.claim_secret.is_some(),
            reason: award.reason,
        }
    }
}

/// The part of the awards to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AwardQuery {
    /// `open` (the default), `all`, or a state.
    #[param(value_type = String, required = false, example = "open")]
    state: Option<String>,
    /// The number of items per page: 20 by default, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// The `next_cursor` from the previous page.
    #[param(value_type = String, required = false)]
    cursor: Option<String>,
}

/// Lists the awards of the prizes of a hackathon, earliest first, without claim details.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/prize-awards",
    operation_id = "list_prize_awards",
    tag = "Hackathons",
    params(AwardQuery),
    responses(
        (status = 200, description = "A page of awards", body = List<PrizeAward>),
        (status = 422, description = "The state is not one of these")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Query(query): Query<AwardQuery>,
) -> Result<Paged<List<PrizeAward>>, WebError> {
    let state = query.state.as_deref().unwrap_or_default();
    let part = PrizeAwardPart::named(state).ok_or_else(|| {
        let detail = format!("'{state}' is not a part. Use open, all or a state.");
        invalid("state", detail)
    })?;
    let limit = web::limit(query.limit)?;
    let after = match query.cursor.as_deref().map(Uuid::try_parse) {
        None => None,
        Some(Ok(id)) => Some(id.into()),
        Some(Err(_)) => return Err(bad_cursor().into()),
    };
    let found = reads::prize_awards(&context.db, hackathon.key(), part, after, limit + 1).await?;
    let found = List::cut(found, limit, |award| award.id.to_string());
    Ok(Paged(found.map(Into::into)))
}

/// The submission that gets a prize.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "submission": "01900000-0000-7000-8000-000000000002" }))]
pub(super) struct AwardBody {
    /// The ID of the submission.
    submission: Uuid,
}

/// Awards a prize to a submission that counts, once submissions are closed. Only staff sees it before the results.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/prizes/{prize}/awards",
    operation_id = "award_prize",
    tag = "Hackathons",
    params(IdempotencyKey),
    request_body = AwardBody,
    responses(
        (status = 201, description = "The award", body = PrizeAward),
        (status = 404, description = "No hackathon that you may see has this slug, or it has no such prize or submission"),
        (status = 409, description = "Submissions are open or the hackathon is canceled, the submission does not count, is not in the track of the prize or has it, or all of it are awarded")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn award(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, prize)): Path<(String, String)>,
    Body(body): Body<AwardBody>,
) -> Result<Created<PrizeAward>, WebError> {
    let submission = body.submission.into();
    let award =
        award_prize(&context, viewer.actor(), hackathon.slug.as_str(), prize.as_str(), submission)
            .await?;
    Ok(Created {
        location: format!("/api/v1/hackathons/{}/prize-awards", hackathon.slug),
        body: award.into(),
    })
}

/// Takes an award back before the results.
#[utoipa::path(
    delete,
    path = "/api/v1/hackathons/{slug}/prize-awards/{id}",
    operation_id = "take_back_prize",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The submission does not have the prize"),
        (status = 409, description = "The results are published")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn take_back(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<StatusCode, WebError> {
    take_back_prize(&context, viewer.actor(), &hackathon.slug, id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The state to reach.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "state": "sent" }))]
pub(super) struct StateBody {
    /// `sent`, `received` or `forfeited`.
    #[schema(max_length = 20)]
    state: String,
    /// The reason, which the winners read. A forfeited prize requires it.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Marks a prize as sent, received or forfeited after the results. The winners are notified. A forfeited prize can be awarded
/// again.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/prize-awards/{id}/state",
    operation_id = "set_prize_award_state",
    tag = "Hackathons",
    request_body = StateBody,
    responses(
        (status = 200, description = "The award", body = PrizeAward),
        (status = 409, description = "The results are not published, or the state does not follow the present one"),
        (status = 422, description = "The state is not one of these, or the reason is missing or not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn step(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, id)): Path<(String, Uuid)>,
    Body(body): Body<StateBody>,
) -> Result<Json<PrizeAward>, WebError> {
    let to = PrizeState::named(&body.state).ok_or_else(|| {
        let detail = format!("'{}' is not a state. Use sent, received or forfeited.", body.state);
        invalid("state", detail)
    })?;
    let reason = body.reason.unwrap_or_default();
    let award =
        step_prize(&context, viewer.actor(), hackathon.slug.as_str(), id.into(), to, &reason)
            .await?;
    Ok(Json(award.into()))
}

/// Claim details.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "claim": "Ada Lovelace\n1 Quay Street\nLisbon" }))]
pub(super) struct PrizeClaim {
    /// The details. Null before the claim, and once they are removed.
    claim: Option<String>,
}

/// Returns the claim details of an award, for organizers of the hackathon only. The audit log records each reading.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/prize-awards/{id}/claim",
    operation_id = "get_prize_claim",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The claim details", body = PrizeClaim),
        (status = 403, description = "You do not organize the hackathon; admins become organizers first")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn claim(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<Json<PrizeClaim>, WebError> {
    let claim =
        read_prize_claim(&context, viewer.user_id, hackathon.slug.as_str(), id.into()).await?;
    Ok(Json(PrizeClaim { claim }))
}
