use std::collections::{BTreeSet, HashMap};

use identity::{model::UserId, rules::has_profile};
use kernel::{Month, Points, Timestamp};
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use super::Page;
use crate::{
    model::{EntryWithExplanation, Finalizer, month_board},
    store::hidden,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct BoardState {
    /// When it became final; absent while it is not.
    pub final_at: Option<Timestamp>,
    /// The kind of actor that made it final; absent while it is not, or if an earlier release did.
    pub final_by: Option<Finalizer>,
    /// The number of entries that count on it and that came after it became final.
    pub corrections: i64,
    /// True while a job counts it anew.
    pub is_recounting: bool,
    /// The number of people who are counted anew so far.
    pub recounted: i64,
    /// About the number of people who will be.
    pub to_recount: i64,
}

impl BoardState {
    /// Returns `final` or `provisional`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.final_at {
            Some(_) => "final",
            None => "provisional",
        }
    }
}

/// Returns the people on a page of a board as it shows them. On a final board, people who are on no other one are absent.
///
/// # Errors
/// When the database fails.
pub async fn shown_people(db: &impl Sql, page: &Page) -> Result<HashMap<UserId, Who>, DbError> {
    let people: BTreeSet<UserId> = page.rows.iter().map(|row| row.user_id).collect();
    let mut found = identity::reads::who(db, people.iter().copied()).await?;
    if page.state.final_at.is_some() {
        let hidden = hidden::among(db, people).await?;
        found.retain(|person, who| !hidden.contains(person) && has_profile(&who.login));
    }
    Ok(found)
}

/// SQL for the state of the board `b`, which may be fed as `d`, without when and by which actor it became final.
pub(super) const STATE: &str = "(SELECT count(*) FROM board_notes n WHERE n.board_id = b.id) AS corrections, \
     coalesce(d.is_recounting, false) AS is_recounting, coalesce(d.recounted, 0) AS recounted, \
     coalesce(d.to_recount, 0) AS to_recount";

/// Returns the state of the board with a key. A board that does not exist yet is not final.
pub async fn board_state(db: &impl Sql, key: &str) -> Result<BoardState, DbError> {
    let sql = format!(
        "SELECT b.final_at, b.final_by, {STATE} FROM boards b LEFT JOIN fed_boards d ON d.board_id = b.id \
         WHERE b.key = $1"
    );
    let found = db.one(db.statement(&sql, [key.into()])).await?;
    Ok(found.unwrap_or_default())
}

/// An entry that came after a board became final.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Correction {
    pub note_id: Uuid,
    pub user_id: Uuid,
    #[sea_orm(nested)]
    pub entry: EntryWithExplanation,
}

impl Correction {
    /// Returns the points by which the person's points on the board would have changed.
    #[must_use]
    pub fn points(&self) -> Points {
        self.entry.points
    }
}

/// Lists the entries that came after the board with a key became final, latest first.
pub async fn corrections(db: &impl Sql, key: &str, limit: i64) -> Result<Vec<Correction>, DbError> {
    let sql = "SELECT n.id AS note_id, p.user_id, p.id, p.source_kind, p.source_id, p.reason, \
               p.generation, p.kind, p.points, p.occurred_at, p.created_at, p.explanation \
               FROM boards b JOIN board_notes n ON n.board_id = b.id \
               JOIN point_transactions p ON p.id = n.entry_id WHERE b.key = $1 \
               ORDER BY n.id DESC LIMIT $2";
    db.all(db.statement(sql, [key.into(), limit.into()])).await
}

/// The points and merged pull requests by which the entries of one instant change a person on a board that was final by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct LateChange {
    /// When the entries came.
    pub at: Timestamp,
    pub user_id: Uuid,
    pub points: Points,
    pub merged: i64,
}

/// Lists the changes since the board with a key became final, earliest first, then by person.
pub async fn late_changes(db: &impl Sql, key: &str) -> Result<Vec<LateChange>, DbError> {
    let sql = "SELECT n.created_at AS at, p.user_id, CAST(sum(p.points) AS bigint) AS points, \
               CAST(sum(CASE WHEN p.reason <> 'pr_merged' THEN 0 WHEN p.kind = 'REVERSAL' THEN -1 ELSE 1 END) \
               AS bigint) AS merged FROM boards b JOIN board_notes n ON n.board_id = b.id \
               JOIN point_transactions p ON p.id = n.entry_id WHERE b.key = $1 \
               GROUP BY n.created_at, p.user_id ORDER BY n.created_at, p.user_id";
    db.all(db.statement(sql, [key.into()])).await
}

/// Lists the months with a board that is not final, earliest first.
pub(crate) async fn open_months(db: &impl Sql) -> Result<Vec<Month>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        key: String,
    }
    let sql = "SELECT key FROM boards WHERE key LIKE 'month:%' AND final_at IS NULL ORDER BY key";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    let month = |row: Row| row.key.strip_prefix("month:")?.parse().ok();
    Ok(rows.into_iter().filter_map(month).collect())
}

/// Returns whether a month has a board that is not final.
pub(crate) async fn is_open_month(db: &impl Sql, month: Month) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM boards WHERE key = $1 AND final_at IS NULL";
    let key = month_board(month);
    Ok(db.count(db.statement(sql, [key.into()])).await? > 0)
}

/// Returns when a row of a month's leaderboard was last written: when points changed, by a rebuild, or when a person was listed
/// again. Rows that were removed leave no trace. `None` without rows.
pub(crate) async fn last_changed(
    db: &impl Sql,
    month: Month,
) -> Result<Option<Timestamp>, DbError> {
    let sql = "SELECT max(r.updated_at) AS last FROM boards b JOIN board_rows r ON r.board_id = b.id \
               WHERE b.key = $1";
    let key = month_board(month);
    let found: Option<Last> = db.one(db.statement(sql, [key.into()])).await?;
    Ok(found.and_then(|row| row.last))
}

#[derive(FromQueryResult)]
struct Last {
    last: Option<Timestamp>,
}

/// Returns when the last points of anyone were earned, by the programmes' facts.
pub(crate) async fn last_earned(db: &impl Sql) -> Result<Option<Timestamp>, DbError> {
    let sql = "SELECT max(r.reached_at) AS last FROM boards b JOIN board_rows r ON r.board_id = b.id \
               WHERE b.key = 'global'";
    let found: Option<Last> = db.one(db.statement(sql, [])).await?;
    Ok(found.and_then(|row| row.last))
}
