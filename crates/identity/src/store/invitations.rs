//! Invitations to the community that were sent by email. One that is withdrawn is deleted.

use kernel::Timestamp;
use platform::db::{Cell, DbError, Sql, Tx, ascii_lower};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::bans::{ACTS_AS_ADMIN, holding};
use crate::{model::UserId, rules::INVITATION_LASTS};

/// Joins the sender `u` of invitations `i`, with the condition that these are open: they were sent after the instant
/// bound to `$2`, by someone who may act as an admin at the instant bound to `$1`. An invitation is open again once the
/// ban of its sender has ended.
fn that_are_open() -> String {
    format!(
        "JOIN users u ON u.id = i.invited_by_id {} WHERE {ACTS_AS_ADMIN} AND i.created_at > $2",
        holding("$1")
    )
}

/// Returns the values of [`that_are_open`], at an instant.
fn opened(now: Timestamp) -> [Cell; 2] {
    [now.into(), (now - INVITATION_LASTS).into()]
}

/// Returns the condition that no account has verified the address of an invitation `i`.
fn has_no_account() -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM user_emails e WHERE {} = i.address AND e.verified_at IS NOT NULL)",
        ascii_lower("e.address")
    )
}

/// An open invitation.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OpenInvitation {
    pub id: Uuid,
    pub created_at: Timestamp,
    /// The address that it was sent to, in lower case.
    pub address: String,
    /// The login of the admin who sent it.
    pub invited_by: String,
}

/// An invitation to insert.
pub(crate) struct NewInvitation<'a> {
    pub(crate) id: Uuid,
    pub(crate) invited_by: UserId,
    /// The address that it is sent to, in lower case.
    pub(crate) address: &'a str,
    pub(crate) token_hash: Vec<u8>,
    /// The page that the person sees after joining.
    pub(crate) return_to: &'a str,
    pub(crate) now: Timestamp,
}

/// An open invitation that a link belongs to.
#[derive(Clone, Debug, FromQueryResult)]
pub struct LinkedInvitation {
    pub(crate) id: Uuid,
    /// The address that it was sent to, in lower case.
    pub address: String,
    pub(crate) return_to: String,
}

/// Lists the open invitations whose addresses have no account, the oldest first.
pub(crate) async fn open(db: &impl Sql, now: Timestamp) -> Result<Vec<OpenInvitation>, DbError> {
    let sql = format!(
        "SELECT i.id, i.created_at, i.address, u.login AS invited_by FROM invitations i \
         {} AND {} ORDER BY i.created_at, i.id",
        that_are_open(),
        has_no_account()
    );
    db.all(db.statement(&sql, opened(now))).await
}

/// Returns whether an invitation to an address, in lower case, is open.
pub(crate) async fn is_open(db: &impl Sql, address: &str, now: Timestamp) -> Result<bool, DbError> {
    let sql = format!("SELECT count(*) FROM invitations i {} AND i.address = $3", that_are_open());
    let [now, since] = opened(now);
    Ok(db.count(db.statement(&sql, [now, since, address.into()])).await? > 0)
}

/// Finds the open invitation of a link whose address has no account.
pub(crate) async fn by_link(
    db: &impl Sql,
    token_hash: Vec<u8>,
    now: Timestamp,
) -> Result<Option<LinkedInvitation>, DbError> {
    let sql = format!(
        "SELECT i.id, i.address, i.return_to FROM invitations i {} AND i.token_hash = $3 AND {}",
        that_are_open(),
        has_no_account()
    );
    let [now, since] = opened(now);
    db.one(db.statement(&sql, [now, since, token_hash.into()])).await
}

/// Inserts an invitation in place of an earlier one to its address.
pub(crate) async fn replace(tx: &Tx, new: NewInvitation<'_>) -> Result<(), DbError> {
    remove_to(tx, new.address).await?;
    let sql = "INSERT INTO invitations (id, created_at, address, invited_by_id, token_hash, return_to) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        new.id.into(),
        new.now.into(),
        new.address.into(),
        new.invited_by.into(),
        new.token_hash.into(),
        new.return_to.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Deletes the invitation to an address, in lower case.
pub(crate) async fn remove_to(tx: &Tx, address: &str) -> Result<(), DbError> {
    let sql = "DELETE FROM invitations WHERE address = $1";
    tx.run(tx.statement(sql, [address.into()])).await?;
    Ok(())
}

/// Deletes an invitation; returns whether there was one.
pub(crate) async fn remove(tx: &Tx, id: Uuid) -> Result<bool, DbError> {
    let sql = "DELETE FROM invitations WHERE id = $1";
    Ok(tx.run(tx.statement(sql, [id.into()])).await? > 0)
}

/// Lists the invitations that a person sent, and those to their own addresses.
pub(crate) async fn about(tx: &Tx, person: UserId) -> Result<Vec<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = format!(
        "SELECT id FROM invitations WHERE invited_by_id = $1 OR address IN \
         (SELECT {} FROM user_emails e WHERE e.user_id = $1) ORDER BY id",
        ascii_lower("e.address")
    );
    let rows: Vec<Row> = tx.all(tx.statement(&sql, [person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Deletes invitations from before an instant; returns their number.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM invitations WHERE created_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}
