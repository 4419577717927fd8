//! People who are on no board.

use std::collections::BTreeSet;

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    user_id: Uuid,
}

fn people(rows: Vec<Row>) -> BTreeSet<UserId> {
    rows.into_iter().map(|row| row.user_id.into()).collect()
}

/// Returns an SQL condition that the person in `column` is on no board.
pub(crate) fn is_hidden(column: &str) -> String {
    format!("EXISTS (SELECT 1 FROM hidden_people h WHERE h.user_id = {column})")
}

pub(crate) async fn all(db: &impl Sql) -> Result<BTreeSet<UserId>, DbError> {
    let sql = "SELECT user_id FROM hidden_people";
    Ok(people(db.all(db.statement(sql, [])).await?))
}

/// Returns the hidden people among some.
pub(crate) async fn among(
    db: &impl Sql,
    some: impl IntoIterator<Item = UserId>,
) -> Result<BTreeSet<UserId>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(some), "r");
    let sql =
        format!("SELECT h.user_id FROM {rows} CROSS JOIN hidden_people h WHERE h.user_id = r.id");
    Ok(people(db.all(query.statement(sql)).await?))
}

pub(crate) async fn insert(
    tx: &Tx,
    hidden: &BTreeSet<UserId>,
    now: Timestamp,
) -> Result<(), DbError> {
    if hidden.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([("user_id", Kind::Uuid)]);
    for person in hidden {
        rows.push([(*person).into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO hidden_people (user_id, hidden_at) SELECT r.user_id, {now} FROM {rows} WHERE true \
         ON CONFLICT (user_id) DO NOTHING"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

pub(crate) async fn delete(tx: &Tx, shown: &BTreeSet<UserId>) -> Result<(), DbError> {
    if shown.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let rows = query.rows(ids(shown.iter().copied()), "r");
    let sql = format!("DELETE FROM hidden_people WHERE user_id IN (SELECT r.id FROM {rows})");
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Returns the people who opted out.
pub(crate) async fn opted_out(db: &impl Sql) -> Result<BTreeSet<UserId>, DbError> {
    let sql = "SELECT user_id FROM board_opt_outs";
    Ok(people(db.all(db.statement(sql, [])).await?))
}

pub(crate) async fn has_opted_out(db: &impl Sql, person: UserId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM board_opt_outs WHERE user_id = $1";
    Ok(db.count(db.statement(sql, [person.into()])).await? > 0)
}

/// Stores that a person opted out; returns whether they had not.
pub(crate) async fn opt_out(tx: &Tx, person: UserId, now: Timestamp) -> Result<bool, DbError> {
    let sql = "INSERT INTO board_opt_outs (user_id, opted_out_at) VALUES ($1, $2) \
               ON CONFLICT (user_id) DO NOTHING";
    let values = [person.into(), now.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Removes that a person opted out; returns whether they had.
pub(crate) async fn opt_in(tx: &Tx, person: UserId) -> Result<bool, DbError> {
    let sql = "DELETE FROM board_opt_outs WHERE user_id = $1";
    Ok(tx.run(tx.statement(sql, [person.into()])).await? > 0)
}
