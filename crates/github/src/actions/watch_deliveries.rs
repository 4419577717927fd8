use chrono::TimeDelta;
use platform::{Context, alerts::Incident, db::DbError};

use crate::{reads, rules::failures::incident};

/// The kind of alert for deliveries that cannot be applied.
pub(crate) const WEBHOOK_ERRORS: &str = "webhook_errors";

/// The time in which deliveries are counted.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Returns an incident while more than a tenth of the deliveries of the last fifteen minutes failed.
pub(crate) async fn webhook_incidents(context: &Context) -> Result<Vec<Incident>, DbError> {
    let counted = reads::failures_since(&context.db, context.now() - WINDOW).await?;
    Ok(incident(&counted).into_iter().collect())
}
