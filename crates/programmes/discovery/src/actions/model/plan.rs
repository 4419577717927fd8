use chrono::TimeDelta;
use platform::{Context, db::DbError};

use crate::{
    gateway::Model,
    rules::prompt::content_digest,
    store::{
        model::{self as store, AnalyzedTexts},
        opportunities,
    },
};

/// The issues that wait for the model at most. The next ones are chosen when some are done, so that those of most worth are
/// first, also of those that come later.
const MOST_WAITING: i64 = 16;

/// How far ahead an issue may be due to count as one that waits. Those that failed are due a day later.
const SOON: TimeDelta = TimeDelta::minutes(5);

/// Puts the issues of most worth that were not analyzed yet in the queue. Returns true if there may be more.
///
/// # Errors
/// When the database fails.
pub(crate) async fn plan_analyses(context: &Context, model: &Model) -> Result<bool, DbError> {
    let free = MOST_WAITING - store::waiting(&context.db, context.now() + SOON).await?;
    if free <= 0 {
        return Ok(true);
    }
    let asked_of = model.asked_of();
    let tx = context.begin().await?;
    // Derivations change the same rows.
    opportunities::lock(&tx).await?;
    let found = store::uncompared(&tx, &asked_of, free).await?;
    if found.is_empty() {
        return Ok(false);
    }
    let with_digest = |own: AnalyzedTexts| {
        let digest = content_digest(&asked_of, &own.title, &own.body_digest, &own.labels);
        (own, digest)
    };
    let found: Vec<(AnalyzedTexts, String)> = found.into_iter().map(with_digest).collect();
    let now = context.now();
    store::link(&tx, context.ids.as_ref(), &asked_of, &model.name, &found, now).await?;
    tx.commit().await?;
    Ok(true)
}
