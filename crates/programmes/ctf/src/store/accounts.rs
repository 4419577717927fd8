//! Statements for accounts on the game platform, of coaches and competitors.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};

use crate::model::{CoachId, CompetitorId, CompetitorStatus};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Coach(CoachId),
    Competitor(CompetitorId),
}

impl Owner {
    fn row(self) -> (&'static str, uuid::Uuid) {
        match self {
            Self::Coach(id) => ("coaches", id.0),
            Self::Competitor(id) => ("competitors", id.0),
        }
    }
}

/// An account that the platform confirmed.
#[derive(Clone, Debug)]
pub(crate) struct ConfirmedAccount {
    /// The ID of this server, as text.
    pub(crate) id: String,
    pub(crate) metactf_user_id: i64,
    pub(crate) username: Option<String>,
    pub(crate) status: String,
    pub(crate) last_login_at: Option<Timestamp>,
}

/// Stores an account that the platform confirmed. An ID that is stored already stays.
pub(crate) async fn confirm(
    tx: &Tx,
    owner: Owner,
    account: &ConfirmedAccount,
    now: Timestamp,
) -> Result<(), DbError> {
    let (table, id) = owner.row();
    let sql = format!(
        "UPDATE {table} SET game_platform_id = coalesce(game_platform_id, $1), account_id = $1, \
         game_platform_synced_at = $2, game_platform_sync_error = NULL, metactf_user_id = $3, \
         metactf_username = coalesce($4, metactf_username), metactf_user_status = $5, \
         last_login_at = coalesce($6, last_login_at), updated_at = $2 WHERE id = $7"
    );
    let values = [
        account.id.as_str().into(),
        now.into(),
        account.metactf_user_id.into(),
        account.username.clone().into(),
        account.status.as_str().into(),
        account.last_login_at.into(),
        id.into(),
    ];
    tx.run(tx.statement(&sql, values)).await?;
    Ok(())
}

/// Stores why a coach or a competitor could not be put on the platform, or forgets it. Nothing is stored of those who are erased.
pub(crate) async fn set_error(
    tx: &Tx,
    owner: Owner,
    message: Option<&str>,
    now: Timestamp,
) -> Result<(), DbError> {
    let (table, id) = owner.row();
    let sql = format!(
        "UPDATE {table} SET game_platform_sync_error = $1, updated_at = $2 \
         WHERE id = $3 AND erased_at IS NULL"
    );
    let message = message.map(str::to_owned);
    tx.run(tx.statement(&sql, [message.into(), now.into(), id.into()])).await?;
    Ok(())
}

pub(crate) async fn set_status(
    tx: &Tx,
    id: CompetitorId,
    status: CompetitorStatus,
) -> Result<(), DbError> {
    let sql = "UPDATE competitors SET status = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [status.as_str().into(), id.into()])).await?;
    Ok(())
}
