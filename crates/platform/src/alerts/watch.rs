//! Checks for incidents each minute, with the rules of all modules.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kernel::{Timestamp, counted};

use super::{Incident, Severity, reconcile, server, store, traffic};
use crate::{
    ActionError, Context,
    jobs::{self, DeadLetterCount, JobName, Schedule, ScheduledRun, Worker},
    module::{AlertRule, Services},
    outbox::{self, WaitingChannel},
};

/// How long a dead letter counts as an incident.
const DEAD_FOR: TimeDelta = TimeDelta::days(1);
/// The maximum number of causes of a queue with an alert of their own.
const CAUSES: usize = 5;
/// The length at which a cause is cut, in bytes.
const LONGEST_CAUSE: usize = 120;
/// The number of consecutive failures that counts as an incident.
const FAILURES: i64 = 3;

/// The platform's own rules.
pub(crate) const RULES: &[AlertRule] = &[
    AlertRule::new("dead_letters", |services| Box::pin(dead_letters(services))),
    AlertRule::new("schedule_failing", |services| Box::pin(failing_schedules(services))),
    AlertRule::new("outbox_waiting", |services| Box::pin(waiting_messages(services))),
    server::IDLE,
    server::QUEUES,
    server::DISKS,
    server::SERVICES,
    server::SIGNATURES,
    server::KEYS,
    server::FULL,
    server::UNREACHABLE,
    server::CLOCK,
    traffic::ERROR_RATE,
    traffic::RESPONSE_TIME,
    traffic::AVAILABILITY,
    traffic::API_ERRORS,
    traffic::CONNECTIONS,
    traffic::PAGE_CACHE,
];

/// Returns the schedule that checks for incidents.
pub(crate) fn schedule(services: Services) -> Schedule {
    let run = move |context: Context| {
        let services = services.clone();
        async move {
            let written = look(&context, &services).await?;
            Ok(counted(written, "message to operators", "messages to operators"))
        }
    };
    Schedule::new("OperatorAlerts", "* * * * *", run)
}

/// Applies every rule once. Returns the number of messages written.
async fn look(context: &Context, services: &Services) -> Result<usize, ActionError> {
    let (operators, mut written) = (services.operators(), 0);
    for (kind, incidents) in server::look(services).await? {
        written += reconcile(context, &operators, kind, &incidents).await?;
    }
    for rule in services.modules().alerts() {
        if let Some(look) = rule.look {
            let incidents = look(services).await?;
            written += reconcile(context, &operators, rule.kind, &incidents).await?;
        }
    }
    Ok(written)
}

async fn dead_letters(services: &Services) -> Result<Vec<Incident>, ActionError> {
    let context = &services.context;
    let workers = services.jobs().workers;
    let died = jobs::died_since(&context.db, &workers, context.now() - DEAD_FOR).await?;
    Ok(dead(&died, &workers))
}

async fn failing_schedules(services: &Services) -> Result<Vec<Incident>, ActionError> {
    let db = &services.context.db;
    let mut names: Vec<JobName> = services.jobs().schedules.iter().map(Schedule::names).collect();
    // A check that finds something also fails its job; its own alert already covers that.
    for rule in services.modules().alerts() {
        if !rule.covers.is_empty() && store::is_open(db, rule.kind).await? {
            names.retain(|name| !rule.covers.contains(&name.now));
        }
    }
    let runs = jobs::last_runs(db, &names, FAILURES).await?;
    Ok(names.iter().filter_map(|name| failing(name.now, &runs)).collect())
}

async fn waiting_messages(services: &Services) -> Result<Vec<Incident>, ActionError> {
    let context = &services.context;
    let now = context.now();
    let patience = TimeDelta::minutes(services.config.alert_outbox_minutes);
    let channels = outbox::waiting_since(&context.db, now).await?;
    Ok(channels.iter().filter_map(|channel| waiting(channel, patience, now)).collect())
}

fn dead(died: &[DeadLetterCount], workers: &[Worker]) -> Vec<Incident> {
    let page = |name: &str| {
        let worker = workers.iter().find(|worker| worker.name == name);
        worker.map_or("/admin/jobs", |worker| worker.dead_page)
    };
    let incident = |((name, cause), count): ((&str, String), i64)| Incident {
        subject: format!("{name}: {cause}"),
        severity: Severity::High,
        title: format!(
            "{} in the queue '{name}'",
            counted(count, "entry failed", "entries failed")
        ),
        text: format!(
            "In the last 24 hours, {} of the queue '{name}' failed for good: {cause}. Nothing was lost: open the page, read \
             the error, fix the cause, then select Retry.",
            counted(count, "entry", "entries")
        ),
        link: page(name),
    };
    causes(died).into_iter().map(incident).collect()
}

/// Counts dead letters by queue and cause, so that an incident that is open hides no other. The rarest causes of a queue with many
/// count as one.
fn causes(died: &[DeadLetterCount]) -> BTreeMap<(&str, String), i64> {
    let mut causes: BTreeMap<(&str, String), i64> = BTreeMap::new();
    for DeadLetterCount { name, error, count } in died {
        let mut key = (name.as_str(), cause(error));
        let known = causes.keys().filter(|(other, _)| other == name).count();
        if known >= CAUSES && !causes.contains_key(&key) {
            key.1 = "other causes".to_owned();
        }
        *causes.entry(key).or_default() += count;
    }
    causes
}

/// Returns what errors of the same cause have in common: without numbers and what is quoted, and cut.
fn cause(error: &str) -> String {
    let mut cause = String::new();
    let mut quoted = None;
    for c in error.trim_end_matches('.').chars() {
        match quoted {
            Some(quote) if c == quote => quoted = None,
            Some(_) => continue,
            None if matches!(c, '"' | '`') => quoted = Some(c),
            None if c.is_ascii_digit() && cause.ends_with('#') => continue,
            None => {}
        }
        cause.push(if c.is_ascii_digit() { '#' } else { c });
        if cause.len() >= LONGEST_CAUSE {
            break;
        }
    }
    cause
}

fn failing(name: &str, runs: &[ScheduledRun]) -> Option<Incident> {
    let mut own: Vec<&ScheduledRun> = runs.iter().filter(|run| run.name == name).collect();
    own.sort_by_key(|run| std::cmp::Reverse(run.created_at));
    let (count, error) = failures(&own);
    (count >= FAILURES).then(|| Incident {
        subject: name.to_owned(),
        severity: Severity::High,
        title: format!("{} failed {count} times in a row", kernel::in_words(name)),
        text: format!(
            "Last error: {error}. Fix the cause, then select Run now at /admin/jobs/{name}.",
            error = error.trim_end_matches('.')
        ),
        link: "/admin/jobs",
    })
}

/// Counts the failures of a schedule since its last success, and returns the last error. Runs are newest first.
fn failures<'a>(runs: &[&'a ScheduledRun]) -> (i64, &'a str) {
    let failed = runs.iter().take_while(|run| run.completed_at.is_none());
    failed.fold((0, ""), |(count, said), run| match &run.last_error {
        Some(error) if said.is_empty() => (count + run.attempts, error.as_str()),
        Some(_) => (count + run.attempts, said),
        None => (count, said),
    })
}

/// Returns the incident of a channel. Its subject is the channel, so that the alert about it goes by another one, too.
fn waiting(waits: &WaitingChannel, patience: TimeDelta, now: Timestamp) -> Option<Incident> {
    let WaitingChannel { channel, since } = waits;
    (now - *since >= patience).then(|| Incident {
        subject: channel.clone(),
        severity: Severity::Medium,
        title: format!(
            "Messages by {channel} have been waiting for {} minutes",
            (now - *since).num_minutes()
        ),
        text: "Messages are not being sent: no process runs jobs, the worker 'outbox' is paused, or a \
               service refuses them. /admin/notifications shows the errors."
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

    fn run(minute: u32, attempts: i64, error: Option<&str>, is_done: bool) -> ScheduledRun {
        let planned = at(&format!("2026-11-01T08:{minute:02}:00Z"));
        ScheduledRun {
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
    fn consecutive_failures_are_counted_until_a_success() {
        for (runs, expected) in [
            (vec![], None),
            (vec![run(0, 2, Some("a"), false)], None),
            (vec![run(0, 3, Some("a"), false)], Some("failed 3 times in a row")),
            (vec![run(0, 0, None, false)], None),
            (
                // Planned but not started: the runs before it count.
                vec![run(1, 0, None, false), run(0, 8, Some("a"), false)],
                Some("failed 8 times in a row"),
            ),
            (vec![run(1, 1, None, true), run(0, 8, Some("a"), false)], None),
            (
                vec![run(0, 1, Some("a"), false), run(1, 2, Some("b"), false)],
                Some("failed 3 times in a row"),
            ),
        ] {
            let title = failing("Digests", &runs).map(|incident| incident.title);
            let expected = expected.map(|words| format!("Digests {words}"));
            assert_eq!(title, expected, "{runs:?}");
            assert!(failing("Others", &runs).is_none());
        }
    }

    #[test]
    fn messages_may_wait_for_a_while() {
        let (now, patience) = (at("2026-11-01T09:00:00Z"), TimeDelta::minutes(30));
        let title = |since: &str| {
            let waits = WaitingChannel { channel: "email".to_owned(), since: at(since) };
            waiting(&waits, patience, now).map(|found| found.title)
        };
        assert_eq!(title("2026-11-01T08:31:00Z"), None);
        let expected = Some("Messages by email have been waiting for 45 minutes".to_owned());
        assert_eq!(title("2026-11-01T08:15:00Z"), expected);
    }

    #[test]
    fn each_cause_of_dead_letters_is_an_incident() {
        let died = |name: &str, error: &str, count| DeadLetterCount {
            name: name.to_owned(),
            error: error.to_owned(),
            count,
        };
        let found = dead(
            &[
                died("settlement", "row 17: \"wren\" has 3 authors.", 2),
                died("settlement", "row 5: \"rook\" has 12 authors", 1),
                died("settlement", "the disk is full", 1),
                died("outbox", "", 1),
            ],
            &[],
        );
        let found: Vec<_> =
            found.iter().map(|one| (one.subject.as_str(), one.title.as_str())).collect();
        let expected = [
            ("outbox: ", "1 entry failed in the queue 'outbox'"),
            ("settlement: row #: \"\" has # authors", "3 entries failed in the queue 'settlement'"),
            ("settlement: the disk is full", "1 entry failed in the queue 'settlement'"),
        ];
        assert_eq!(found, expected);
        let many: Vec<_> = ('a'..='z').map(|c| died("outbox", &c.to_string(), 1)).collect();
        let found = dead(&many, &[]);
        assert_eq!(found.len(), CAUSES + 1);
        assert!(found.iter().any(|one| one.title.starts_with("21 entries")), "{found:?}");
    }
}
