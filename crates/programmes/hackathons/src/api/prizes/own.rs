use axum::{Json, extract::State};
use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    ActionError, Context,
    web::{All, Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Insider,
    actions::{claim_prize, opened},
    reads::{self, PrizeAwardView},
};

/// A prize that your submission won.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-000000000004", "prize": "harbor-prize", "name": "Harbor prize",
    "value": "A day at sea", "state": "claimed", "state_at": "2026-12-01T12:00:00Z", "claimed_by": "ada-lovelace",
    "claim": "Ada Lovelace\n1 Quay Street\nLisbon", "reason": null
}))]
pub(super) struct OwnPrize {
    /// The ID of the award.
    id: Uuid,
    /// The prize's slug.
    prize: String,
    /// The prize's name.
    name: String,
    /// The value in words. Empty if it is not stated.
    value: String,
    /// `awarded`, `claimed`, `sent`, `received` or `forfeited`.
    state: &'static str,
    /// When the state was reached.
    #[schema(value_type = String, format = DateTime)]
    state_at: Timestamp,
    /// The login of the person who claimed it. Null before.
    claimed_by: Option<String>,
    /// The details that you stated. Null if another member claimed it, and once they are removed.
    claim: Option<String>,
    /// Why it is forfeited. Null if it is not, and 180 days after the results.
    reason: Option<String>,
}

impl OwnPrize {
    fn of(context: &Context, award: PrizeAwardView, person: UserId) -> Result<Self, ActionError> {
        let is_own = award.claimant() == Some(person);
        let sealed = award.claim_secret.as_ref().filter(|_| is_own);
        Ok(Self {
            id: award.id,
            state: award.state.as_str(),
            claim: opened(context, sealed)?,
            prize: award.slug,
            name: award.name,
            value: award.value,
            state_at: award.state_at,
            claimed_by: award.claimed_by,
            reason: award.reason,
        })
    }
}

/// Lists the prizes that your submission to a hackathon won.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/prizes",
    operation_id = "list_own_prizes",
    tag = "Hackathons",
    responses((status = 200, description = "The prizes", body = All<OwnPrize>)),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    Insider { viewer, hackathon, .. }: Insider,
) -> Result<Json<All<OwnPrize>>, WebError> {
    let person = viewer.user_id;
    let found = reads::prizes_of(&context.db, hackathon.key(), person).await?;
    let items = found.into_iter();
    let items = items.map(|it| OwnPrize::of(&context, it, person));
    Ok(Json(All { items: items.collect::<Result<_, _>>()? }))
}

/// The claim to a prize.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "claim": "Ada Lovelace\n1 Quay Street\nLisbon" }))]
pub(super) struct PrizeClaimBody {
    /// The place and the way of the hand-over, such as a postal address.
    #[schema(min_length = 1, max_length = 1_000)]
    claim: String,
}

/// Claims a prize that your submission won, or changes the details until it is sent. They are encrypted, and only organizers of the
/// hackathon read them.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/prizes/{id}/claim",
    operation_id = "claim_prize",
    tag = "Hackathons",
    request_body = PrizeClaimBody,
    responses(
        (status = 200, description = "The claimed prize", body = OwnPrize),
        (status = 409, description = "Another member claimed it, it was sent, received or forfeited, the submission is disqualified, or the results are older than 180 days"),
        (status = 422, description = "The details are missing or not valid")
    ),
    security(("session" = ["participant"]), ("bearer" = ["write"]))
)]
pub(super) async fn claim(
    State(context): State<Context>,
    Insider { viewer, hackathon, .. }: Insider,
    Path((_, id)): Path<(String, Uuid)>,
    Body(body): Body<PrizeClaimBody>,
) -> Result<Json<OwnPrize>, WebError> {
    let person = viewer.user_id;
    let claimed = claim_prize(&context, person, &hackathon.slug, id.into(), &body.claim).await?;
    Ok(Json(OwnPrize::of(&context, claimed, person)?))
}
