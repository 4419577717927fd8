//! What is looked at for those who run the house: conditions of several rooms, and what to do about each.

use chrono::TimeDelta;
use kernel::Timestamp;
use platform::{
    ActionError, Context,
    alerts::{self, Incident, Operators, Severity, reconcile},
    jobs::{self, Died, Jobs, Run, Schedule},
    module::Services,
    outbox,
};
use recognition::verify::Mismatch;

use crate::ledger::VERIFICATION;

/// The ledger does not agree with what is counted.
pub const LEDGER: &str = "ledger_mismatch";
/// Letters of a queue died.
const DEAD: &str = "dead_letters";
/// A schedule fails again and again.
const FAILING: &str = "schedule_failing";
/// Messages are due and nobody sends them.
const WAITING: &str = "outbox_waiting";

/// How long letters are dead before they are no news.
const DEAD_FOR: TimeDelta = TimeDelta::days(1);
/// Failures in a row that are told.
const FAILURES: i64 = 3;

/// Looks for incidents every five minutes.
pub(crate) fn schedule(services: Services) -> Schedule {
    let run = move |context: Context| {
        let services = services.clone();
        async move {
            let written = look(&context, &services).await?;
            Ok(format!("{written} messages to operators"))
        }
    };
    Schedule::new("OperatorAlerts", "*/5 * * * *", run)
}

/// Looks at everything once; gives how many messages were written.
async fn look(context: &Context, services: &Services) -> Result<usize, ActionError> {
    let (db, now, operators) = (&context.db, context.now(), &services.operators());
    let Jobs { workers, schedules } = services.jobs();
    let schedules: Vec<&str> = schedules.iter().map(Schedule::name).collect();
    let died = jobs::died_since(db, &workers, now - DEAD_FOR).await?;
    let mut written = reconcile(context, operators, DEAD, &dead(&died)).await?;
    let runs = jobs::last_runs(db, &schedules, FAILURES).await?;
    // A check that found something fails, and is told for what it found.
    let is_told = alerts::is_open(db, LEDGER).await?;
    let watched = schedules.iter();
    let watched = watched.filter(|name| !is_told || **name != VERIFICATION);
    let failing: Vec<_> = watched.filter_map(|name| failing(name, &runs)).collect();
    written += reconcile(context, operators, FAILING, &failing).await?;
    let since = outbox::waiting_since(db, now).await?;
    let patience = TimeDelta::minutes(services.config.alert_outbox_minutes);
    let waiting: Vec<_> = waiting(since, patience, now).into_iter().collect();
    written += reconcile(context, operators, WAITING, &waiting).await?;
    Ok(written)
}

/// Tells operators what the check of the ledger found, or that it agrees again. Nobody is named: what is
/// told is read elsewhere and kept.
pub(crate) async fn alert_ledger(
    context: &Context,
    operators: &Operators,
    found: &[Mismatch],
) -> Result<(), ActionError> {
    let incident = found.first().map(|first| Incident {
        subject: "ledger".to_owned(),
        severity: Severity::Critical,
        title: "The ledger does not agree with what is counted".to_owned(),
        text: format!(
            "{}; the first: {} is {} and should be {}. Nothing was changed. See docs/operations.md, \
             'When an alert comes'.",
            counted(found.len() as i64, "mismatch", "mismatches"),
            first.what,
            first.stored,
            first.counted
        ),
        link: "/admin/ledger",
    });
    let incidents: Vec<_> = incident.into_iter().collect();
    reconcile(context, operators, LEDGER, &incidents).await?;
    Ok(())
}

/// So many of something, in words.
pub(crate) fn counted(count: i64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

fn dead(died: &[Died]) -> Vec<Incident> {
    let some = died.iter().filter(|died| died.count > 0);
    let incident = |Died { name, count }: &Died| Incident {
        subject: name.clone(),
        severity: Severity::High,
        title: format!(
            "{} died in the queue '{name}'",
            counted(*count, "letter", "letters")
        ),
        text: format!(
            "Within a day, {} of the queue '{name}' could not be done and will not be tried again by \
             themselves. Nothing of them is lost: see why, mend it, and try them again.",
            counted(*count, "letter", "letters")
        ),
        link: match name.as_str() {
            "outbox" => "/admin/notifications?state=dead",
            "inbox" => "/admin/deliveries?state=dead",
            _ => "/admin/jobs",
        },
    };
    some.map(incident).collect()
}

fn failing(name: &str, runs: &[Run]) -> Option<Incident> {
    let mut own: Vec<&Run> = runs.iter().filter(|run| run.name == name).collect();
    own.sort_by_key(|run| std::cmp::Reverse(run.created_at));
    let (count, error) = failures(&own);
    (count >= FAILURES).then(|| Incident {
        subject: name.to_owned(),
        severity: Severity::High,
        title: format!("{name} failed {count} times in a row"),
        text: format!("The last time it said: {error}"),
        link: "/admin/jobs",
    })
}

/// How often a schedule failed since it last went well, and what it said last; its runs the latest first.
fn failures<'a>(runs: &[&'a Run]) -> (i64, &'a str) {
    let failed = runs.iter().take_while(|run| run.completed_at.is_none());
    failed.fold((0, ""), |(count, said), run| match &run.last_error {
        Some(error) if said.is_empty() => (count + run.attempts, error.as_str()),
        Some(_) => (count + run.attempts, said),
        None => (count, said),
    })
}

fn waiting(since: Option<Timestamp>, patience: TimeDelta, now: Timestamp) -> Option<Incident> {
    let since = since.filter(|since| now - *since >= patience)?;
    Some(Incident {
        subject: "outbox".to_owned(),
        severity: Severity::Medium,
        title: format!(
            "Messages wait for {} minutes",
            (now - since).num_minutes()
        ),
        text: "Messages to people are due and do not go out: nobody runs the jobs, the worker 'outbox' is \
               paused, or a service refuses them. /admin/notifications says what it answers."
            .to_owned(),
        link: "/admin/notifications?state=waiting",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn run(minute: u32, attempts: i64, error: Option<&str>, is_done: bool) -> Run {
        let planned = at(&format!("2026-11-01T08:{minute:02}:00Z"));
        Run {
            name: "Digests".to_owned(),
            created_at: planned,
            due_at: None,
            started_at: None,
            attempts,
            completed_at: is_done.then_some(planned),
            dead_at: None,
            outcome: None,
            last_error: error.map(str::to_owned),
        }
    }

    #[test]
    fn failures_in_a_row_are_counted_until_it_went_well() {
        for (runs, expected) in [
            (vec![], None),
            (vec![run(0, 2, Some("a"), false)], None),
            (
                vec![run(0, 3, Some("a"), false)],
                Some("failed 3 times in a row"),
            ),
            (vec![run(0, 0, None, false)], None),
            (
                // Planned, and not begun: what was before counts.
                vec![run(1, 0, None, false), run(0, 8, Some("a"), false)],
                Some("failed 8 times in a row"),
            ),
            (
                vec![run(1, 1, None, true), run(0, 8, Some("a"), false)],
                None,
            ),
            (
                vec![run(0, 1, Some("a"), false), run(1, 2, Some("b"), false)],
                Some("failed 3 times in a row"),
            ),
        ] {
            let told = failing("Digests", &runs).map(|incident| incident.title);
            let expected = expected.map(|words| format!("Digests {words}"));
            assert_eq!(told, expected, "{runs:?}");
            assert!(failing("Others", &runs).is_none());
        }
    }

    #[test]
    fn a_message_may_be_due_for_a_while() {
        let (now, patience) = (at("2026-11-01T09:00:00Z"), TimeDelta::minutes(30));
        let told = |since: &str| waiting(Some(at(since)), patience, now).map(|told| told.title);
        assert_eq!(told("2026-11-01T08:31:00Z"), None);
        let expected = Some("Messages wait for 45 minutes".to_owned());
        assert_eq!(told("2026-11-01T08:15:00Z"), expected);
        assert!(waiting(None, patience, now).is_none());
    }

    #[test]
    fn queues_without_dead_letters_are_no_incident() {
        let died = |name: &str, count| Died {
            name: name.to_owned(),
            count,
        };
        let told = dead(&[died("inbox", 0), died("outbox", 1), died("settlement", 2)]);
        let titles: Vec<&str> = told.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "1 letter died in the queue 'outbox'",
                "2 letters died in the queue 'settlement'"
            ]
        );
    }
}
