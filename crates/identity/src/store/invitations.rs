//! Invitations to the community that were sent by email. One that is withdrawn is deleted.

use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx, ascii_lower};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::UserId;

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

/// Lists the invitations after an instant whose senders are still admins and whose addresses have no account, the oldest first.
pub(crate) async fn open(db: &impl Sql, since: Timestamp) -> Result<Vec<OpenInvitation>, DbError> {
    let sql = format!(
        "SELECT i.id, i.created_at, i.address, u.login AS invited_by FROM invitations i \
         JOIN users u ON u.id = i.invited_by_id AND u.role = 'admin' AND NOT u.is_deleted \
         WHERE i.created_at > $1 AND NOT EXISTS (SELECT 1 FROM user_emails e \
         WHERE {} = i.address AND e.verified_at IS NOT NULL) ORDER BY i.created_at, i.id",
        ascii_lower("e.address")
    );
    db.all(db.statement(&sql, [since.into()])).await
}

/// Returns whether an admin invited an address, in lower case, after an instant.
pub(crate) async fn is_open(
    db: &impl Sql,
    address: &str,
    since: Timestamp,
) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM invitations i \
               JOIN users u ON u.id = i.invited_by_id AND u.role = 'admin' AND NOT u.is_deleted \
               WHERE i.address = $1 AND i.created_at > $2";
    Ok(db.count(db.statement(sql, [address.into(), since.into()])).await? > 0)
}

/// Inserts an invitation to an address, in lower case, in place of an earlier one.
pub(crate) async fn replace(
    tx: &Tx,
    id: Uuid,
    invited_by: UserId,
    address: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let former = "DELETE FROM invitations WHERE address = $1";
    tx.run(tx.statement(former, [address.into()])).await?;
    let sql = "INSERT INTO invitations (id, created_at, address, invited_by_id) \
               VALUES ($1, $2, $3, $4)";
    let values = [id.into(), now.into(), address.into(), invited_by.into()];
    tx.run(tx.statement(sql, values)).await?;
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
