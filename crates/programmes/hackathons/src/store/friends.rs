//! Statements for friendships.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx, erase_rows};

use crate::{model::FriendshipId, rules::friends::StoredFriendship};

/// The stored relation of a person to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) id: FriendshipId,
    /// The person and the other.
    pub(crate) people: (UserId, UserId),
    pub(crate) stored: StoredFriendship,
    /// When the status was reached.
    pub(crate) status_at: Timestamp,
    /// When the request that waits was sent.
    pub(crate) requested_at: Option<Timestamp>,
}

/// Writes the row of a pair, in place of the one that it may have.
pub(crate) async fn write(tx: &Tx, row: &Row, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO friendships (id, created_at, requester_id, addressee_id, low_id, high_id, status, \
               status_at, requested_at, is_mutual) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
               ON CONFLICT (low_id, high_id) DO UPDATE SET requester_id = excluded.requester_id, \
               addressee_id = excluded.addressee_id, status = excluded.status, status_at = excluded.status_at, \
               requested_at = excluded.requested_at, is_mutual = excluded.is_mutual";
    let (person, other) = row.people;
    let (requester, addressee) =
        if row.stored.is_requester { (person, other) } else { (other, person) };
    let values = [
        row.id.into(),
        now.into(),
        requester.into(),
        addressee.into(),
        person.min(other).into(),
        person.max(other).into(),
        row.stored.status.as_str().into(),
        row.status_at.into(),
        row.requested_at.into(),
        row.stored.is_mutual.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn delete(tx: &Tx, id: FriendshipId) -> Result<(), DbError> {
    let sql = "DELETE FROM friendships WHERE id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

/// Deletes the rows of a person.
pub(crate) async fn forget(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "DELETE FROM friendships WHERE requester_id = $1 OR addressee_id = $1";
    erase_rows(tx, person.0, &[sql]).await
}
