use axum::extract::State;
use identity::access::EvenBanned;
use kernel::Timestamp;
use platform::{
    Context,
    web::{ListQuery, Page, Paged, Query, WebError, cursor_after},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    model::{DisputeState, FlagEffect},
    reads::{self, Contest, HeldBan, HeldFlag, HeldPull, HeldSanction},
    rules::fair_play::{FindingKind, GamingSign},
};

/// Everything that is held against you, with the reasons.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "ban": null,
    "flags": [{
        "number": 12, "kind": "burst", "effect": "no_points", "signs": ["9 opened within 24 hours"],
        "reason": "One change in nine pull requests", "decided_at": "2026-11-02T08:00:00Z",
        "contest": { "until": "2026-11-16T08:00:00Z", "dispute": null, "dispute_state": null }
    }],
    "sanctions": [],
    "pull_requests": [{
        "pull_request": "octo-org/lantern#7", "title": "Update file 1", "project": "lantern", "points": 0,
        "reasons": ["This pull request earns no points because a moderator confirmed flag F-12."],
        "contest": { "until": "2026-11-16T08:00:00Z", "dispute": 3, "dispute_state": "open" }
    }],
    "next_cursor": null
}))]
pub(super) struct HeldAgainst {
    /// Your current ban. Null if there is none.
    ban: Option<Ban>,
    /// The confirmed flags that concern you, newest first, at most 100. Only on the first page.
    flags: Vec<Flag>,
    /// Your warnings and disqualifications in seasons, newest first, at most 100. Only on the first page.
    sanctions: Vec<Sanction>,
    /// Your pull requests that earn nothing or lose points, newest first.
    pull_requests: Vec<Pull>,
    /// Pass it as `cursor` to get the next page of pull requests. Null on the last page.
    next_cursor: Option<String>,
}

impl HeldAgainst {
    fn only(ban: Option<HeldBan>) -> Self {
        Self {
            ban: ban.map(Into::into),
            flags: Vec::new(),
            sanctions: Vec::new(),
            pull_requests: Vec::new(),
            next_cursor: None,
        }
    }
}

impl Page for HeldAgainst {
    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }
}

/// The possibility to contest something.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = HeldContest)]
struct ContestView {
    /// The last instant at which it can be contested.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// The number of your dispute. Null if there is none.
    dispute: Option<i64>,
    /// The state of your dispute, or of its appeal. Null if there is none.
    dispute_state: Option<DisputeState>,
}

impl From<Contest> for ContestView {
    fn from(contest: Contest) -> Self {
        Self {
            until: contest.until,
            dispute: contest.dispute.map(|(number, _)| number),
            dispute_state: contest.dispute.map(|(_, state)| state),
        }
    }
}

/// A confirmed flag that concerns you.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HeldFlag)]
struct Flag {
    /// The number, as in F-12.
    number: i64,
    /// The kind.
    kind: FindingKind,
    /// The effect on the points of its pull requests. Null if there is none.
    effect: Option<FlagEffect>,
    /// The evidence, as sentences.
    signs: Vec<String>,
    /// The reason of the decision.
    reason: String,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    decided_at: Timestamp,
    /// The possibility to contest it.
    contest: ContestView,
}

impl From<HeldFlag> for Flag {
    fn from(held: HeldFlag) -> Self {
        Self {
            number: held.number,
            kind: held.kind,
            effect: held.effect,
            signs: held.signs.into_iter().map(GamingSign::sentence).collect(),
            reason: held.reason,
            decided_at: held.decided_at,
            contest: held.contest.into(),
        }
    }
}

/// A warning or disqualification.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HeldSanction)]
struct Sanction {
    /// The ID.
    id: Uuid,
    /// `warning` or `disqualification`.
    kind: &'static str,
    /// The slug of the season.
    season: String,
    /// The reason.
    reason: String,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    decided_at: Timestamp,
    /// The possibility to contest it.
    contest: ContestView,
}

impl From<HeldSanction> for Sanction {
    fn from(held: HeldSanction) -> Self {
        Self {
            id: held.id,
            kind: held.kind.as_str(),
            season: held.slug,
            reason: held.reason,
            decided_at: held.decided_at,
            contest: held.contest.into(),
        }
    }
}

/// Your current ban.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HeldBan)]
struct Ban {
    /// The ID.
    id: Uuid,
    /// The reason.
    reason: String,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    decided_at: Timestamp,
    /// When it ends. Null if it lasts until it is lifted.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// The possibility to contest it.
    contest: ContestView,
}

impl From<HeldBan> for Ban {
    fn from(held: HeldBan) -> Self {
        Self {
            id: held.id,
            reason: held.reason,
            decided_at: held.decided_at,
            expires_at: held.ends_at,
            contest: held.contest.into(),
        }
    }
}

/// A pull request that earns nothing or loses points.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HeldPullRequest)]
struct Pull {
    /// Its repository and number.
    pull_request: String,
    /// The title.
    title: String,
    /// The slug of its project.
    project: String,
    /// Its points in the ledger.
    points: i64,
    /// The reasons, as sentences.
    reasons: Vec<String>,
    /// The possibility to contest its points.
    contest: ContestView,
}

impl From<HeldPull> for Pull {
    fn from(held: HeldPull) -> Self {
        Self {
            pull_request: format!("{}#{}", held.pull.full_name, held.pull.number),
            title: held.pull.title,
            project: held.project,
            points: held.points,
            reasons: held.reasons,
            contest: held.contest.into(),
        }
    }
}

/// Returns everything that is held against you: flags, sanctions, and pull requests that earn nothing. A page may have fewer
/// pull requests than `limit` although there is a next one. While you are banned, it returns only the ban.
#[utoipa::path(
    get,
    path = "/api/v1/me/standing",
    operation_id = "get_held_decisions",
    tag = "Disputes",
    params(ListQuery),
    responses(
        (status = 200, description = "What is held against you", body = HeldAgainst),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn held(
    State(context): State<Context>,
    EvenBanned(viewer): EvenBanned,
    Query(query): Query<ListQuery>,
) -> Result<Paged<HeldAgainst>, WebError> {
    let (limit, place) = (query.limit()?, query.place()?);
    let (db, person) = (&context.db, viewer.user_id);
    if viewer.ban.is_some() {
        let ban = reads::held_ban(db, person, context.now()).await?;
        return Ok(Paged(HeldAgainst::only(ban)));
    }
    let (flags, sanctions) = match place {
        None => (reads::held_flags(db, person).await?, reads::held_sanctions(db, person).await?),
        Some(_) => (Vec::new(), Vec::new()),
    };
    let pulls = reads::held_pulls(db, person, place, limit).await?;
    Ok(Paged(HeldAgainst {
        ban: None,
        flags: flags.into_iter().map(Into::into).collect(),
        sanctions: sanctions.into_iter().map(Into::into).collect(),
        pull_requests: pulls.items.into_iter().map(Into::into).collect(),
        next_cursor: pulls.next.map(cursor_after),
    }))
}
