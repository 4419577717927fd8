use std::collections::BTreeMap;

use platform::{
    Context,
    db::{DbError, Tx},
};
use uuid::Uuid;

use super::{FACTS, apply_pulls::refold};
use crate::{
    model::PULL_REQUEST_CHANGED,
    store::{pulls, reviews},
};

/// Recomputes the people of the pull requests and reviews that name `person`, who had an account that is another
/// person's now. Statements name accounts, so running it again changes nothing.
pub(crate) async fn follow_account(
    tx: &mut Tx,
    context: &Context,
    person: Uuid,
) -> Result<(), DbError> {
    tx.serialize(FACTS).await?;
    let named = pulls::naming(tx, person).await?;
    refold(tx, context, &named, &BTreeMap::new()).await?;
    let accounts = reviews::accounts_of(tx, person).await?;
    let known = identity::actions::known(tx, context, accounts).await?;
    let now = context.now();
    reviews::move_from(tx, person, &known, now).await?;
    let changed = named.iter().map(|id| id.0);
    tx.wake(PULL_REQUEST_CHANGED, changed, context.ids.as_ref(), now)
        .await
}
