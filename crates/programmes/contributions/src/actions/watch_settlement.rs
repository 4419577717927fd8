use chrono::TimeDelta;
use github::model::PULL_REQUEST_CHANGED;
use kernel::Timestamp;
use platform::{
    Context,
    alerts::{Incident, Severity},
    db::DbError,
    jobs,
};

/// The kind of alert for settlement that does not advance.
pub(crate) const SETTLEMENT: &str = "settlement_waiting";

/// How long a pull request may wait for its settlement.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);

/// Returns the incident of a settlement that does not advance, if there is one.
pub(crate) async fn watch_settlement(context: &Context) -> Result<Option<Incident>, DbError> {
    let since = jobs::waiting_since(&context.db, PULL_REQUEST_CHANGED).await?;
    Ok(waiting(since, context.now()))
}

fn waiting(since: Option<Timestamp>, now: Timestamp) -> Option<Incident> {
    let since = since.filter(|since| now - *since >= PATIENCE)?;
    Some(Incident {
        subject: "settlement".to_owned(),
        severity: Severity::High,
        title: format!(
            "Pull requests have been waiting for their points for {} minutes",
            (now - since).num_minutes()
        ),
        text: "Pull requests are not being scored: settlement is failing, the worker 'settlement' is paused, or no \
               process runs jobs. \
               Nothing is lost. The log names each pull request that cannot be settled, and the error. See \
               docs/operations.md, 'Responding to alerts'."
            .to_owned(),
        link: "/admin/jobs",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_of_fifteen_minutes_is_an_incident() {
        let now: Timestamp = "2026-11-01T09:00:00Z".parse().expect("an instant");
        let title = |minutes| {
            let since = now - TimeDelta::minutes(minutes);
            waiting(Some(since), now).map(|incident| incident.title)
        };
        assert!(waiting(None, now).is_none());
        assert_eq!(title(14), None);
        let expected = "Pull requests have been waiting for their points for 15 minutes";
        assert_eq!(title(15).as_deref(), Some(expected));
    }
}
