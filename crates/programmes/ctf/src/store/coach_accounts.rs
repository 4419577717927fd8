//! Statements for the accounts of coaches on the game platform that are read again.

use kernel::Timestamp;
use platform::db::{DbError, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{AccountStatus, CoachId},
    rules::accounts::AccountFacts,
};

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct CoachAccount {
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) game_platform_id: String,
    metactf_user_status: Option<String>,
    last_login_at: Option<Timestamp>,
    game_platform_synced_at: Option<Timestamp>,
}

impl CoachAccount {
    /// Returns what decides whether the account is read again.
    pub(crate) fn facts(&self) -> AccountFacts {
        AccountFacts {
            status: AccountStatus::stated(self.metactf_user_status.as_deref()),
            last_login_at: self.last_login_at,
            read_at: self.game_platform_synced_at,
        }
    }
}

/// Lists the approved coaches with an account on the platform.
pub(crate) async fn all(db: &impl Sql) -> Result<Vec<CoachAccount>, DbError> {
    let sql = "SELECT c.id, c.user_id, c.game_platform_id, c.metactf_user_status, c.last_login_at, \
               c.game_platform_synced_at FROM coaches c \
               WHERE c.approved AND c.game_platform_id IS NOT NULL ORDER BY c.id";
    db.all(db.statement(sql, [])).await
}

/// Notes when the platform was asked for an account without an answer to store.
pub(crate) async fn set_read(tx: &Tx, id: CoachId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE coaches SET game_platform_synced_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}
