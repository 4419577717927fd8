//! GitHub accounts of people that deliveries created, while they are linked to other people.

use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::UserId;

/// The state before an account was linked to another person.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Merge {
    /// The person that deliveries created for the account.
    pub(crate) origin_user_id: Uuid,
    /// The earlier login of the person that the account is linked to.
    pub(crate) former_login: String,
}

/// Returns the state before an identity was linked to another person; `None` if it was not.
pub(crate) async fn find(tx: &Tx, identity: Uuid) -> Result<Option<Merge>, DbError> {
    let sql = "SELECT origin_user_id, former_login FROM user_identities \
               WHERE id = $1 AND origin_user_id IS NOT NULL AND former_login IS NOT NULL";
    tx.one(tx.statement(sql, [identity.into()])).await
}

/// Returns true if a person is known only from deliveries.
pub(crate) async fn is_unclaimed(tx: &Tx, person: UserId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM users WHERE id = $1 AND claimed_at IS NULL AND NOT is_deleted";
    Ok(tx.count(tx.statement(sql, [person.into()])).await? > 0)
}

/// Gives an identity to another person, and hides the person it was of.
pub(crate) async fn hand_over(
    tx: &Tx,
    identity: Uuid,
    from: UserId,
    to: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.lock_rows("users", [from.0, to.0]).await?;
    let sql = "UPDATE user_identities SET user_id = $2, origin_user_id = $3, unlinked_at = NULL, \
               former_login = (SELECT login FROM users WHERE id = $2) WHERE id = $1";
    let values = [identity.into(), to.into(), from.into()];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "UPDATE users SET is_deleted = true, updated_at = $2 WHERE id = $1";
    tx.run(tx.statement(sql, [from.into(), now.into()])).await?;
    Ok(())
}

/// Gives an identity back to the person it was of, with its login and avatar. Its holder gets `login`.
pub(crate) async fn give_back(
    tx: &Tx,
    identity: Uuid,
    holder: UserId,
    origin: UserId,
    login: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.lock_rows("users", [holder.0, origin.0]).await?;
    let sql = "UPDATE users SET is_deleted = false, updated_at = $3, \
               login = (SELECT u.login FROM users u WHERE u.id = $2), \
               login_seen_at = (SELECT u.login_seen_at FROM users u WHERE u.id = $2), \
               avatar_url = (SELECT u.avatar_url FROM users u WHERE u.id = $2) WHERE id = $1";
    let values = [origin.into(), holder.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "UPDATE users SET login = $2, avatar_url = NULL, updated_at = $3 WHERE id = $1";
    let values = [holder.into(), login.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    return_logins(tx, holder, origin, identity).await?;
    let sql = "UPDATE user_identities SET user_id = $2, origin_user_id = NULL, former_login = NULL, \
               used_at = NULL WHERE id = $1";
    tx.run(tx.statement(sql, [identity.into(), origin.into()])).await?;
    Ok(())
}

/// Moves the logins that came with an identity back. A person without a GitHub account has one login only, the former.
async fn return_logins(
    tx: &Tx,
    holder: UserId,
    origin: UserId,
    identity: Uuid,
) -> Result<(), DbError> {
    let came =
        "user_id = $1 AND login <> (SELECT i.former_login FROM user_identities i WHERE i.id = $3)";
    let moved = format!(
        "UPDATE user_logins SET user_id = $2 WHERE {came} AND login NOT IN \
         (SELECT l.login FROM user_logins l WHERE l.user_id = $2)"
    );
    let values = [holder.into(), origin.into(), identity.into()];
    tx.run(tx.statement(&moved, values)).await?;
    let sql = "DELETE FROM user_logins WHERE user_id = $1 \
               AND login <> (SELECT i.former_login FROM user_identities i WHERE i.id = $2)";
    tx.run(tx.statement(sql, [holder.into(), identity.into()])).await?;
    Ok(())
}

/// Lists the people whose accounts are linked to a person.
pub(crate) async fn origins(tx: &Tx, person: UserId) -> Result<Vec<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        origin_user_id: Uuid,
    }
    let sql = "SELECT origin_user_id FROM user_identities \
               WHERE user_id = $1 AND origin_user_id IS NOT NULL ORDER BY origin_user_id";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.origin_user_id.into()).collect())
}
