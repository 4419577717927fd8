use std::collections::HashMap;

use axum::extract::State;
use identity::{access::SignedIn, model::UserId};
use kernel::Timestamp;
use platform::{
    Context,
    web::{List, ListQuery, Paged, Path, Query, WebError, cursor_after},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{Maintainer, QueueAsked},
    model::ProjectId,
    reads::{self, Queued, ReviewerView},
};

/// An open pull request in the queue of reviews.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QueuedPullRequest)]
pub(super) struct QueuedView {
    /// The slug of the project.
    project: String,
    /// The repository, as `owner/name`.
    repository: String,
    /// The number of the pull request in its repository.
    number: i64,
    /// The title.
    title: String,
    /// The author's login. Null if the account is deleted.
    author: Option<String>,
    /// The state: `OPEN`, `UNDER_REVIEW`, `CHANGES_REQUESTED` or `APPROVED`.
    state: &'static str,
    /// The names of the labels.
    labels: Vec<String>,
    /// True for a draft.
    is_draft: bool,
    /// True if commits were pushed after the latest approval.
    has_new_commits: bool,
    /// The people who are reviewing it, the first to begin first.
    reviewers: Vec<Reviewer>,
    /// When the pull request was opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// When something last happened to it, on GitHub or here.
    #[schema(value_type = String, format = DateTime)]
    active_at: Timestamp,
    /// When it becomes stale, or became.
    #[schema(value_type = String, format = DateTime)]
    stale_at: Timestamp,
    /// When it becomes abandoned, or became.
    #[schema(value_type = String, format = DateTime)]
    abandoned_at: Timestamp,
    /// The next time at which a review is released or the pull request becomes abandoned. The queue is ordered by it.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
}

/// A person who is reviewing a pull request.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Reviewer {
    /// The reviewer's login.
    login: String,
    /// When the review began.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

impl From<&ReviewerView> for Reviewer {
    fn from(reviewer: &ReviewerView) -> Self {
        Self { login: reviewer.login.clone(), since: reviewer.since }
    }
}

/// A filter of the queue.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// The part of the queue: `ALL` (the default), `OPEN`, `UNDER_REVIEW`, `CHANGES_REQUESTED`, `APPROVED` or `ABANDONED`.
    /// Abandoned pull requests are in no other part.
    #[param(
        pattern = "^(ALL|OPEN|UNDER_REVIEW|CHANGES_REQUESTED|APPROVED|ABANDONED)$",
        example = "OPEN"
    )]
    state: Option<String>,
    /// Only this repository, as `owner/name`.
    #[param(example = "octo-org/lantern")]
    repository: Option<String>,
    /// Only pull requests that were opened at least this many days ago.
    #[param(minimum = 0, maximum = 3650, example = 0)]
    age_days: Option<u32>,
    /// Only pull requests without activity for at least this many days.
    #[param(minimum = 0, maximum = 3650, example = 0)]
    idle_days: Option<u32>,
    /// Only pull requests with this text in the title, a label or `owner/name#number`, in any case.
    #[param(max_length = 100)]
    text: Option<String>,
}

impl From<QueueQuery> for QueueAsked {
    fn from(query: QueueQuery) -> Self {
        Self {
            state: query.state,
            repository: query.repository,
            age_days: query.age_days,
            idle_days: query.idle_days,
            text: query.text,
        }
    }
}

/// Lists a project's open pull requests that wait for a review or a merge. Those that run out first come first. While
/// `text` is searched, a page may have fewer items than `limit` although there is a next one.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}/reviews",
    operation_id = "list_project_reviews",
    tag = "Projects",
    params(QueueQuery, ListQuery),
    responses(
        (status = 200, description = "A page of the queue", body = List<QueuedView>),
        (status = 404, description = "No project has this slug, or it has no such repository")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn of_project(
    State(context): State<Context>,
    Maintainer { project, .. }: Maintainer,
    Path(_): Path<String>,
    Query(asked): Query<QueueQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Paged<List<QueuedView>>, WebError> {
    let slugs = HashMap::from([(ProjectId::from(project.id), project.slug)]);
    page(&context, slugs, asked, list).await
}

/// Lists the open pull requests of all projects that you maintain, as the queue of each project does.
#[utoipa::path(
    get,
    path = "/api/v1/reviews",
    operation_id = "list_own_reviews",
    tag = "Projects",
    params(QueueQuery, ListQuery),
    responses(
        (status = 200, description = "A page of the queue", body = List<QueuedView>),
        (status = 404, description = "Your projects have no such repository")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn own(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Query(asked): Query<QueueQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Paged<List<QueuedView>>, WebError> {
    let projects = reads::maintained_by(&context.db, viewer.user_id).await?;
    let slugs = projects.into_iter().map(|project| (ProjectId::from(project.id), project.slug));
    page(&context, slugs.collect(), asked, list).await
}

async fn page(
    context: &Context,
    slugs: HashMap<ProjectId, String>,
    asked: QueueQuery,
    list: ListQuery,
) -> Result<Paged<List<QueuedView>>, WebError> {
    let (db, now) = (&context.db, context.now());
    let (limit, after) = (list.limit()?, list.place()?);
    let asked = QueueAsked::from(asked);
    let filter = asked.filter(context, slugs.keys().copied().collect()).await?;
    let found = reads::queue(db, &filter, now, after, limit).await?;
    let ids = found.rows.iter().map(|queued| queued.pull.id.into());
    let reviewers = reads::reviewers(db, ids).await?;
    let authors = found.rows.iter().filter_map(|queued| queued.pull.author_id);
    let logins = identity::reads::logins(db, authors.map(UserId::new)).await?;
    let view = |Queued { row, pull }: Queued| QueuedView {
        project: slugs.get(&row.project_id.into()).cloned().unwrap_or_default(),
        repository: pull.full_name,
        number: pull.number,
        title: pull.title,
        author: pull.author_id.and_then(|id| logins.get(&id.into()).cloned()),
        state: row.state.as_str(),
        labels: serde_json::from_str(&pull.labels).unwrap_or_default(),
        is_draft: pull.draft,
        has_new_commits: row.has_new_commits,
        reviewers: reviewers.get(&pull.id).into_iter().flatten().map(Into::into).collect(),
        opened_at: row.opened_at,
        active_at: row.active_at,
        stale_at: row.stale_at,
        abandoned_at: row.abandoned_at,
        due_at: row.due_at,
    };
    Ok(Paged(List {
        items: found.rows.into_iter().map(view).collect(),
        next_cursor: found.next.map(cursor_after),
    }))
}
