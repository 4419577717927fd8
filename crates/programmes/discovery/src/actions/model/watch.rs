use chrono::TimeDelta;
use kernel::{counted, dollars};
use platform::{
    Context,
    alerts::{Incident, Severity},
    db::DbError,
};

use crate::{
    gateway::{Model, Models},
    reads::{ModelDay, model_budget, recent_calls},
    store::model as store,
};

/// The kind of alert about language models.
pub(crate) const MODEL: &str = "language_model";

/// The page that shows the calls.
const PAGE: &str = "/admin/discovery/model";

/// How long calls are kept.
const KEPT: TimeDelta = TimeDelta::days(90);

/// The fewest calls of an hour that an alert about failures is from.
const FEWEST: i64 = 10;

/// Returns the incidents of the language model; none without one.
///
/// # Errors
/// When the database fails.
pub(crate) async fn watch_models(
    context: &Context,
    models: &Models,
) -> Result<Vec<Incident>, DbError> {
    let Some(model) = models.get().filter(|_| Model::permit(context).is_some()) else {
        return Ok(Vec::new());
    };
    let now = context.now();
    let budget = model_budget(&context.db, model, now).await?;
    let hour = recent_calls(&context.db, now - TimeDelta::hours(1)).await?;
    let reached = budget.is_reached.then(|| reached(budget.total));
    let costly = costly(budget.spent, model.alert_at);
    Ok([reached, costly, failing(&hour)].into_iter().flatten().collect())
}

fn reached(total: i64) -> Incident {
    Incident {
        subject: "budget".to_owned(),
        severity: Severity::Medium,
        title: format!("The language model has used up the budget of the day, {}", dollars(total)),
        text: "Issues without an analysis wait until 00:00 UTC, and everything else works. Open the page to see the calls; to \
               permit more, raise AI_DAILY_BUDGET_USD, and restart."
            .to_owned(),
        link: PAGE,
    }
}

/// Returns the incident of a day that costs more than operators expect, whether or not its budget is used up.
fn costly(spent: i64, alert_at: i64) -> Option<Incident> {
    (alert_at > 0 && spent > alert_at).then(|| Incident {
        subject: "cost".to_owned(),
        severity: Severity::Medium,
        title: format!("The language model has cost over {} today", dollars(alert_at)),
        text: "Calls go on until the budget of the day, AI_DAILY_BUDGET_USD, is used up. Open the page to see the calls. A smaller \
               model or a lower budget costs less; if this is expected, raise AI_DAILY_ALERT_USD, and restart."
            .to_owned(),
        link: PAGE,
    })
}

/// Returns the incident of failures: more than 5 % of the calls of an hour.
fn failing(hour: &ModelDay) -> Option<Incident> {
    let is_failing = hour.calls >= FEWEST && hour.failed * 20 > hour.calls;
    is_failing.then(|| {
        let percent = hour.failed * 100 / hour.calls.max(1);
        let calls = counted(hour.calls.unsigned_abs(), "call", "calls");
        Incident {
            subject: "failures".to_owned(),
            severity: Severity::High,
            title: format!("{percent} % of {calls} to the language model failed in the last hour"),
            text: "Issues whose analysis failed show this server's own numbers, and are tried again a day later. Open the page, \
                   read the last failures, and fix the most frequent one."
                .to_owned(),
            link: PAGE,
        }
    })
}

/// Deletes calls that are older than 90 days. Returns their number.
///
/// # Errors
/// When the database fails.
pub(crate) async fn forget_calls(context: &Context) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = store::forget(&tx, context.now() - KEPT).await?;
    tx.commit().await?;
    Ok(forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_over_the_expected_cost_is_an_incident() {
        for (spent, alert_at, is_found) in [(100, 100, false), (101, 100, true), (101, 0, false)] {
            assert_eq!(costly(spent, alert_at).is_some(), is_found, "{spent} of {alert_at}");
        }
    }

    #[test]
    fn more_than_five_percent_of_enough_calls_are_an_incident() {
        let of = |calls, failed| {
            let hour = ModelDay { calls, failed, ..ModelDay::default() };
            failing(&hour).map(|incident| incident.title)
        };
        assert_eq!(of(9, 9), None);
        assert_eq!(of(10, 0), None);
        assert_eq!(of(100, 5), None);
        let title = of(100, 6).expect("an incident");
        assert_eq!(title, "6 % of 100 calls to the language model failed in the last hour");
        assert!(of(10, 1).is_some());
    }
}
