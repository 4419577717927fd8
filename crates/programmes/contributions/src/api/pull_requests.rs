use axum::{Json, extract::State};
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{Path, WebError},
};
use recognition::model::EntryWithExplanation;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::overrides::ScoreOverrideView;
use crate::{
    access,
    reads::ExplainedPull,
    rules::{DELETED_AUTHOR, Explanation, PullFacts},
};

/// A pull request with the explanation of its points.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PullRequest)]
pub(super) struct PullRequestView {
    /// The slug of the project that the pull request belongs to.
    project: Option<String>,
    /// The repository, as `owner/name`.
    repository: String,
    /// The number of the pull request in its repository.
    number: i64,
    /// The title.
    title: String,
    /// The author's login. Null if the account is deleted.
    author: Option<String>,
    /// The state: `OPEN`, `UNDER_REVIEW`, `CHANGES_REQUESTED`, `APPROVED`, `MERGED` or `CLOSED`.
    state: &'static str,
    /// True for a draft.
    is_draft: bool,
    /// The names of the labels.
    labels: Vec<String>,
    /// The number of lines added, as counted by GitHub.
    additions: Option<i64>,
    /// The number of lines deleted, as counted by GitHub.
    deletions: Option<i64>,
    /// The number of files changed, as counted by GitHub.
    changed_files: Option<i64>,
    /// When the pull request was opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// When a maintainer first reviewed the pull request.
    #[schema(value_type = Option<String>, format = DateTime)]
    reviewed_at: Option<Timestamp>,
    /// When the pull request was approved.
    #[schema(value_type = Option<String>, format = DateTime)]
    approved_at: Option<Timestamp>,
    /// When the pull request was merged.
    #[schema(value_type = Option<String>, format = DateTime)]
    merged_at: Option<Timestamp>,
    /// When the pull request was closed or merged.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    /// True when GitHub reported conflicting values, so that a value here may differ from the one on GitHub.
    has_conflicting_data: bool,
    /// The data that the points are calculated from. Null if the pull request is not scored yet.
    scoring_data: Option<ScoringData>,
    /// The points in the ledger.
    #[schema(value_type = i64)]
    points: Points,
    /// The pending points.
    #[schema(value_type = i64)]
    pending_points: Points,
    /// The version of the project's rules that is used to score the pull request.
    rules_version: i64,
    /// Explains the points for opening the pull request.
    opening: Option<Explanation>,
    /// Explains the points for merging the pull request.
    merge: Option<Explanation>,
    /// The reason why a moderator excluded the repository. Null if it is not excluded.
    exclusion_reason: Option<String>,
    /// The decision that overrides the points. Null if they follow the rules.
    score_override: Option<ScoreOverrideView>,
    /// The explanations of the points, as sentences.
    explanations: Vec<String>,
    /// The ledger entries, including reversals.
    transactions: Vec<EntryView>,
}

/// The data that the points of a pull request are calculated from. It is final 7 days after the merge or close, or after
/// the project's pending period if that is longer. Later changes on GitHub do not change it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ScoringData {
    /// The title.
    title: String,
    /// The names of the labels.
    labels: Vec<String>,
    /// The number of lines added, as counted by GitHub.
    additions: Option<i64>,
    /// The number of lines deleted, as counted by GitHub.
    deletions: Option<i64>,
    /// The number of files changed, as counted by GitHub.
    changed_files: Option<i64>,
}

impl From<PullFacts> for ScoringData {
    fn from(facts: PullFacts) -> Self {
        Self {
            title: facts.title,
            labels: facts.labels,
            additions: facts.additions,
            deletions: facts.deletions,
            changed_files: facts.changed_files,
        }
    }
}

/// A ledger entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
struct EntryView {
    /// The entry's ID.
    id: Uuid,
    /// The kind of entry: `AWARD`, `BONUS`, `PENALTY` or `REVERSAL`.
    kind: String,
    /// The reason, as a code.
    reason: String,
    /// The points.
    #[schema(value_type = i64)]
    points: Points,
    /// When the points were earned.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// When the entry was posted.
    #[schema(value_type = String, format = DateTime)]
    posted_at: Timestamp,
    /// The number of the entry among those with the same reason, starting at 1.
    generation: i64,
    /// The factors that the points were calculated from.
    #[schema(value_type = Object)]
    explanation: Value,
}

/// Returns a pull request with the explanation of its points.
#[utoipa::path(
    get,
    path = "/api/v1/pull-requests/{owner}/{repository}/{number}",
    operation_id = "get_pull_request",
    tag = "Pull requests",
    responses((status = 200, description = "The pull request", body = PullRequestView))
)]
pub(super) async fn pull_request(
    State(context): State<Context>,
    Path((owner, repository, number)): Path<(String, String, i64)>,
) -> Result<Json<PullRequestView>, WebError> {
    let explained = access::explained(&context, &format!("{owner}/{repository}"), number).await?;
    Ok(Json(explained.into()))
}

impl From<ExplainedPull> for PullRequestView {
    fn from(explained: ExplainedPull) -> Self {
        let deleted = explained.author.is_none().then(|| DELETED_AUTHOR.to_owned());
        let explanations = explained.parts().into_iter().flat_map(Explanation::sentences);
        let excluded = explained.exclusion_reason.as_ref();
        let excluded = excluded.map(|reason| format!("The repository was excluded: {reason}"));
        let all = deleted.into_iter().chain(explanations).chain(excluded);
        let explanations = all.collect();
        let ExplainedPull { pull, contribution, .. } = explained;
        Self {
            explanations,
            project: explained.project.map(|project| project.slug),
            repository: pull.full_name,
            number: pull.number,
            title: pull.title,
            author: explained.author,
            state: contribution.state.as_str(),
            is_draft: pull.draft,
            labels: serde_json::from_str(&pull.labels).unwrap_or_default(),
            additions: pull.additions,
            deletions: pull.deletions,
            changed_files: pull.changed_files,
            opened_at: contribution.opened_at,
            reviewed_at: contribution.reviewed_at,
            approved_at: contribution.approved_at,
            merged_at: contribution.merged_at,
            closed_at: contribution.closed_at,
            has_conflicting_data: pull.needs_fetch,
            scoring_data: explained.facts.map(Into::into),
            points: contribution.score,
            pending_points: contribution.opening_pending + contribution.merge_pending,
            rules_version: contribution.rules_version,
            score_override: explained.decision.map(Into::into),
            opening: explained.opening,
            merge: explained.merge,
            exclusion_reason: explained.exclusion_reason,
            transactions: explained.entries.into_iter().map(Into::into).collect(),
        }
    }
}

/// Returns the explanation of an entry in the form of the API. A reversal's is stored in this form.
fn factors(stored: &str) -> serde_json::Result<Value> {
    match Explanation::read(stored) {
        Ok(explanation) => serde_json::to_value(explanation),
        Err(_) => serde_json::from_str(stored),
    }
}

impl From<EntryWithExplanation> for EntryView {
    fn from(entry: EntryWithExplanation) -> Self {
        Self {
            id: entry.id,
            kind: entry.kind,
            reason: entry.reason,
            points: entry.points,
            occurred_at: entry.occurred_at,
            posted_at: entry.created_at,
            generation: entry.generation,
            explanation: factors(&entry.explanation).unwrap_or_default(),
        }
    }
}
