use std::collections::BTreeSet;

use axum::{Json, extract::State, http::StatusCode};
use identity::access::Moderator;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    web::{Body, List, ListQuery, Paged, Path, Query, WebError, cursor_after},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::unknown_flag,
    actions::{FlagDecision, decide_flags, reopen_flag},
    model::{FlagEffect, FlagState, ReportReason},
    reads::{self, FlagDetail, FlagFilter, FlagView, FlaggedPull, FlaggedRepository, ReportView},
    rules::fair_play::{FindingKind, GamingSign},
};

/// Filters for flags.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct FlagSearch {
    /// Only flags in this state: `open`, which is the default, `confirmed` or `dismissed`.
    #[param(required = false, pattern = "^(open|confirmed|dismissed)?$")]
    pub state: String,
    /// Only flags of this kind, such as `approval_ring`.
    #[param(
        required = false,
        pattern = "^(junk_repositories|approval_ring|burst|same_diff|alternates|low_value|report|reviewer_abuse|reciprocal_ratings)?$"
    )]
    pub kind: String,
}

impl FlagSearch {
    /// Converts the search into a filter.
    ///
    /// # Errors
    /// When the state or the kind is unknown.
    pub fn filter(&self) -> Result<FlagFilter, Problem> {
        let state = match self.state.as_str() {
            "" => Some(FlagState::Open),
            state => FlagState::named(state),
        };
        let state = state.ok_or_else(|| {
            let state = &self.state;
            bad_query(format!("state is '{state}'. Use open, confirmed or dismissed."))
        })?;
        let kind = match self.kind.as_str() {
            "" => None,
            kind => Some(FindingKind::named(kind).ok_or_else(|| unknown_kind(kind))?),
        };
        Ok(FlagFilter { state, kind })
    }
}

fn unknown_kind(kind: &str) -> Problem {
    let kinds = FindingKind::ALL.map(FindingKind::as_str).join(", ");
    bad_query(format!("kind is '{kind}'. Use one of {kinds}."))
}

fn bad_query(detail: String) -> Problem {
    Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail)
}

/// A flag on pull requests.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FairPlayFlag, example = json!({
    "number": 12, "kind": "approval_ring", "state": "open", "effect": null,
    "signs": ["12 of 12 approved or merged only by members of the group"],
    "raised_at": "2026-11-01T03:20:00Z", "due_at": "2026-11-08T03:20:00Z", "decided_at": null, "reason": null,
    "people": 3, "pull_requests": 12, "permits_effects": true
}))]
pub(super) struct Flag {
    /// The number, as in F-12.
    number: i64,
    /// The kind.
    kind: FindingKind,
    /// The state.
    state: FlagState,
    /// The effect on the points of its pull requests. Null if there is none.
    effect: Option<FlagEffect>,
    /// The signs that led to it, as sentences.
    signs: Vec<String>,
    /// When it was raised.
    #[schema(value_type = String, format = DateTime)]
    raised_at: Timestamp,
    /// When it is to be decided: 3 days after it was raised for a report, 7 days for others.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// When it was decided. Null while it is open.
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    /// The reason of the decision.
    reason: Option<String>,
    /// The number of people that it concerns.
    people: i64,
    /// The number of pull requests that it concerns.
    pull_requests: i64,
    /// True if a confirmation can have an effect on points. False for flags about reviewers and about repositories.
    permits_effects: bool,
}

impl From<FlagView> for Flag {
    fn from(view: FlagView) -> Self {
        Self {
            due_at: view.due_at(),
            permits_effects: view.permits_effects(),
            number: view.number,
            kind: view.kind,
            state: view.state,
            effect: view.effect,
            signs: view.signs.into_iter().map(GamingSign::sentence).collect(),
            raised_at: view.raised_at,
            decided_at: view.decided_at,
            reason: view.reason,
            people: view.people,
            pull_requests: view.pull_requests,
        }
    }
}

/// A flag with the people and pull requests that it concerns.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FairPlayFlagDetail, example = json!({
    "number": 12, "kind": "burst", "state": "confirmed", "effect": "no_points",
    "signs": ["9 opened within 24 hours"],
    "raised_at": "2026-11-01T03:20:00Z", "due_at": "2026-11-08T03:20:00Z", "decided_at": "2026-11-02T08:00:00Z",
    "reason": "One change in nine pull requests", "people": 1, "pull_requests": 9, "permits_effects": true,
    "logins": ["newt-fen"], "decided_by": "wren-oak", "repositories": [], "reports": [],
    "concerned": [{
        "id": "018f2f4e-0000-7000-8000-000000000001", "pull_request": "octo-org/lantern#7",
        "title": "Update file 1", "author": "newt-fen", "points": 0, "is_spared": false
    }]
}))]
pub(super) struct FlagWithPulls {
    #[serde(flatten)]
    flag: Flag,
    /// The logins of the people that it concerns.
    logins: Vec<String>,
    /// The login of who decided. Null while it is open, and if an operator decided.
    decided_by: Option<String>,
    /// The repositories that it concerns. Private ones are left out.
    repositories: Vec<ConcernedRepository>,
    /// The reports that raised it, oldest first. Empty if the flag concerns you, or a repository of a project that you
    /// maintain.
    reports: Vec<FlagReport>,
    /// The pull requests that it concerns, in order of opening, at most 200.
    concerned: Vec<ConcernedPull>,
}

/// A repository that a flag concerns.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ConcernedRepository {
    /// The repository's GitHub ID.
    github_id: i64,
    /// The repository, as `owner/name`.
    repository: String,
    /// True if it is excluded.
    is_excluded: bool,
}

impl From<FlaggedRepository> for ConcernedRepository {
    fn from(flagged: FlaggedRepository) -> Self {
        Self {
            github_id: flagged.repository.github_id,
            repository: flagged.repository.full_name,
            is_excluded: flagged.is_excluded,
        }
    }
}

/// A report.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct FlagReport {
    /// The login of the person who reported.
    reporter: String,
    /// The reason.
    reason: ReportReason,
    /// The description. Null if there is none, or it was erased.
    words: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    reported_at: Timestamp,
}

impl From<ReportView> for FlagReport {
    fn from(report: ReportView) -> Self {
        Self {
            reporter: report.reporter,
            reason: report.reason,
            words: report.words,
            reported_at: report.reported_at,
        }
    }
}

/// A pull request that a flag concerns.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ConcernedPull {
    /// The ID, to spare it in a confirmation.
    id: Uuid,
    /// Its repository and number.
    pull_request: String,
    /// The title.
    title: String,
    /// The author's login. Null if the account is deleted.
    author: Option<String>,
    /// Its points in the ledger.
    points: i64,
    /// True if a confirmation did not apply to it.
    is_spared: bool,
}

impl From<FlaggedPull> for ConcernedPull {
    fn from(flagged: FlaggedPull) -> Self {
        Self {
            id: flagged.pull.id,
            pull_request: format!("{}#{}", flagged.pull.full_name, flagged.pull.number),
            title: flagged.pull.title,
            author: flagged.author,
            points: flagged.points,
            is_spared: flagged.is_spared,
        }
    }
}

impl From<FlagDetail> for FlagWithPulls {
    fn from(detail: FlagDetail) -> Self {
        Self {
            flag: detail.flag.into(),
            logins: detail.people,
            decided_by: detail.decided_by,
            repositories: detail.repositories.into_iter().map(Into::into).collect(),
            reports: detail.reports.into_iter().map(Into::into).collect(),
            concerned: detail.pull_requests.into_iter().map(Into::into).collect(),
        }
    }
}

/// Lists flags on pull requests: open ones oldest first, decided ones newest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/fair-play",
    operation_id = "list_fair_play_flags",
    tag = "Fair play",
    params(FlagSearch, ListQuery),
    responses(
        (status = 200, description = "A page of flags", body = List<Flag>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    _: Moderator,
    Query(search): Query<FlagSearch>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Flag>>, WebError> {
    let (limit, place) = (query.limit()?, query.place()?);
    let found = reads::flags(&context.db, search.filter()?, place, limit + 1).await?;
    let found = List::cut(found, limit, |flag| cursor_after((flag.raised_at, flag.id)));
    Ok(Paged(found.map(Into::into)))
}

/// Returns a flag with the people and pull requests that it concerns.
#[utoipa::path(
    get,
    path = "/api/v1/admin/fair-play/{number}",
    operation_id = "get_fair_play_flag",
    tag = "Fair play",
    responses((status = 200, description = "The flag", body = FlagWithPulls)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn one(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Path(number): Path<i64>,
) -> Result<Json<FlagWithPulls>, WebError> {
    let found = reads::flag(&context.db, number, viewer.user_id).await?;
    Ok(Json(found.ok_or_else(|| unknown_flag(number))?.into()))
}

/// A decision on a flag.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FlagDecision, example = json!({
    "is_confirmed": true, "effect": "no_points", "spared": [],
    "reason": "One change in nine pull requests"
}))]
pub(super) struct Decision {
    /// True to confirm the flag, false to dismiss it.
    is_confirmed: bool,
    /// The effect of a confirmation on the points. Absent if they stay, and for a flag that does not permit effects.
    #[serde(default)]
    effect: Option<FlagEffect>,
    /// The IDs of pull requests that a confirmation does not apply to: some of those that the flag concerns, not all.
    #[serde(default)]
    #[schema(max_items = 1000)]
    spared: BTreeSet<Uuid>,
    /// The reason, which the people concerned can read.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

impl Decision {
    fn read(&self) -> FlagDecision {
        if self.is_confirmed {
            FlagDecision::Confirm {
                effect: self.effect,
                spared: self.spared.iter().copied().map(Into::into).collect(),
            }
        } else {
            FlagDecision::Dismiss
        }
    }
}

/// Decides on an open flag. Its pull requests are recalculated. Confirmed spam warns their authors in running seasons, and
/// disqualifies them the second time. Flags about reviewers and repositories can be confirmed only without an effect.
#[utoipa::path(
    post,
    path = "/api/v1/admin/fair-play/{number}/decision",
    operation_id = "decide_fair_play_flag",
    tag = "Fair play",
    request_body = Decision,
    responses(
        (status = 204, description = "The flag is decided"),
        (status = 409, description = "The flag is decided already"),
        (status = 422, description = "The reason is empty or too long, the flag does not permit the effect, or `spared` contains \
            all its pull requests or an unknown one")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn decide(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Path(number): Path<i64>,
    Body(decision): Body<Decision>,
) -> Result<StatusCode, WebError> {
    let numbers = BTreeSet::from([number]);
    let (actor, read) = (viewer.actor(), decision.read());
    decide_flags(&context, actor, &numbers, &read, &decision.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The reason for opening a flag again.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FlagReopening, example = json!({ "reason": "The course explained its assignment" }))]
pub(super) struct Reopening {
    /// The reason.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Opens a decided flag again, which undoes the effect of the decision and lifts the sanctions that it caused.
#[utoipa::path(
    post,
    path = "/api/v1/admin/fair-play/{number}/reopen",
    operation_id = "reopen_fair_play_flag",
    tag = "Fair play",
    request_body = Reopening,
    responses(
        (status = 204, description = "The flag is open"),
        (status = 409, description = "The flag is open already"),
        (status = 422, description = "The reason is empty or too long")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn reopen(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Path(number): Path<i64>,
    Body(reopening): Body<Reopening>,
) -> Result<StatusCode, WebError> {
    reopen_flag(&context, viewer.actor(), number, &reopening.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
