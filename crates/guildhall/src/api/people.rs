use axum::{Json, extract::State};
use kernel::{Points, Timestamp};
use platform::{
    Context,
    db::DbError,
    web::{List, ListQuery, Path, Query, WebError, cursor_after},
};
use recognition::model::{GLOBAL, RankPosition};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person's public profile.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Person, example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "login": "wren-oak", "avatar_url": null,
    "kind": "user", "points": 412, "standing": {
        "rank": 2, "points": 412, "percentile": 99.1, "sharing": 1, "people": 110,
        "points_to_next_rank": 18
    }
}))]
pub struct PersonView {
    /// The person's id.
    pub id: Uuid,
    /// The GitHub login.
    pub login: String,
    /// The avatar's URL.
    pub avatar_url: Option<String>,
    /// `user`, `bot` or `organization`.
    pub kind: String,
    /// All-time points.
    #[schema(value_type = i64)]
    pub points: Points,
    /// Rank among everyone; absent without points.
    #[serde(rename = "standing")]
    pub position: Option<RankPosition>,
}

/// An entry of a person's ledger.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Transaction)]
pub(super) struct TransactionView {
    /// The entry's id.
    id: Uuid,
    /// `AWARD`, `BONUS`, `PENALTY`, `REVERSAL` or `REDEMPTION`.
    kind: String,
    /// Reason code.
    reason: String,
    /// Points given, or taken when negative.
    #[schema(value_type = i64)]
    points: Points,
    /// Time of the contribution.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// Time at which the entry was posted.
    #[schema(value_type = String, format = DateTime)]
    posted_at: Timestamp,
    /// Kind of the source, such as `pull_request`.
    source_kind: String,
    /// `owner/name#number`, when a pull request earned the points.
    pull_request: Option<String>,
    /// The factors that the points were calculated from.
    #[schema(value_type = Object)]
    explanation: Value,
}

/// One of a person's pull requests.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Contribution)]
pub(super) struct ContributionView {
    /// `owner/name#number`.
    pull_request: String,
    /// The pull request's title.
    title: String,
    /// State of the contribution.
    state: String,
    /// Time at which it was opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// Time at which it was merged.
    #[schema(value_type = Option<String>, format = DateTime)]
    merged_at: Option<Timestamp>,
    /// Points in the ledger.
    #[schema(value_type = i64)]
    points: Points,
    /// Points still in the waiting period.
    #[schema(value_type = i64)]
    pending_points: Points,
}

/// Finds a person by their login.
///
/// # Errors
/// When no one has the login.
pub(crate) async fn find(
    context: &Context,
    login: &str,
) -> Result<identity::model::Person, WebError> {
    Ok(identity::reads::find_person(&context.db, login).await?)
}

/// A person and their rank among everyone.
#[utoipa::path(
    get,
    path = "/api/v1/people/{login}",
    operation_id = "person",
    tag = "People",
    params(("login" = String, Path, description = "A login, in any case", example = "wren-oak")),
    responses(
        (status = 200, description = "The person", body = PersonView),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "No one has this login")
    )
)]
pub(super) async fn person(
    State(context): State<Context>,
    Path(login): Path<String>,
) -> Result<Json<PersonView>, WebError> {
    let person = find(&context, &login).await?;
    let position = recognition::reads::rank(&context.db, GLOBAL, person.id.into()).await?;
    Ok(Json(PersonView {
        id: person.id,
        login: person.login,
        avatar_url: person.avatar_url,
        kind: person.kind,
        points: person.total_points,
        position,
    }))
}

/// Entries of a person's ledger, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/people/{login}/transactions",
    operation_id = "person_transactions",
    tag = "People",
    params(
        ("login" = String, Path, description = "A login, in any case", example = "wren-oak"),
        ListQuery
    ),
    responses(
        (status = 200, description = "A page of the list", body = List<TransactionView>),
        (status = 400, description = "The path or query string is malformed"),
        (status = 404, description = "No one has this login")
    )
)]
pub(super) async fn transactions(
    State(context): State<Context>,
    Path(login): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Json<List<TransactionView>>, WebError> {
    let person = find(&context, &login).await?;
    let (limit, before) = (query.limit()?, query.place()?);
    let entries =
        recognition::reads::of_person(&context.db, person.id.into(), before, limit + 1).await?;
    let entries = List::cut(entries, limit, |entry| {
        cursor_after((entry.occurred_at, entry.id))
    });
    let sources = entries.items.iter().map(|entry| entry.source_id);
    let names = names(&context, sources).await?;
    let view = |entry: recognition::model::EntryWithExplanation| TransactionView {
        pull_request: names
            .get(&entry.source_id)
            .map(|pull| format!("{}#{}", pull.full_name, pull.number)),
        id: entry.id,
        kind: entry.kind,
        reason: entry.reason,
        points: entry.points,
        occurred_at: entry.occurred_at,
        posted_at: entry.created_at,
        source_kind: entry.source_kind,
        explanation: serde_json::from_str(&entry.explanation).unwrap_or_default(),
    };
    Ok(Json(entries.map(view)))
}

/// A person's pull requests, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/people/{login}/pull-requests",
    operation_id = "person_pull_requests",
    tag = "People",
    params(
        ("login" = String, Path, description = "A login, in any case", example = "wren-oak"),
        ListQuery
    ),
    responses(
        (status = 200, description = "A page of the list", body = List<ContributionView>),
        (status = 400, description = "The path or query string is malformed"),
        (status = 404, description = "No one has this login")
    )
)]
pub(super) async fn pull_requests(
    State(context): State<Context>,
    Path(login): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Json<List<ContributionView>>, WebError> {
    let person = find(&context, &login).await?;
    let (limit, before) = (query.limit()?, query.place()?);
    let found =
        contributions::reads::of_person(&context.db, person.id.into(), before, limit + 1).await?;
    let found = List::cut(found, limit, |row| cursor_after((row.opened_at, row.id)));
    let pulls = found.items.iter().map(|row| row.pull_request_id);
    let names = names(&context, pulls).await?;
    let view = |row: contributions::reads::Contribution| {
        let pull = names.get(&row.pull_request_id)?;
        Some(ContributionView {
            pull_request: format!("{}#{}", pull.full_name, pull.number),
            title: pull.title.clone(),
            state: row.state,
            opened_at: row.opened_at,
            merged_at: row.merged_at,
            points: row.score,
            pending_points: row.opening_pending + row.merge_pending,
        })
    };
    Ok(Json(List {
        items: found.items.into_iter().filter_map(view).collect(),
        next_cursor: found.next_cursor,
    }))
}

pub(crate) async fn names(
    context: &Context,
    ids: impl Iterator<Item = Uuid>,
) -> Result<std::collections::HashMap<Uuid, github::reads::PullRequest>, DbError> {
    github::reads::pull_requests(&context.db, ids.map(Into::into)).await
}
