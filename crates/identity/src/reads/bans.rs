use std::collections::{BTreeSet, HashMap};

use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{BanEvent, UserId},
    rules,
    store::bans::{self, holding},
};

/// The bans and liftings of people, oldest first, and those of the people whose accounts are linked to them: a ban also
/// applies to what an account did before it was linked. People who were never banned are absent.
#[derive(Clone, Debug, Default)]
pub struct BanHistories(HashMap<UserId, HashMap<UserId, Vec<BanEvent>>>);

impl BanHistories {
    /// Returns true if a person, or the former owner of their account, was banned at a time.
    #[must_use]
    pub fn was_banned(&self, person: UserId, at: Timestamp) -> bool {
        let mut histories = self.0.get(&person).into_iter().flat_map(HashMap::values);
        histories.any(|history| rules::was_banned(history, at))
    }
}

/// Returns the bans and liftings of people.
pub async fn ban_histories(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<BanHistories, DbError> {
    let people: Vec<UserId> = people.into_iter().collect();
    let mut histories = BanHistories::default();
    if people.is_empty() {
        return Ok(histories);
    }
    for (holder, banned, event) in bans::histories(db, people).await? {
        let of_holder = histories.0.entry(holder).or_default();
        of_holder.entry(banned).or_default().push(event);
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
