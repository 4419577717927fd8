use chrono::TimeDelta;
use platform::{Context, alerts::Incident, db::DbError, processes};

use crate::{
    reads,
    rules::{failures::incident, silence},
};

/// The kind of alert for deliveries that cannot be applied.
pub(crate) const WEBHOOK_ERRORS: &str = "webhook_errors";

/// The kind of alert that GitHub delivers nothing.
pub(crate) const NO_DELIVERIES: &str = "no_deliveries";

/// The time in which deliveries are counted.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Returns an incident while more than a tenth of the deliveries of the last fifteen minutes failed.
pub(crate) async fn webhook_incidents(context: &Context) -> Result<Vec<Incident>, DbError> {
    let counted = reads::failures_since(&context.db, context.now() - WINDOW).await?;
    Ok(incident(&counted).into_iter().collect())
}

/// Returns an incident while GitHub has been silent for longer than usual.
pub(crate) async fn silence_incidents(context: &Context) -> Result<Vec<Incident>, DbError> {
    let processes = processes::all(&context.db).await?;
    let why = reads::unusual_silence(context, &processes).await?;
    Ok(why.iter().map(|why| silence::incident(why)).collect())
}
