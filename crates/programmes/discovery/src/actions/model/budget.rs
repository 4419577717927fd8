use std::time::Duration;

use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
};
use uuid::Uuid;

use crate::{
    gateway::{Model, ModelError, measured},
    model::{Purpose, Tokens},
    rules::budget::{Price, day_of, fits},
    store::model::{self as store, BegunCall, SettledCall},
};

/// A part of the day's budget that is reserved for one call.
pub(crate) struct ReservedBudget {
    id: Uuid,
    purpose: Purpose,
    price: Price,
    most: i64,
    began: tokio::time::Instant,
}

/// Reserves the most that a call can cost. Of calls that ask at the same time, those that no longer fit are refused: they get the
/// instant at which the next day begins.
///
/// # Errors
/// When the database fails.
pub(crate) async fn reserve(
    context: &Context,
    model: &Model,
    purpose: Purpose,
    most: Tokens,
) -> Result<Result<ReservedBudget, Timestamp>, DbError> {
    let (price, name) = (model.price_of(purpose), model.name_of(purpose));
    let most = price.of(most);
    let (tx, now) = (context.begin().await?, context.now());
    store::lock_budget(&tx).await?;
    let (today, tomorrow) = day_of(now);
    if !fits(store::spent_since(&tx, today).await?, most, model.budget) {
        return Ok(Err(tomorrow));
    }
    let id = context.ids.next();
    let call =
        BegunCall { provider: &model.provider, model: name, purpose: purpose.as_str(), most };
    store::begin(&tx, id, call, now).await?;
    tx.commit().await?;
    Ok(Ok(ReservedBudget { id, purpose, price, most, began: tokio::time::Instant::now() }))
}

/// Records the end of a call in the caller's transaction. It costs as much as the service states; what the service does not state costs the most that is
/// possible, unless the service did no work.
///
/// # Errors
/// When the database fails.
pub(crate) async fn settle<T>(
    tx: &Tx,
    reserved: ReservedBudget,
    result: &Result<T, ModelError>,
    tokens: Option<Tokens>,
) -> Result<(), DbError> {
    let is_free = result.as_ref().err().is_some_and(ModelError::is_free);
    // Each request has tokens: a service that states none does not count them.
    let tokens = tokens.filter(|tokens| tokens.read > 0);
    let cost = match tokens {
        Some(tokens) => reserved.price.of(tokens),
        None if is_free => 0,
        None => reserved.most,
    };
    let took: Duration = reserved.began.elapsed();
    let outcome = result.as_ref().map_or_else(ModelError::outcome, |_| "answered");
    let settled = SettledCall {
        tokens: tokens.unwrap_or_default(),
        cost,
        took,
        outcome,
        detail: result.as_ref().err().map(ToString::to_string),
    };
    store::settle(tx, reserved.id, &settled).await?;
    measured(reserved.purpose, outcome, took, cost);
    Ok(())
}
