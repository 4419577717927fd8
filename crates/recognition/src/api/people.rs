//! People, and their entries in the ledger.

use axum::{Extension, Json, extract::State};
use identity::reads::find_public;
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{List, ListQuery, Paged, Path, Query, WebError, cursor_after},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Programmes,
    model::{EntryDescription, EntryWithExplanation, GLOBAL, RankPosition},
    reads,
};

/// A person's public profile.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Person, example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "login": "wren-oak", "name": "Wren Oak", "picture": null,
    "avatar_url": null,
    "kind": "user", "points": 412, "all_time_rank": {
        "rank": 2, "points": 412, "percentile": 99.1, "tied_people": 1, "people": 110,
        "points_to_next_rank": 18
    }
}))]
pub(super) struct PersonView {
    /// The person's ID.
    id: Uuid,
    /// The GitHub login.
    login: String,
    /// The display name. Null if the person chose none.
    name: Option<String>,
    /// The path of the person's picture. Null if they have a drawn portrait.
    picture: Option<String>,
    /// The avatar's URL.
    avatar_url: Option<String>,
    /// The kind of account: `user`, `bot` or `organization`.
    kind: String,
    /// All-time points.
    #[schema(value_type = i64)]
    points: Points,
    /// The rank on the all-time leaderboard. Null if the person has no points.
    #[serde(rename = "all_time_rank")]
    position: Option<RankPosition>,
}

/// A ledger entry.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Transaction)]
pub(super) struct TransactionView {
    /// The entry's ID.
    id: Uuid,
    /// The kind of entry: `AWARD`, `BONUS`, `PENALTY` or `REVERSAL`.
    kind: String,
    /// The reason, as a code.
    reason: String,
    /// The points. Negative when points were deducted.
    #[schema(value_type = i64)]
    points: Points,
    /// When the points were earned.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// When the entry was posted.
    #[schema(value_type = String, format = DateTime)]
    posted_at: Timestamp,
    /// The kind of source, such as `pull_request`.
    source_kind: String,
    /// The source of the points. Null if it is private or deleted.
    source: Option<TransactionSource>,
    /// The factors that the points were calculated from.
    #[schema(value_type = Object)]
    explanation: Value,
}

/// The source of an entry's points, such as a pull request.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct TransactionSource {
    /// The name of the source.
    label: String,
    /// The path of the page that explains its points.
    link: String,
}

impl TransactionView {
    fn of(entry: EntryWithExplanation, described: EntryDescription) -> Self {
        let source = described
            .source
            .map(|source| TransactionSource { label: source.label, link: source.address });
        Self {
            source,
            id: entry.id,
            kind: entry.kind,
            reason: entry.reason,
            points: entry.points,
            occurred_at: entry.occurred_at,
            posted_at: entry.created_at,
            source_kind: entry.source_kind,
            explanation: described
                .explanation
                .or_else(|| serde_json::from_str(&entry.explanation).ok())
                .unwrap_or_default(),
        }
    }
}

/// Returns a person and their rank on the all-time leaderboard.
#[utoipa::path(
    get,
    path = "/api/v1/people/{login}",
    operation_id = "get_person",
    tag = "People",
    responses((status = 200, description = "The person", body = PersonView))
)]
pub(super) async fn person(
    State(context): State<Context>,
    Path(login): Path<String>,
) -> Result<Json<PersonView>, WebError> {
    let person = find_public(&context.db, &login).await?;
    let shown = identity::reads::profile(&context.db, person.id.into()).await?.shown();
    let position = reads::rank(&context.db, GLOBAL, person.id.into()).await?;
    Ok(Json(PersonView {
        id: person.id,
        login: person.login,
        name: shown.name,
        picture: shown.picture,
        avatar_url: person.avatar_url,
        kind: person.kind.as_str().to_owned(),
        points: person.total_points,
        position,
    }))
}

/// Lists a person's ledger entries, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/people/{login}/transactions",
    operation_id = "list_person_transactions",
    tag = "People",
    params(ListQuery),
    responses((status = 200, description = "A page of ledger entries", body = List<TransactionView>))
)]
pub(super) async fn transactions(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Path(login): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<TransactionView>>, WebError> {
    let person = find_public(&context.db, &login).await?;
    let (limit, before) = (query.limit()?, query.place()?);
    let entries = reads::of_person(&context.db, person.id.into(), before, limit + 1).await?;
    let entries = List::cut(entries, limit, |entry| cursor_after((entry.occurred_at, entry.id)));
    let described = programmes.describe(&context, &entries.items).await?;
    let mut described = described.into_iter();
    let view = |entry| Some(TransactionView::of(entry, described.next()?));
    Ok(Paged(entries.filter_map(view)))
}
