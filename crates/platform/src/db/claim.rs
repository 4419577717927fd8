use sea_orm::DbErr;
use uuid::Uuid;

use super::{DbError, Sql as _, Tx};

/// A claim to process an idempotent request. Each commit of the request marks its row of `stored_responses` in the
/// same transaction, and fails if another request has taken over the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) row: Uuid,
    pub(crate) holder: Uuid,
}

tokio::task_local! {
    static CLAIM: Claim;
}

impl Claim {
    /// Runs `work`, whose transactions belong to this claim.
    pub(crate) async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        CLAIM.scope(self, work).await
    }

    /// Marks the row of the current task's claim, if it has one.
    pub(super) async fn mark(tx: &Tx) -> Result<(), DbError> {
        let Ok(Self { row, holder }) = CLAIM.try_with(|claim| *claim) else {
            return Ok(());
        };
        let sql = "UPDATE stored_responses SET is_done = TRUE WHERE id = $1 AND claim = $2";
        match tx.run(tx.statement(sql, [row.into(), holder.into()])).await? {
            0 => {
                Err(DbErr::Custom("another request has taken over this idempotency key".to_owned())
                    .into())
            }
            _ => Ok(()),
        }
    }
}
