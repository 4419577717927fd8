use std::collections::HashMap;

use axum::{Extension, Json, extract::State};
use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{self, List, ListQuery, Paged, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::figures::Figures;
use crate::{
    access::{AnalyticsAsked, Maintainer, people_beginning},
    pages::TOP_CONTRIBUTORS,
    reads::{ContributorFilter, FigureScope, KeptFigures},
    rules::analytics::{Contributor, ContributorPlace},
};

/// The range and the repository.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AnalyticsQuery {
    /// The first UTC day. 89 days before the last by default, at most 730 days before it.
    #[param(value_type = String, pattern = r"^(\d{4}-\d{2}-\d{2})?$", required = false, example = "2026-10-01")]
    from: Option<String>,
    /// The last UTC day, which belongs to the range. Today by default.
    #[param(value_type = String, pattern = r"^(\d{4}-\d{2}-\d{2})?$", required = false, example = "2026-10-31")]
    to: Option<String>,
    /// Only this repository, as `owner/name`.
    #[param(example = "octo-org/lantern")]
    repository: Option<String>,
}

/// The analytics of a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "first_day": "2026-10-26", "last_day": "2026-11-01",
    "opened": 3, "reviewed": 2, "merged": 2, "closed": 1, "merge_rate_percent": 66.67,
    "review_time": { "count": 2, "median_seconds": 7200, "p90_seconds": 86400 },
    "merge_time": { "count": 2, "median_seconds": 90000, "p90_seconds": 172800 },
    "ratings": { "counts": [0, 0, 0, 1, 1], "mean": 4.5 },
    "weeks": [{
        "first_day": "2026-10-26", "opened": 3, "reviewed": 2, "merged": 2, "closed": 1, "merge_rate_percent": 66.67,
        "review_time": { "count": 2, "median_seconds": 7200, "p90_seconds": 86400 },
        "merge_time": { "count": 2, "median_seconds": 90000, "p90_seconds": 172800 },
        "ratings": { "counts": [0, 0, 0, 1, 1], "mean": 4.5 }
    }],
    "hours": [{ "weekday": "Monday", "hour": 8, "changes": 5 }],
    "contributors": [{
        "login": "wren-oak", "opened": 2, "merged": 2, "closed": 0, "merge_rate_percent": 100.0, "median_rating": 4,
        "points": 130, "last_active_at": "2026-10-31T08:00:00Z"
    }]
}))]
pub(super) struct AnalyticsView {
    #[serde(flatten)]
    figures: Figures,
    /// The people with the most merges in the range, at most 20. Only pull requests that were merged or closed in the range
    /// count.
    contributors: Vec<ContributorView>,
}

/// The record of a person in a project.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProjectContributor)]
pub(super) struct ContributorView {
    /// The login, or the placeholder of a closed account.
    login: String,
    /// The number of pull requests.
    opened: i64,
    /// The number of those that were merged.
    merged: i64,
    /// The number of those that were closed without a merge.
    closed: i64,
    /// The share of merges among those that were merged or closed, in percent. Null if there are none.
    merge_rate_percent: Option<f64>,
    /// The median of the ratings, the lower one of an even number. Null if there are none.
    median_rating: Option<i64>,
    /// The points of the pull requests.
    #[schema(value_type = i64)]
    points: Points,
    /// The latest opening, merge or close.
    #[schema(value_type = String, format = DateTime)]
    last_active_at: Timestamp,
}

impl ContributorView {
    fn of(person: &Contributor, logins: &HashMap<UserId, String>) -> Self {
        Self {
            login: logins.get(&person.user_id).cloned().unwrap_or_default(),
            opened: person.opened,
            merged: person.merged,
            closed: person.closed,
            merge_rate_percent: person.merge_rate(),
            median_rating: person.ratings.median(),
            points: person.points,
            last_active_at: person.last_active_at,
        }
    }
}

async fn views(context: &Context, found: &[Contributor]) -> Result<Vec<ContributorView>, WebError> {
    let people = found.iter().map(|person| person.user_id);
    let logins = identity::reads::logins(&context.db, people).await?;
    let views = found.iter().map(|person| ContributorView::of(person, &logins));
    Ok(views.collect())
}

/// Returns the figures of a project's pull requests in a range of days: volume, merge rate, times to review and merge, and
/// ratings by week, and the people with the most merges. Weeks begin on Monday, in UTC.
///
/// The figures of more than 5,000 pull requests may be up to a minute old.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}/analytics",
    operation_id = "get_project_analytics",
    tag = "Projects",
    params(AnalyticsQuery),
    responses(
        (status = 200, description = "The figures", body = AnalyticsView),
        (status = 400, description = "The path or query string is malformed, or the range is too long"),
        (status = 404, description = "No project has this slug, or it has no such repository")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn analytics(
    State(context): State<Context>,
    Extension(kept): Extension<KeptFigures>,
    Maintainer { project, .. }: Maintainer,
    Path(_): Path<String>,
    Query(query): Query<AnalyticsQuery>,
) -> Result<Json<AnalyticsView>, WebError> {
    let asked = AnalyticsAsked {
        from: query.from.as_deref().unwrap_or_default(),
        to: query.to.as_deref().unwrap_or_default(),
        repository: query.repository.as_deref().unwrap_or_default(),
    };
    let (scope, range) = asked.read(&context, project.id.into()).await?;
    let found = kept.analytics(&context.db, &scope, range).await?;
    let filter = ContributorFilter { scope, range: Some(range), people: None };
    let people = kept.contributors(&context.db, &filter, None, TOP_CONTRIBUTORS).await?;
    Ok(Json(AnalyticsView {
        figures: Figures::of(&found),
        contributors: views(&context, &people).await?,
    }))
}

/// A search for contributors.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ContributorQuery {
    /// Only people whose login begins with this text, in any case.
    #[param(max_length = 39, example = "wren")]
    login: Option<String>,
}

/// Lists the people who opened pull requests in a project with their records, those with the most merges first.
///
/// In a project of more than 5,000 pull requests, the records may be up to a minute old.
#[utoipa::path(
    get,
    path = "/api/v1/projects/{slug}/contributors",
    operation_id = "list_project_contributors",
    tag = "Projects",
    params(ContributorQuery, ListQuery),
    responses((status = 200, description = "A page of contributors", body = List<ContributorView>)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn contributors(
    State(context): State<Context>,
    Extension(kept): Extension<KeptFigures>,
    Maintainer { project, .. }: Maintainer,
    Path(_): Path<String>,
    Query(query): Query<ContributorQuery>,
    Query(list): Query<ListQuery>,
) -> Result<Paged<List<ContributorView>>, WebError> {
    let limit = list.limit()?;
    let place = list
        .cursor
        .as_deref()
        .map(|cursor| ContributorPlace::read(cursor).ok_or_else(web::bad_cursor));
    let filter = ContributorFilter {
        scope: FigureScope::of(project.id.into()),
        range: None,
        people: people_beginning(&context, query.login.as_deref().unwrap_or_default()).await?,
    };
    let found = kept.contributors(&context.db, &filter, place.transpose()?, limit + 1).await?;
    let found = List::cut(found, limit, |person| person.place().to_string());
    Ok(Paged(List { items: views(&context, &found.items).await?, next_cursor: found.next_cursor }))
}
