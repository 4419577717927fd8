use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{Ban, BanEvent, UserId};

/// Joins people `u` with their ban `b` that is in force at the instant bound to `now`.
pub(crate) fn holding(now: &str) -> String {
    format!("LEFT JOIN bans b ON b.id = u.ban_id AND (b.ends_at IS NULL OR b.ends_at > {now})")
}

/// The condition that a person `u` of [`holding`] may act as an admin: they are not banned and did not close their
/// account.
pub(crate) const ACTS_AS_ADMIN: &str = "u.role = 'admin' AND NOT u.is_deleted AND b.id IS NULL";

/// The columns of [`holding`]: `ban_reason` and `ban_ends_at`.
pub(crate) const COLUMNS: &str = "b.reason AS ban_reason, b.ends_at AS ban_ends_at";

/// The ban in [`COLUMNS`], if any.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct BanColumns {
    ban_reason: Option<String>,
    ban_ends_at: Option<Timestamp>,
}

impl From<BanColumns> for Option<Ban> {
    fn from(held: BanColumns) -> Self {
        let ends_at = held.ban_ends_at;
        held.ban_reason.map(|reason| Ban { reason, ends_at })
    }
}

/// Returns a person's current ban.
pub(crate) async fn held(
    db: &impl Sql,
    user_id: Uuid,
    now: Timestamp,
) -> Result<Option<Ban>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM users u {} WHERE u.id = $1", holding("$2"));
    let held: Option<BanColumns> = db.one(db.statement(&sql, [user_id.into(), now.into()])).await?;
    Ok(held.and_then(Into::into))
}

/// Returns the person whom a ban holds at an instant, and the ban; `None` if it is over or replaced.
pub(crate) async fn holder(
    tx: &Tx,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<(Uuid, Ban)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        #[sea_orm(nested)]
        ban: BanColumns,
    }
    let sql = format!(
        "SELECT b.user_id, {COLUMNS} FROM bans b JOIN users u ON u.id = b.user_id AND u.ban_id = b.id \
         WHERE b.id = $1 AND (b.ends_at IS NULL OR b.ends_at > $2)"
    );
    let row: Option<Row> = tx.one(tx.statement(&sql, [id.into(), now.into()])).await?;
    Ok(row.and_then(|row| {
        let ban: Option<Ban> = row.ban.into();
        Some((row.user_id, ban?))
    }))
}

/// Lists the bans and liftings of people, and of the people whose accounts are linked to them, oldest first: who has the
/// account now, who was banned, and the event.
pub(crate) async fn histories(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<Vec<(UserId, UserId, BanEvent)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        holder_id: Uuid,
        user_id: Uuid,
        is_lift: bool,
        created_at: Timestamp,
        ends_at: Option<Timestamp>,
    }
    let mut query = db.query();
    let rows = query.rows(ids(people), "r");
    // CROSS JOIN makes SQLite start with the set.
    let event = "b.user_id, b.is_lift, b.created_at AS created_at, b.ends_at, b.id AS event_id";
    let sql = format!(
        "SELECT r.id AS holder_id, {event} FROM {rows} CROSS JOIN bans b WHERE b.user_id = r.id \
         UNION ALL SELECT r.id AS holder_id, {event} FROM {rows} CROSS JOIN user_identities i \
         CROSS JOIN bans b WHERE i.user_id = r.id AND b.user_id = i.origin_user_id \
         ORDER BY created_at, event_id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let event = |row: Row| {
        let event = BanEvent { at: row.created_at, is_lift: row.is_lift, ends_at: row.ends_at };
        (row.holder_id.into(), row.user_id.into(), event)
    };
    Ok(rows.into_iter().map(event).collect())
}

/// A ban, or the lifting of one, to append.
pub(crate) struct NewBanRow<'a> {
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    /// The moderator; `None` for an operator.
    pub(crate) by: Option<UserId>,
    pub(crate) reason: &'a str,
    pub(crate) is_lift: bool,
    pub(crate) ends_at: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

/// Appends a row, and updates the person's current ban.
pub(crate) async fn append(tx: &Tx, new: NewBanRow<'_>) -> Result<(), DbError> {
    let sql = "INSERT INTO bans (id, created_at, user_id, by_id, is_lift, reason, ends_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        new.id.into(),
        new.now.into(),
        new.user_id.into(),
        new.by.map(|by| by.0).into(),
        new.is_lift.into(),
        new.reason.into(),
        new.ends_at.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let holds = (!new.is_lift).then_some(new.id);
    // A process of the previous release reads only `is_banned`.
    let sql = "UPDATE users SET ban_id = $1, is_banned = $2, updated_at = $3 WHERE id = $4";
    let values = [holds.into(), holds.is_some().into(), new.now.into(), new.user_id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Returns whether another admin exists who is not banned.
pub(crate) async fn has_other_admin(tx: &Tx, but: Uuid, now: Timestamp) -> Result<bool, DbError> {
    let sql = format!(
        "SELECT count(*) FROM users u {} WHERE {ACTS_AS_ADMIN} AND u.id <> $1",
        holding("$2")
    );
    let others = tx.count(tx.statement(&sql, [but.into(), now.into()])).await?;
    Ok(others > 0)
}
