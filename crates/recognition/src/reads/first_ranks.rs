//! Ranks when a month or a week begins, with which later ones on boards without months are compared.

use std::collections::HashMap;

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{Db, DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    counting::{PLACE, above_sql},
    cursor::Cursor,
};

/// Returns the ranks that people had on the board with a key when they were stored last. People who were not on it are
/// left out.
pub(crate) async fn first_ranks(
    db: &Db,
    key: &str,
    people: Vec<UserId>,
) -> Result<HashMap<UserId, i64>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        rank: i64,
    }
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = db.query();
    let (key, people) = (query.bind(key), query.rows(ids(people), "p"));
    // While they are stored, the earlier ones are still there.
    let sql = format!(
        "SELECT k.user_id, k.rank FROM {people} JOIN boards b ON b.key = {key} \
         JOIN board_ranks k ON k.board_id = b.id AND k.user_id = p.id AND k.ranked_at >= b.ranked_at"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.user_id.into(), row.rank)).collect())
}

/// A person's place on a board.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Placed {
    user_id: Uuid,
    points: Points,
    reached_at: Timestamp,
    above: i64,
}

impl Placed {
    /// Returns the person with their rank.
    pub(crate) fn ranked(&self) -> (UserId, i64) {
        (self.user_id.into(), self.above + 1)
    }

    pub(crate) fn cursor(&self) -> Cursor {
        Cursor { points: self.points, reached_at: self.reached_at, user_id: self.user_id.into() }
    }
}

/// Lists people on a board from the last place up, above a place (exclusive). Whoever earns points meanwhile is listed again,
/// not left out.
pub(crate) async fn placed(
    db: &impl Sql,
    board: Uuid,
    above: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Placed>, DbError> {
    let mut query = db.query();
    let (board, limit) = (query.bind(board), query.bind(limit));
    let above = above.map_or(String::new(), |place| {
        let points = query.bind(-place.points);
        let (at, user) = (query.bind(place.reached_at), query.bind(place.user_id));
        format!("AND ({PLACE}) < ({points}, {at}, {user})")
    });
    let sql = format!(
        "SELECT l.user_id, l.points, l.reached_at, CAST({} AS bigint) AS above FROM (\
         SELECT user_id, -descending_points AS points, reached_at FROM board_rows \
         WHERE board_id = {board} {above} \
         ORDER BY descending_points DESC, reached_at DESC, user_id DESC LIMIT {limit}) l \
         ORDER BY l.points, l.reached_at DESC, l.user_id DESC",
        above_sql(&board, "l.points")
    );
    db.all(query.statement(sql)).await
}
