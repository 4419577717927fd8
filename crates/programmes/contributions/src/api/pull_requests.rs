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

use crate::{
    access,
    reads::ExplainedPull,
    rules::{DELETED_AUTHOR, Explanation},
};

/// A pull request with the explanation of its points.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PullRequest)]
pub(super) struct PullRequestView {
    /// The slug of the project it counts for.
    project: Option<String>,
    /// `owner/name`.
    repository: String,
    /// Its number there.
    number: i64,
    /// Its title.
    title: String,
    /// Its author's login; null when the account is deleted.
    author: Option<String>,
    /// Its state.
    state: String,
    /// True for a draft.
    is_draft: bool,
    /// Label names.
    labels: Vec<String>,
    /// Lines added, as GitHub counts.
    additions: Option<i64>,
    /// Lines deleted, as GitHub counts.
    deletions: Option<i64>,
    /// Files changed, as GitHub counts.
    changed_files: Option<i64>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// When a maintainer first reviewed it.
    #[schema(value_type = Option<String>, format = DateTime)]
    reviewed_at: Option<Timestamp>,
    /// When it was approved.
    #[schema(value_type = Option<String>, format = DateTime)]
    approved_at: Option<Timestamp>,
    /// When it was merged.
    #[schema(value_type = Option<String>, format = DateTime)]
    merged_at: Option<Timestamp>,
    /// When it was closed, also by its merge.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    /// GitHub contradicted itself: values may differ from those on GitHub.
    needs_fetch: bool,
    /// Points in the ledger.
    #[schema(value_type = i64)]
    points: Points,
    /// Points that have not matured.
    #[schema(value_type = i64)]
    pending_points: Points,
    /// The version of the project's rules it is scored by.
    rules_version: i64,
    /// Explains the points for opening it.
    opening: Option<Explanation>,
    /// Explains the points for merging it.
    merge: Option<Explanation>,
    /// The explanations in sentences.
    sentences: Vec<String>,
    /// Ledger entries, reversals included.
    transactions: Vec<EntryView>,
}

/// An entry of the ledger.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
struct EntryView {
    /// Its id.
    id: Uuid,
    /// `AWARD`, `BONUS`, `PENALTY` or `REVERSAL`.
    kind: String,
    /// The reason, as a code.
    reason: String,
    /// The points.
    #[schema(value_type = i64)]
    points: Points,
    /// When it was earned.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    posted_at: Timestamp,
    /// Counts the entries of this reason from 1.
    generation: i64,
    /// The factors of the calculation.
    #[schema(value_type = Object)]
    explanation: Value,
}

/// Shows a pull request with the explanation of its points.
#[utoipa::path(
    get,
    path = "/api/v1/pull-requests/{owner}/{repository}/{number}",
    operation_id = "pull_request",
    tag = "Pull requests",
    params(
        ("owner" = String, Path, description = "The repository's owner", example = "octo-org"),
        ("repository" = String, Path, description = "The repository's name", example = "lantern"),
        ("number" = i64, Path, description = "The pull request's number there", example = 1, minimum = 1)
    ),
    responses(
        (status = 200, description = "The pull request", body = PullRequestView),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "No project follows it")
    )
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
        let deleted = explained
            .author
            .is_none()
            .then(|| DELETED_AUTHOR.to_owned());
        let sentences = explained
            .parts()
            .into_iter()
            .flat_map(Explanation::sentences);
        let sentences = deleted.into_iter().chain(sentences).collect();
        let ExplainedPull {
            pull, contribution, ..
        } = explained;
        Self {
            sentences,
            project: explained.project.map(|project| project.slug),
            repository: pull.full_name,
            number: pull.number,
            title: pull.title,
            author: explained.author,
            state: contribution.state,
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
            needs_fetch: pull.needs_fetch,
            points: contribution.score,
            pending_points: contribution.opening_pending + contribution.merge_pending,
            rules_version: contribution.rules_version,
            opening: explained.opening,
            merge: explained.merge,
            transactions: explained.entries.into_iter().map(Into::into).collect(),
        }
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
            explanation: serde_json::from_str(&entry.explanation).unwrap_or_default(),
        }
    }
}
