//! Leaderboards as JSON.

use std::collections::HashMap;

use axum::{Json, extract::State};
use identity::model::UserId;
use kernel::{Month, Points, Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    web::{self, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    model::{GLOBAL, RankPosition, month_board},
    reads::{self, Cursor, Start},
};

/// The boards that exist without any programme: of everybody forever, and of each month.
pub fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(global))
        .routes(routes!(global_rank))
        .routes(routes!(month))
        .routes(routes!(month_rank))
}

/// Which part of a board is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows a page: 20 unless said, at most 100.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the page before ended: its `next_cursor`. Not together with `rank`.
    #[param(value_type = String, required = false)]
    pub cursor: Option<String>,
    /// Start with the people who share the rank that covers this place.
    #[param(value_type = i64, required = false, minimum = 1)]
    pub rank: Option<i64>,
}

/// A page of a board.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "items": [{
        "rank": 1, "login": "wren-oak", "points": 430, "sharing": 1,
        "reached_at": "2026-11-09T14:20:00Z", "percentile": 99.1
    }],
    "next_cursor": "430.2026-11-09T142000.000000Z.0193a1b2c3d47e5f8a9b0c1d2e3f4a5b",
    "people": 110
}))]
pub struct BoardPage {
    /// In board order.
    pub items: Vec<BoardItem>,
    /// Pass it as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// People on the board.
    pub people: i64,
    /// For screens: the points of the next better rank above the first item.
    #[serde(skip)]
    pub better: Option<Points>,
}

/// One row of a board.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardItem {
    /// Equal points share it: 1, 2, 2, 4.
    pub rank: i64,
    /// Who.
    pub login: String,
    /// How many.
    #[schema(value_type = i64)]
    pub points: Points,
    /// People with the same points, this one included.
    pub sharing: i64,
    /// When these points were reached.
    #[schema(value_type = String, format = DateTime)]
    pub reached_at: Timestamp,
    /// 100 × people strictly below ÷ people on the board.
    pub percentile: f64,
}

/// Where a person stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "login": "wren-oak", "rank": 2, "points": 412, "percentile": 99.1, "sharing": 1, "people": 110,
    "points_to_next_rank": 18
}))]
pub struct Rank {
    /// Who.
    pub login: String,
    /// Where.
    #[serde(flatten)]
    pub standing: RankPosition,
}

/// A part of the board of everybody, all time.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/global",
    operation_id = "leaderboard",
    tag = "Leaderboards",
    params(PageQuery),
    responses(
        (status = 200, description = "The part that was asked for", body = BoardPage),
        (status = 400, description = "What follows the question mark cannot be read")
    )
)]
async fn global(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
) -> Result<Json<BoardPage>, WebError> {
    board_page(&context, GLOBAL, &query).await.map(Json)
}

/// Where a person stands among everybody.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/global/ranks/{login}",
    operation_id = "leaderboard_rank",
    tag = "Leaderboards",
    params(("login" = String, Path, description = "A login, in whatever case", example = "wren-oak")),
    responses(
        (status = 200, description = "Their place", body = Rank),
        (status = 400, description = "The address cannot be read"),
        (status = 404, description = "Nobody has this login, or they have no points on this board")
    )
)]
async fn global_rank(
    State(context): State<Context>,
    Path(login): Path<String>,
) -> Result<Json<Rank>, WebError> {
    rank(&context, GLOBAL, &login).await.map(Json)
}

/// A part of a month's board.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/months/{month}",
    operation_id = "month_leaderboard",
    tag = "Leaderboards",
    params(
        ("month" = String, Path, description = "A month in UTC", example = "2026-11", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"),
        PageQuery
    ),
    responses(
        (status = 200, description = "The part that was asked for", body = BoardPage),
        (status = 400, description = "The month, or what follows the question mark, cannot be read"),
        (status = 404, description = "The month has no board")
    )
)]
async fn month(
    State(context): State<Context>,
    Path(month): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<BoardPage>, WebError> {
    let key = month_board(month_of(&context, &month).await?);
    board_page(&context, &key, &query).await.map(Json)
}

/// Where a person stands on a month's board.
#[utoipa::path(
    get,
    path = "/api/v1/leaderboards/months/{month}/ranks/{login}",
    operation_id = "month_leaderboard_rank",
    tag = "Leaderboards",
    params(
        ("month" = String, Path, description = "A month in UTC", example = "2026-11", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"),
        ("login" = String, Path, description = "A login, in whatever case", example = "wren-oak")
    ),
    responses(
        (status = 200, description = "Their place", body = Rank),
        (status = 400, description = "The month cannot be read"),
        (status = 404, description = "The month has no board, nobody has this login, or they have no points on the board")
    )
)]
async fn month_rank(
    State(context): State<Context>,
    Path((month, login)): Path<(String, String)>,
) -> Result<Json<Rank>, WebError> {
    let key = month_board(month_of(&context, &month).await?);
    rank(&context, &key, &login).await.map(Json)
}

/// The month in an address.
///
/// # Errors
/// A sentence when it is none or has no board; or the database fails.
pub async fn month_of(context: &Context, text: &str) -> Result<Month, WebError> {
    let month: Month = text.parse().map_err(|error: kernel::ParseMonthError| {
        Problem::new(ProblemKind::Malformed, "BAD_MONTH", error.to_string())
    })?;
    if reads::has_board(&context.db, month, Month::of(context.now())).await? {
        return Ok(month);
    }
    let detail = format!(
        "{month} has no board: boards stand from the first month with points to the present one."
    );
    Err(Problem::not_found(detail).into())
}

/// A page of the board with this key.
///
/// # Errors
/// When the query asks for what cannot be, or the database fails.
pub async fn board_page(
    context: &Context,
    key: &str,
    query: &PageQuery,
) -> Result<BoardPage, WebError> {
    board_page_from(context, key, start(query)?, web::limit(query.limit)?).await
}

/// A page of at most `limit` rows of the board with this key.
pub async fn board_page_from(
    context: &Context,
    key: &str,
    start: Start,
    limit: i64,
) -> Result<BoardPage, WebError> {
    let page = reads::page(&context.db, key, start, limit).await?;
    let people = page.rows.iter().map(|row| row.user_id);
    let logins = identity::reads::logins(&context.db, people).await?;
    Ok(BoardPage::of(&page, &logins))
}

impl BoardPage {
    /// A page, with the logins of whom it shows.
    #[must_use]
    pub fn of(page: &reads::Page, logins: &HashMap<UserId, String>) -> Self {
        let item = |row: &reads::Row| BoardItem {
            rank: row.rank,
            login: logins.get(&row.user_id).cloned().unwrap_or_default(),
            points: row.points,
            sharing: row.sharing,
            reached_at: row.reached_at,
            percentile: percentile(page, row),
        };
        Self {
            items: page.rows.iter().map(item).collect(),
            next_cursor: page.next.map(write_cursor),
            people: page.people,
            better: page.better,
        }
    }
}

fn percentile(page: &reads::Page, row: &reads::Row) -> f64 {
    let below = page.people - (row.rank - 1) - row.sharing;
    100.0 * below as f64 / page.people.max(1) as f64
}

/// Where `login` stands on the board with this key.
///
/// # Errors
/// Not found when nobody has the login or is not on the board; or the database fails.
pub async fn rank(context: &Context, key: &str, login: &str) -> Result<Rank, WebError> {
    let person = identity::reads::person(&context.db, login).await?;
    let Some(person) = person else {
        return Err(Problem::not_found(format!("Nobody here has the login '{login}'.")).into());
    };
    match reads::rank(&context.db, key, person.id.into()).await? {
        Some(standing) => Ok(Rank {
            login: person.login,
            standing,
        }),
        None => Err(Problem::not_found(format!("{login} has no points on this board yet.")).into()),
    }
}

fn malformed(code: &'static str, detail: &str) -> Problem {
    Problem::new(ProblemKind::Malformed, code, detail)
}

fn start(query: &PageQuery) -> Result<Start, Problem> {
    match (&query.cursor, query.rank) {
        (None, None) => Ok(Start::Top),
        (None, Some(rank)) if rank >= 1 => Ok(Start::Rank(rank)),
        (None, Some(_)) => Err(malformed("BAD_RANK", "The rank must be 1 or more.")),
        (Some(_), Some(_)) => Err(malformed(
            "BAD_CURSOR",
            "Give either cursor or rank, not both.",
        )),
        (Some(cursor), None) => read_cursor(cursor)
            .map(Start::After)
            .ok_or_else(web::bad_cursor),
    }
}

fn write_cursor(cursor: Cursor) -> String {
    let at = web::write_instant(cursor.reached_at);
    format!("{}.{at}.{}", cursor.points, cursor.user_id.0.simple())
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let (points, rest) = text.split_once('.')?;
    let (at, user) = rest.rsplit_once('.')?;
    let points: Points = points.parse().ok()?;
    // Boards are in order of −points.
    points.checked_neg()?;
    Some(Cursor {
        points,
        reached_at: web::read_instant(at)?,
        user_id: uuid::Uuid::try_parse(user).ok()?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let cursor = Cursor {
            points: -15,
            reached_at: "2026-10-02T08:00:00.000120Z".parse().expect("an instant"),
            user_id: uuid::Uuid::from_u128(9).into(),
        };
        assert_eq!(read_cursor(&write_cursor(cursor)), Some(cursor));
        for wrong in [
            "",
            "1",
            "1.2",
            "x.2026-10-02T080000.000120Z.9",
            "1.yesterday.00",
        ] {
            assert_eq!(read_cursor(wrong), None, "{wrong}");
        }
    }
}
