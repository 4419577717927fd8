use axum::extract::State;
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{List, ListQuery, Paged, Path, Query, WebError, cursor_after},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::PullsAsked,
    reads::{self, Contribution, ContributionPart},
};

/// One of a person's pull requests.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Contribution)]
pub(super) struct ContributionView {
    /// The pull request, as `owner/name#number`.
    pull_request: String,
    /// The pull request's title.
    title: String,
    /// The state of the pull request: `OPEN`, `UNDER_REVIEW`, `CHANGES_REQUESTED`, `APPROVED`, `MERGED` or `CLOSED`.
    state: &'static str,
    /// When the pull request was opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// When the pull request was merged. Null if it is not merged.
    #[schema(value_type = Option<String>, format = DateTime)]
    merged_at: Option<Timestamp>,
    /// The points in the ledger.
    #[schema(value_type = i64)]
    points: Points,
    /// The pending points.
    #[schema(value_type = i64)]
    pending_points: Points,
}

/// A filter of a person's pull requests.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PullsQuery {
    /// Only pull requests of the project with this slug.
    #[param(example = "lantern")]
    project: Option<String>,
    /// Only pull requests in this repository, as `owner/name`.
    #[param(example = "octo-org/lantern")]
    repository: Option<String>,
}

/// Lists a person's pull requests, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/people/{login}/pull-requests",
    operation_id = "list_person_pull_requests",
    tag = "People",
    params(PullsQuery, ListQuery),
    responses(
        (status = 200, description = "A page of pull requests", body = List<ContributionView>),
        (status = 404, description = "No person has this login, no project has this slug, or no project has this repository")
    )
)]
pub(super) async fn pull_requests(
    State(context): State<Context>,
    Path(login): Path<String>,
    Query(asked): Query<PullsQuery>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<ContributionView>>, WebError> {
    let person = identity::reads::find_public(&context.db, &login).await?;
    let (limit, before) = (query.limit()?, query.place()?);
    let asked = PullsAsked {
        project: asked.project.as_deref().unwrap_or_default(),
        repository: asked.repository.as_deref().unwrap_or_default(),
    };
    let filter = asked.filter(&context, ContributionPart::All).await?;
    let found = reads::of_person(&context.db, person.id.into(), filter, before, limit + 1).await?;
    let found = List::cut(found, limit, |row| cursor_after((row.opened_at, row.pull_request_id)));
    let names = reads::pull_requests(&context.db, &found.items).await?;
    let view = |row: Contribution| {
        let pull = names.get(&row.pull_request_id)?;
        Some(ContributionView {
            pull_request: format!("{}#{}", pull.full_name, pull.number),
            title: pull.title.clone(),
            state: row.state.as_str(),
            opened_at: row.opened_at,
            merged_at: row.merged_at,
            points: row.score,
            pending_points: row.opening_pending + row.merge_pending,
        })
    };
    Ok(Paged(found.filter_map(view)))
}
