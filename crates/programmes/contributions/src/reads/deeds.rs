//! Merges of people, in a line each, and the points that they have yet to get.

use std::collections::HashMap;

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql, ids};
use recognition::model::{Pending, Span};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::own_open::PENDING;
use crate::rules::deeds::merged_in;

/// Returns where people's pull requests were merged within a span, each in a line such as "9 merged in Lantern and Quill".
/// People without any are absent.
///
/// # Errors
/// When the database fails.
pub(crate) async fn merged_by_project(
    db: &impl Sql,
    people: &[UserId],
    within: Span,
) -> Result<HashMap<UserId, String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        author_id: Uuid,
        name: String,
        merged: i64,
    }
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(people.iter().copied()), "r");
    let (from, to) = (query.bind(within.starts_at), query.bind(within.ends_at));
    let sql = format!(
        "SELECT c.author_id, p.name, count(*) AS merged FROM {rows} \
         JOIN contributions c ON c.author_id = r.id JOIN projects p ON p.id = c.project_id \
         WHERE c.merged_at >= {from} AND c.merged_at < {to} AND c.score > 0 \
         GROUP BY c.author_id, p.id, p.name ORDER BY c.author_id, count(*) DESC, p.name"
    );
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    let lines = found.chunk_by(|one, other| one.author_id == other.author_id);
    let line = |rows: &[Row]| {
        let projects: Vec<(&str, i64)> =
            rows.iter().map(|row| (row.name.as_str(), row.merged)).collect();
        Some((rows.first()?.author_id.into(), merged_in(&projects)))
    };
    Ok(lines.filter_map(line).collect())
}

/// Returns the points that a person's pull requests earn once they are no longer pending; `None` without any.
///
/// # Errors
/// When the database fails.
pub(crate) async fn pending_of(db: &impl Sql, person: UserId) -> Result<Option<Pending>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pending: Points,
        opening_until: Option<Timestamp>,
        merge_until: Option<Timestamp>,
    }
    let found: Option<Row> = db.one(db.statement(PENDING, [person.into()])).await?;
    let pending = |row: Row| Pending {
        points: row.pending,
        until: row.opening_until.into_iter().chain(row.merge_until).min(),
    };
    Ok(found.map(pending).filter(|pending| pending.points != 0))
}
