use std::collections::BTreeSet;

use chrono::TimeDelta;
use kernel::{Timestamp, counted};

use super::{
    store::{QueueWait, paused, waits},
    worker::Worker,
};
use crate::{
    db::{Db, DbError},
    processes::{self, Process},
};

/// How long a scheduled job may wait for its turn.
const SCHEDULES: TimeDelta = TimeDelta::hours(1);

/// A queue whose first due work has waited for longer than it may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateQueue {
    /// The worker's name, or `schedules` for scheduled jobs.
    pub name: String,
    /// Since when it has waited.
    pub since: Timestamp,
}

impl LateQueue {
    /// Describes it in a sentence without its end.
    #[must_use]
    pub fn words(&self, now: Timestamp) -> String {
        let minutes = (now - self.since).num_minutes();
        let waited = match minutes {
            ..120 => counted(minutes, "minute", "minutes"),
            _ => counted(minutes / 60, "hour", "hours"),
        };
        format!("due work in the queue '{}' has waited for {waited}", self.name)
    }
}

/// Reads which queues are late, with what [`processes::all`] returned: none if no one works. Those that are paused wait on purpose, and
/// whoever has just begun to work, for example after a stop or with a restored backup, has an hour for what waited before.
pub async fn late_queues(
    db: &Db,
    workers: &[Worker],
    processes: &[Process],
    now: Timestamp,
) -> Result<Vec<LateQueue>, DbError> {
    if processes::at_work_since(processes, now).is_none_or(|since| now - since <= SCHEDULES) {
        return Ok(Vec::new());
    }
    let found = late(waits(db, workers).await?, workers, now);
    if found.is_empty() {
        return Ok(found);
    }
    let paused = paused(db).await?;
    Ok(found.into_iter().filter(|queue| !is_paused(&queue.name, workers, &paused)).collect())
}

fn is_paused(name: &str, workers: &[Worker], paused: &BTreeSet<String>) -> bool {
    workers.iter().any(|worker| worker.name == name && worker.names().is_in(paused))
}

/// Returns the queues that have waited for longer than their workers let them.
fn late(waits: Vec<QueueWait>, workers: &[Worker], now: Timestamp) -> Vec<LateQueue> {
    let limit = |name: &str| {
        let worker = workers.iter().find(|worker| worker.name == name);
        worker.map_or(Some(SCHEDULES), |worker| worker.limit)
    };
    let late = waits.into_iter().filter_map(|QueueWait { name, since }| {
        let limit = limit(&name)?;
        let since = since.filter(|since| now - *since > limit)?;
        Some(LateQueue { name, since })
    });
    late.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::Progress;

    #[test]
    fn due_work_may_wait_as_long_as_its_worker_says() {
        let worker = |name| Worker::new(name, "topic", |_, _| async { Ok(Progress::Idle) });
        let workers = [worker("inbox"), worker("issue-syncs").at_their_pace()];
        let at = |minute| Timestamp::UNIX_EPOCH + TimeDelta::minutes(minute);
        let wait = |name: &str, since: Option<i64>| QueueWait {
            name: name.to_owned(),
            since: since.map(at),
        };
        for (name, since, is_late) in [
            ("inbox", None, false),
            ("inbox", Some(1_001), false),
            ("inbox", Some(940), false),
            ("inbox", Some(939), true),
            ("issue-syncs", Some(0), false),
            ("schedules", Some(939), true),
        ] {
            let found = late(vec![wait(name, since)], &workers, at(1_000));
            assert_eq!(!found.is_empty(), is_late, "{name} {since:?}");
        }
        let words =
            |since| LateQueue { name: "inbox".to_owned(), since: at(since) }.words(at(1_000));
        assert_eq!(words(939), "due work in the queue 'inbox' has waited for 61 minutes");
        assert_eq!(words(700), "due work in the queue 'inbox' has waited for 5 hours");
    }
}
