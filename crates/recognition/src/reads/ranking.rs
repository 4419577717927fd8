use kernel::Points;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A person's place in a whole board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankedPerson {
    pub user_id: Uuid,
    /// The rank, which people with equal points share: 1, 2, 2, 4.
    pub rank: i64,
    pub points: Points,
    /// The number of merged pull requests that earned points.
    pub merged: i64,
}

/// Lists everyone on the board with a key, in its order. Pages use [`page`](super::page) instead.
pub async fn ranking(db: &impl Sql, key: &str) -> Result<Vec<RankedPerson>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        points: Points,
        merged: i64,
    }
    let sql = "SELECT r.user_id, r.points, r.merged FROM boards b JOIN board_rows r ON r.board_id = b.id \
               WHERE b.key = $1 ORDER BY r.descending_points, r.reached_at, r.user_id";
    let rows: Vec<Row> = db.all(db.statement(sql, [key.into()])).await?;
    let mut ranked: Vec<RankedPerson> = Vec::with_capacity(rows.len());
    for (position, row) in (1..).zip(rows) {
        let tied = ranked.last().filter(|last| last.points == row.points);
        ranked.push(RankedPerson {
            user_id: row.user_id,
            rank: tied.map_or(position, |last| last.rank),
            points: row.points,
            merged: row.merged,
        });
    }
    Ok(ranked)
}
