use std::collections::{BTreeSet, HashMap};

use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{BanEvent, UserId},
    rules,
    store::bans::{self, ACTS_AS_ADMIN, holding},
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

/// Returns a SELECT of the admins `u` who are not banned at the instant bound to `now`, to which a condition can be added.
#[must_use]
pub fn acting_admins(now: &str) -> String {
    format!("SELECT u.id FROM users u {} WHERE {ACTS_AS_ADMIN}", holding(now))
}

/// Returns the condition that a person imposed a ban; both are expressions for their IDs.
#[must_use]
pub fn has_imposed(ban: &str, person: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM bans imposed WHERE imposed.id = {ban} AND imposed.by_id = {person})"
    )
}

/// A ban of a person, with the decision.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ImposedBan {
    pub id: Uuid,
    /// The person's ID.
    pub user_id: Uuid,
    /// The ID of the admin; absent for an operator.
    pub by_id: Option<Uuid>,
    pub reason: String,
    /// When it began.
    pub created_at: Timestamp,
    /// The end that was set for it, if any.
    pub ends_at: Option<Timestamp>,
    /// When it was lifted, or replaced by another ban.
    pub replaced_at: Option<Timestamp>,
}

/// The columns of an [`ImposedBan`] `b`.
const IMPOSED: &str = "b.id, b.user_id, b.by_id, b.reason, b.created_at, b.ends_at, \
     (SELECT min(n.created_at) FROM bans n WHERE n.user_id = b.user_id \
     AND (n.created_at, n.id) > (b.created_at, b.id)) AS replaced_at";

impl ImposedBan {
    /// Returns when the ban is over; `None` if it lasts until it is lifted.
    #[must_use]
    pub fn over_at(&self) -> Option<Timestamp> {
        [self.ends_at, self.replaced_at].into_iter().flatten().min()
    }

    /// Returns whether the ban is over at an instant.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.over_at().is_some_and(|over| over <= now)
    }
}

/// Returns bans by ID. Unknown IDs are ignored.
pub async fn imposed_bans(
    db: &impl Sql,
    of: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, ImposedBan>, DbError> {
    let of: Vec<Uuid> = of.into_iter().collect();
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(of), "r");
    // CROSS JOIN makes SQLite start with the set.
    let sql = format!(
        "SELECT {IMPOSED} FROM {rows} CROSS JOIN bans b WHERE b.id = r.id AND NOT b.is_lift"
    );
    let found: Vec<ImposedBan> = db.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(|ban| (ban.id, ban)).collect())
}

/// Returns a person's current ban.
pub async fn current_ban(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Option<ImposedBan>, DbError> {
    let sql = format!(
        "SELECT {IMPOSED} FROM users u JOIN bans b ON b.id = u.ban_id \
         WHERE u.id = $1 AND (b.ends_at IS NULL OR b.ends_at > $2)"
    );
    db.one(db.statement(&sql, [person.into(), now.into()])).await
}

/// Returns when a person was last banned, also if the ban is over.
pub async fn last_banned(db: &impl Sql, person: UserId) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        created_at: Timestamp,
    }
    let sql = "SELECT created_at FROM bans WHERE user_id = $1 AND NOT is_lift \
               ORDER BY created_at DESC, id DESC LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [person.into()])).await?;
    Ok(row.map(|row| row.created_at))
}

/// Returns whether what a person granted at an instant can still count: they are not banned, were not since then, and did not close
/// their account. A ban that is over has ended what was granted before it.
pub async fn may_still_grant(
    db: &impl Sql,
    person: UserId,
    since: Timestamp,
    now: Timestamp,
) -> Result<bool, DbError> {
    let was_banned = last_banned(db, person).await?.is_some_and(|at| at >= since);
    Ok(!was_banned && super::reachable(db, person, now).await?.is_some())
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
