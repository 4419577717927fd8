use axum::{Json, extract::State};
use contributions::rules::Explanation;
use kernel::{Points, Problem, Timestamp};
use platform::{
    Context,
    web::{Path, WebError},
};
use recognition::model::EntryWithExplanation;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A pull request with the reasons for its points.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PullRequest)]
pub struct PullRequestView {
    /// The slug of the project it counts for.
    pub project: Option<String>,
    /// What people call that project; pages say it, programs ask for the project.
    #[serde(skip)]
    pub project_name: Option<String>,
    /// `owner/name`.
    pub repository: String,
    /// Its number there.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its author; absent when the account is deleted.
    pub author: Option<String>,
    /// Where it stands.
    pub state: String,
    /// Whether it is a draft.
    pub is_draft: bool,
    /// Label names.
    pub labels: Vec<String>,
    /// Lines added, as GitHub counts.
    pub additions: Option<i64>,
    /// Lines deleted, as GitHub counts.
    pub deletions: Option<i64>,
    /// Files changed, as GitHub counts.
    pub changed_files: Option<i64>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// When a maintainer first reviewed it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub reviewed_at: Option<Timestamp>,
    /// When it was approved.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub approved_at: Option<Timestamp>,
    /// When it was merged.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub merged_at: Option<Timestamp>,
    /// When it was closed, also by its merge.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    /// GitHub said two things of one instant: what stands here may differ from what stands there.
    pub needs_fetch: bool,
    /// Points in the ledger.
    #[schema(value_type = i64)]
    pub points: Points,
    /// Points that have not matured.
    #[schema(value_type = i64)]
    pub pending_points: Points,
    /// The version of the project's rules it is scored by.
    pub rules_version: i64,
    /// Why the opening earns what it earns.
    pub opening: Option<Explanation>,
    /// Why the merge earns what it earns.
    pub merge: Option<Explanation>,
    /// The same in sentences.
    pub sentences: Vec<String>,
    /// Ledger entries, reversals included.
    pub transactions: Vec<EntryView>,
    /// The same entries, for pages.
    #[serde(skip)]
    pub entries: Vec<EntryWithExplanation>,
}

/// Why a pull request without an author earns nothing.
pub(crate) const NOBODY: &str =
    "Its author's account is deleted on GitHub, so nobody earns points for it.";

/// An entry of the ledger.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub struct EntryView {
    /// Its id.
    pub id: Uuid,
    /// `AWARD`, `BONUS`, `PENALTY` or `REVERSAL`.
    pub kind: String,
    /// Why, as a code.
    pub reason: String,
    /// How many.
    #[schema(value_type = i64)]
    pub points: Points,
    /// When it was earned.
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Timestamp,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub posted_at: Timestamp,
    /// Counts the entries of this reason from 1.
    pub generation: i64,
    /// The factors it was reckoned from.
    #[schema(value_type = Object)]
    pub explanation: Value,
}

/// A pull request with the reasons for its points.
#[utoipa::path(
    get,
    path = "/api/v1/pull-requests/{owner}/{repository}/{number}",
    operation_id = "pull_request",
    tag = "Pull requests",
    params(
        ("owner" = String, Path, description = "Who has the repository", example = "octo-org"),
        ("repository" = String, Path, description = "The repository's name", example = "lantern"),
        ("number" = i64, Path, description = "The pull request's number there", example = 1, minimum = 1)
    ),
    responses(
        (status = 200, description = "The pull request", body = PullRequestView),
        (status = 400, description = "The address cannot be read"),
        (status = 404, description = "It is not followed here")
    )
)]
pub(super) async fn pull_request(
    State(context): State<Context>,
    Path((owner, repository, number)): Path<(String, String, i64)>,
) -> Result<Json<PullRequestView>, WebError> {
    explained(&context, &format!("{owner}/{repository}"), number)
        .await
        .map(Json)
}

/// A pull request of a project with the reasons for its points.
///
/// # Errors
/// Not found when there is none, or it belongs to no project; or the database fails.
pub async fn explained(
    context: &Context,
    full_name: &str,
    number: i64,
) -> Result<PullRequestView, WebError> {
    let db = &context.db;
    let unknown = || Problem::not_found(format!("{full_name}#{number} is not followed here."));
    let pull = github::reads::pull_request(db, full_name, number)
        .await?
        .ok_or_else(unknown)?;
    let id = pull.id.into();
    let contribution = contributions::reads::of_pull_request(db, id)
        .await?
        .ok_or_else(unknown)?;
    let entries = recognition::reads::of_source(db, contributions::model::SOURCE, pull.id).await?;
    let author = match pull.author_id {
        Some(id) => identity::reads::logins(db, [id.into()])
            .await?
            .remove(&id.into()),
        None => None,
    };
    let project = contributions::reads::project_by_id(db, contribution.project_id.into()).await?;
    let opening = read(contribution.opening_explanation.as_deref());
    let merge = read(contribution.merge_explanation.as_deref());
    let unknown_login = author.is_none().then(|| NOBODY.to_owned());
    let parts = [&opening, &merge].into_iter().flatten();
    Ok(PullRequestView {
        sentences: unknown_login
            .into_iter()
            .chain(parts.flat_map(Explanation::sentences))
            .collect(),
        project: project.as_ref().map(|project| project.slug.clone()),
        project_name: project.map(|project| project.name),
        repository: pull.full_name,
        number: pull.number,
        title: pull.title,
        author,
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
        opening,
        merge,
        transactions: entries.iter().map(entry).collect(),
        entries,
    })
}

fn read(explanation: Option<&str>) -> Option<Explanation> {
    explanation.and_then(|json| serde_json::from_str(json).ok())
}

fn entry(entry: &EntryWithExplanation) -> EntryView {
    EntryView {
        id: entry.id,
        kind: entry.kind.clone(),
        reason: entry.reason.clone(),
        points: entry.points,
        occurred_at: entry.occurred_at,
        posted_at: entry.created_at,
        generation: entry.generation,
        explanation: serde_json::from_str(&entry.explanation).unwrap_or_default(),
    }
}
