use std::collections::{BTreeMap, BTreeSet};

use identity::model::ACCOUNT_MOVED;
use platform::{
    Context,
    db::DbError,
    jobs::{self, Progress},
};
use uuid::Uuid;

use super::{
    FACTS,
    apply_pulls::{refold, wake_closed},
};
use crate::{
    model::{PULL_REQUEST_CHANGED, PullRequestId},
    store::{pulls, reviews},
};

/// The number of pull requests that are recomputed in one transaction.
const AT_ONCE: i64 = 64;

/// Recomputes the people of the pull requests and reviews that name people whose accounts are other people's now.
/// Statements name accounts, so running it again changes nothing: wake-ups stay until all is done.
pub(crate) async fn follow_accounts(context: &Context) -> Result<Progress, DbError> {
    let Some((tx, wake_ups)) = jobs::claimed(context, ACCOUNT_MOVED).await? else {
        return Ok(Progress::Idle);
    };
    drop(tx);
    for wake_up in &wake_ups {
        move_reviews(context, wake_up.object_id).await?;
        let mut done = Some(PullRequestId::new(Uuid::nil()));
        while let Some(last) = done {
            done = move_pulls(context, wake_up.object_id, last).await?;
        }
    }
    jobs::worked(context.begin().await?, &wake_ups).await
}

/// Recomputes the next pull requests that name `person`. Returns the last of them, if any.
async fn move_pulls(
    context: &Context,
    person: Uuid,
    after: PullRequestId,
) -> Result<Option<PullRequestId>, DbError> {
    let mut tx = context.begin().await?;
    tx.serialize(FACTS).await?;
    let named = pulls::naming(&tx, person, after, AT_ONCE).await?;
    refold(&tx, context, &named, &BTreeMap::new()).await?;
    wake_closed(&mut tx, context, &named, BTreeSet::new()).await?;
    let (changed, ids) = (named.iter().map(|id| id.0), context.ids.as_ref());
    tx.wake(PULL_REQUEST_CHANGED, changed, ids, context.now()).await?;
    tx.commit().await?;
    Ok(named.last().copied())
}

async fn move_reviews(context: &Context, person: Uuid) -> Result<(), DbError> {
    let tx = context.begin().await?;
    tx.serialize(FACTS).await?;
    let accounts = reviews::accounts_of(&tx, person).await?;
    let known = identity::actions::known(&tx, context, accounts).await?;
    reviews::move_from(&tx, person, &known, context.now()).await?;
    tx.commit().await
}
