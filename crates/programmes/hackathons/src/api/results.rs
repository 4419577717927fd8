use axum::{Json, extract::State};
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{detail, views::HackathonDetail};
use crate::{
    access::Organizer,
    actions::{self, NewResults},
    model::{JuryOutcome, Phase},
    reads::{self, HackathonView, OverrideView, PrizeAwardView, PrizeView, SubmissionView},
    rules::publication::{Blocking, overrides},
};

/// Something that keeps results from being published.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ResultBlocking {
    /// `invalid_award`, `open_tie`, `prize_without_winner`, `missing_scores`, `counted_conflict` or `open_appeal`.
    blocker: &'static str,
    /// The projects or prizes that it concerns.
    things: Vec<String>,
    /// True if a reason overrides it.
    may_be_overridden: bool,
}

impl From<Blocking> for ResultBlocking {
    fn from(it: Blocking) -> Self {
        Self {
            blocker: it.blocker.as_str(),
            things: it.things,
            may_be_overridden: it.blocker.may_be_overridden(),
        }
    }
}

/// A blocker that an organizer overrode.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ResultOverride {
    blocker: &'static str,
    /// The reason; empty 180 days after the results.
    reason: String,
    /// The login of the organizer. Null if an operator decided.
    decided_by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    decided_at: Timestamp,
}

impl From<OverrideView> for ResultOverride {
    fn from(it: OverrideView) -> Self {
        Self {
            blocker: it.blocker.as_str(),
            reason: it.reason,
            decided_by: it.decided_by,
            decided_at: it.decided_at,
        }
    }
}

/// A project that the jury chose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ChosenProject {
    id: Uuid,
    title: String,
    /// The name of the team, or the login of the person.
    team: String,
    /// `finalist` or `winner`.
    outcome: Option<&'static str>,
}

impl From<SubmissionView> for ChosenProject {
    fn from(it: SubmissionView) -> Self {
        Self {
            outcome: it.facts().outcome.map(JuryOutcome::as_str),
            id: it.id,
            title: it.title,
            team: it.team.unwrap_or_default(),
        }
    }
}

/// A prize with its projects.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PrizeOutcome {
    /// The slug.
    prize: String,
    /// The titles of the projects that get it.
    projects: Vec<String>,
}

impl From<(PrizeView, Vec<PrizeAwardView>)> for PrizeOutcome {
    fn from((prize, awards): (PrizeView, Vec<PrizeAwardView>)) -> Self {
        let projects = awards.into_iter().map(|award| award.project).collect();
        Self { prize: prize.slug, projects }
    }
}

/// The results of a hackathon as its organizers see them: a draft, results that wait, or published ones.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "state": "waiting", "results": "**Gannet** wins with a berth list that works offline.",
    "due_at": "2026-11-29T18:15:00Z", "published_at": null, "held_at": null,
    "blockers": [{
        "blocker": "prize_without_winner", "things": ["Harbor prize"], "may_be_overridden": true
    }],
    "overrides": [{
        "blocker": "prize_without_winner", "reason": "The sponsor withdrew it.", "decided_by": "ada-lovelace",
        "decided_at": "2026-11-29T18:00:00Z"
    }],
    "chosen": [{
        "id": "01900000-0000-7000-8000-000000000002", "title": "Berth list", "team": "Gannet", "outcome": "winner"
    }],
    "prizes": [{ "prize": "harbor-prize", "projects": [] }], "people": 3, "points": 4050, "recipients": 12
}))]
pub(super) struct ResultsState {
    /// `draft`, `waiting` or `published`.
    state: &'static str,
    /// The text, as Markdown. Null until it is written.
    results: Option<String>,
    /// When the results become public. Null if they do not wait.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// When they became public. Null before.
    #[schema(value_type = Option<String>, format = DateTime)]
    published_at: Option<Timestamp>,
    /// When their time came, but a blocker kept them from being published. Null if none did.
    #[schema(value_type = Option<String>, format = DateTime)]
    held_at: Option<Timestamp>,
    /// The reasons that keep them from being published, including overridden ones. Empty before judging is over, and
    /// after the publication.
    blockers: Vec<ResultBlocking>,
    /// The reasons that were overridden when they were last published.
    overrides: Vec<ResultOverride>,
    /// The winners and finalists.
    chosen: Vec<ChosenProject>,
    /// The prizes.
    prizes: Vec<PrizeOutcome>,
    /// The number of people with a result.
    people: usize,
    /// The points that they get together. Null without the approval of an admin.
    #[schema(value_type = Option<i64>)]
    points: Option<Points>,
    /// The number of people with a place, who get an email.
    recipients: i64,
}

impl ResultsState {
    async fn of(context: &Context, hackathon: &HackathonView) -> Result<Self, WebError> {
        let (db, id) = (&context.db, hackathon.key());
        let publication = reads::publication(db, id).await?;
        let decided = reads::Decided::of(db, id).await?;
        let preview = reads::results_preview(db, id, &decided).await?;
        let blocking = match hackathon.phase(context.now()) {
            Phase::JudgingClosed => reads::result_blockers(db, hackathon, &decided).await?,
            _ => Vec::new(),
        };
        let published_at = hackathon.steps().results_published_at;
        Ok(Self {
            state: match (published_at, hackathon.results_due_at) {
                (Some(_), _) => "published",
                (None, Some(_)) => "waiting",
                (None, None) => "draft",
            },
            due_at: hackathon.results_due_at,
            published_at,
            held_at: publication.as_ref().and_then(|it| it.held_at),
            results: publication.map(|it| it.results),
            blockers: blocking.into_iter().map(Into::into).collect(),
            overrides: reads::result_overrides(db, id).await?.into_iter().map(Into::into).collect(),
            chosen: preview.chosen.into_iter().map(Into::into).collect(),
            prizes: preview.prizes.into_iter().map(Into::into).collect(),
            people: preview.people,
            points: preview.points,
            recipients: preview.recipients,
        })
    }
}

/// Shows the results of a hackathon to its organizers: what is or becomes public, and what keeps it from that.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/results",
    operation_id = "get_hackathon_results",
    tag = "Hackathons",
    responses((status = 200, description = "The results", body = ResultsState)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(super) async fn read(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> Result<Json<ResultsState>, WebError> {
    ResultsState::of(&context, &hackathon).await.map(Json)
}

/// A reason to publish results in spite of a blocker.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BlockerReason {
    /// The blocker, as `blockers` of the results names it.
    blocker: String,
    /// The reason, which organizers read.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// The results of a hackathon.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "results": "**Gannet** wins with a berth list that works offline.",
    "overrides": [{ "blocker": "prize_without_winner", "reason": "The sponsor withdrew it." }]
}))]
pub(super) struct HackathonResults {
    /// The winners and what they built, as Markdown.
    #[schema(min_length = 1, max_length = 20_000)]
    results: String,
    /// The blockers that are overridden.
    #[serde(default)]
    #[schema(max_items = 10)]
    overrides: Vec<BlockerReason>,
}

/// Lets the results of a hackathon become public after 15 minutes. Until then nothing is public or sent, the hackathon cannot be
/// changed, and organizers can undo it. Then the text, the choices of the jury, the prizes, the scores and the points become visible
/// together, and everyone with a place is notified.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/results",
    operation_id = "publish_hackathon_results",
    tag = "Hackathons",
    request_body = HackathonResults,
    responses(
        (status = 200, description = "The results, which wait", body = ResultsState),
        (status = 409, description = "Submissions or judging are not over, results wait already, a blocker is left that is not overridden, or the hackathon is completed, archived or canceled"),
        (status = 422, description = "The text is missing or not valid, or a blocker is unknown or cannot be overridden")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn schedule(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<HackathonResults>,
) -> Result<Json<ResultsState>, WebError> {
    let given = body.overrides.iter().map(|it| (it.blocker.as_str(), it.reason.as_str()));
    let new = NewResults { overrides: overrides(given)?, results: body.results };
    let waiting =
        actions::schedule_results(&context, viewer.actor(), &hackathon.slug, &new).await?;
    ResultsState::of(&context, &waiting).await.map(Json)
}

/// Undoes the publication of results that wait. They stay as a draft.
#[utoipa::path(
    delete,
    path = "/api/v1/hackathons/{slug}/results",
    operation_id = "undo_hackathon_results",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The results, as a draft", body = ResultsState),
        (status = 409, description = "No results wait, or their 15 minutes are over")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn undo(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Json<ResultsState>, WebError> {
    let undone = actions::undo_results(&context, viewer.actor(), &hackathon.slug).await?;
    ResultsState::of(&context, &undone).await.map(Json)
}

/// Publishes results that wait, without waiting any longer, which completes the hackathon.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/results/now",
    operation_id = "publish_hackathon_results_now",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The hackathon", body = HackathonDetail),
        (status = 409, description = "No results wait, or a blocker came up since")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn publish_now(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Json<HackathonDetail>, WebError> {
    let stepped = actions::publish_results(&context, viewer.actor(), &hackathon.slug).await?;
    detail(&context, &stepped, true).await.map(Json)
}
