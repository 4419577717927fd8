use platform::{Context, db::DbError};

use super::{badges::evaluate_everyone, recount::recount};
use crate::{
    Programmes,
    model::{Resettled, SettlementMode},
};

/// Settles everything again in all programmes, from the stored facts. When posting, it first rebuilds
/// totals, boards and histogram from the ledger, and finally requests an evaluation of everyone's badges. Calls `progress` with the number of sources that a
/// programme has done.
pub async fn rebuild(
    context: &Context,
    programmes: Programmes,
    mode: SettlementMode,
    mut progress: impl FnMut(usize) + Send,
) -> Result<Vec<Resettled>, DbError> {
    if mode == SettlementMode::Post {
        let tx = context.begin().await?;
        recount(&tx, context).await?;
        tx.commit().await?;
    }
    let mut resettled = Vec::new();
    for programme in programmes.iter() {
        resettled.push(programme.resettle(context, mode, &mut progress).await?);
    }
    if mode == SettlementMode::Post {
        evaluate_everyone(context).await?;
    }
    Ok(resettled)
}
