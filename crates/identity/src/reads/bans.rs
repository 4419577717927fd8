use std::collections::{BTreeSet, HashMap};

use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{BanEvent, UserId},
    store::bans::{self, holding},
};

/// The bans and liftings of people, oldest first. People who were never banned are absent.
pub type BanHistories = HashMap<UserId, Vec<BanEvent>>;

/// Returns the bans and liftings of people.
pub async fn ban_histories(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<BanHistories, DbError> {
    let people: Vec<UserId> = people.into_iter().collect();
    let mut histories = BanHistories::new();
    if people.is_empty() {
        return Ok(histories);
    }
    for (person, event) in bans::histories(db, people).await? {
        histories.entry(person).or_default().push(event);
    }
    Ok(histories)
}

/// Returns the people that no public list names: those who are banned, and those whose account is closed or erased.
pub async fn unlisted(db: &impl Sql, now: Timestamp) -> Result<BTreeSet<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = format!(
        "SELECT u.id FROM users u {} WHERE (u.is_deleted OR u.ban_id IS NOT NULL) \
         AND (u.is_deleted OR b.id IS NOT NULL)",
        holding("$1")
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [now.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}
