//! The API of prizes.

mod awards;
mod own;

use axum::{Json, extract::State, http::StatusCode};
use platform::{
    Context,
    db::DbError,
    idempotency::IdempotencyKey,
    web::{All, Body, Created, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{InvitationQuery, nullable};
use crate::{
    access::{Organizer, SeenHackathon},
    actions::{NewPrize, create_prize, edit_prize, remove_prize},
    reads::{self, HackathonView, PrizeAwardView, PrizeView},
    rules::{invalid, keeps_slug, prizes::PrizeInput},
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(edit, remove))
        .routes(routes!(awards::award))
        .routes(routes!(awards::list))
        .routes(routes!(awards::take_back))
        .routes(routes!(awards::step))
        .routes(routes!(awards::claim))
        .routes(routes!(own::list))
        .routes(routes!(own::claim))
}

/// A prize of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "harbor-prize", "name": "Harbor prize", "track": "", "sponsor": "Pilots’ Society", "value": "A day at sea",
    "count": 1, "position": 2, "winners": []
}))]
struct HackathonPrize {
    /// The slug, unique in the hackathon and used in URLs.
    slug: String,
    /// The name.
    name: String,
    /// The slug of the track of which only the submissions can get it. Empty if all can.
    track: String,
    /// The sponsor. Empty without one.
    sponsor: String,
    /// The value in words. Empty if it is not stated.
    value: String,
    /// The number of submissions that can get it.
    count: i64,
    /// The position in lists, lowest first.
    position: i64,
    /// The submissions that won it. Empty before the results.
    winners: Vec<Winner>,
}

/// A submission that won a prize.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "submission": "01900000-0000-7000-8000-000000000002", "title": "Gannet", "team": "Gannet"
}))]
struct Winner {
    /// The ID of the submission.
    submission: Uuid,
    /// The name of the project.
    title: String,
    /// The name of the team, or the login of a person without a team.
    team: Option<String>,
}

impl HackathonPrize {
    fn of(prize: PrizeView, winners: &[PrizeAwardView]) -> Self {
        let own = winners.iter().filter(|it| it.prize_id == prize.id);
        let winner = |award: &PrizeAwardView| Winner {
            submission: award.submission_id,
            title: award.project.clone(),
            team: award.team.clone(),
        };
        Self {
            winners: own.map(winner).collect(),
            slug: prize.slug,
            name: prize.name,
            track: prize.track,
            sponsor: prize.sponsor,
            value: prize.value,
            count: prize.count,
            position: prize.position,
        }
    }
}

/// Lists the prizes of a hackathon, with their winners once results are published.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/prizes",
    operation_id = "list_hackathon_prizes",
    tag = "Hackathons",
    params(InvitationQuery),
    responses((status = 200, description = "The prizes, in their order", body = All<HackathonPrize>))
)]
async fn list(
    State(context): State<Context>,
    Query(_): Query<InvitationQuery>,
    seen: SeenHackathon,
) -> Result<Json<All<HackathonPrize>>, WebError> {
    let (db, id) = (&context.db, seen.hackathon.key());
    let winners = reads::prize_winners(db, id).await?;
    let prizes = reads::prizes(db, id).await?.into_iter();
    Ok(Json(All::of(prizes.map(|it| HackathonPrize::of(it, &winners)))))
}

/// The details of a prize. Absent fields stay as they are, or have their default in a new prize.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Harbor prize", "sponsor": "Pilots’ Society", "value": "A day at sea", "count": 1 }))]
struct PrizeBody {
    /// The slug, never changed. Derived from the name if absent.
    #[schema(max_length = 100)]
    slug: Option<String>,
    /// The name. Required in a new prize.
    #[schema(max_length = 100)]
    name: Option<String>,
    /// The slug of a track of the hackathon, of which only the submissions can get it; empty or null for none.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(max_length = 100)]
    track: Option<String>,
    /// The sponsor; empty or null for none.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(max_length = 100)]
    sponsor: Option<String>,
    /// The value in words, such as `€1,500`; empty or null if it is not stated.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(max_length = 100)]
    value: Option<String>,
    /// The number of submissions that can get it; 1 if left out of a new prize.
    #[schema(minimum = 1, maximum = 1_000)]
    count: Option<i64>,
    /// The position in lists, lowest first; 0 if left out of a new prize.
    #[schema(minimum = 0, maximum = 1_000)]
    position: Option<i64>,
}

impl PrizeBody {
    fn input(self) -> PrizeInput {
        PrizeInput {
            name: self.name,
            track: self.track,
            sponsor: self.sponsor,
            value: self.value,
            count: self.count.map(|count| count.to_string()),
            position: self.position.map(|position| position.to_string()),
        }
    }
}

async fn shown(
    context: &Context,
    hackathon: &HackathonView,
    prize: PrizeView,
) -> Result<HackathonPrize, DbError> {
    let winners = reads::prize_winners(&context.db, hackathon.key()).await?;
    Ok(HackathonPrize::of(prize, &winners))
}

/// Creates a prize of a hackathon before its results.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/prizes",
    operation_id = "create_prize",
    tag = "Hackathons",
    params(IdempotencyKey),
    request_body = PrizeBody,
    responses(
        (status = 201, description = "The prize", body = HackathonPrize),
        (status = 409, description = "The slug is taken, the hackathon has 100 prizes, or it is completed, archived or canceled"),
        (status = 422, description = "A field is not valid, or the hackathon has no such track")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
async fn create(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<PrizeBody>,
) -> Result<Created<HackathonPrize>, WebError> {
    let new = NewPrize { slug: body.slug.clone(), details: body.input() };
    let prize = create_prize(&context, viewer.actor(), &hackathon.slug, &new).await?;
    Ok(Created {
        location: format!("/api/v1/hackathons/{}/prizes", hackathon.slug),
        body: shown(&context, &hackathon, prize).await?,
    })
}

/// Changes a prize of a hackathon before its results.
#[utoipa::path(
    patch,
    path = "/api/v1/hackathons/{slug}/prizes/{prize}",
    operation_id = "edit_prize",
    tag = "Hackathons",
    request_body = PrizeBody,
    responses(
        (status = 200, description = "The changed prize", body = HackathonPrize),
        (status = 409, description = "A submission with the prize is not in its new track, or the hackathon is completed, archived or canceled"),
        (status = 422, description = "A field is not valid, the hackathon has no such track, or more of the prize are awarded than there would be")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
async fn edit(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, prize)): Path<(String, String)>,
    Body(body): Body<PrizeBody>,
) -> Result<Json<HackathonPrize>, WebError> {
    keeps_slug("prize", body.slug.as_deref(), &prize).map_err(|detail| invalid("slug", detail))?;
    let prize = edit_prize(
        &context,
        viewer.actor(),
        hackathon.slug.as_str(),
        prize.as_str(),
        &body.input(),
    )
    .await?;
    Ok(Json(shown(&context, &hackathon, prize).await?))
}

/// Removes a prize that is not awarded, before the results of its hackathon.
#[utoipa::path(
    delete,
    path = "/api/v1/hackathons/{slug}/prizes/{prize}",
    operation_id = "remove_prize",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The prize is removed"),
        (status = 409, description = "The prize is awarded, or the hackathon is completed, archived or canceled")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
async fn remove(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, prize)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    remove_prize(&context, viewer.actor(), hackathon.slug.as_str(), prize.as_str()).await?;
    Ok(StatusCode::NO_CONTENT)
}
