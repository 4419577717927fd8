//! Incidents of the sync with the game platform.

use chrono::TimeDelta;
use kernel::{Timestamp, counted};
use platform::alerts::{Incident, Severity};

use super::{
    run_times::FullTimes,
    runs::{RunOutcome, have_three_failed},
};

const PAGE: &str = "/admin/game-platform";

/// How long no full run may succeed.
const SILENCE: TimeDelta = TimeDelta::hours(12);

/// Figures that alerts about the sync depend on.
#[derive(Clone, Debug, Default)]
pub struct SyncHealth {
    /// The present competitors on the platform.
    pub competitors: i64,
    /// The number of those who were asked for in the last 24 hours, without those whom the platform does not know.
    pub asked: i64,
    /// The number of them whose last sync failed.
    pub failed: i64,
    /// The number of competitors for whom the platform failed (5xx) in the last hour.
    pub server_errors: i64,
    /// True if anyone was ever asked for, as far as the state of the sync is kept.
    pub asked_ever: bool,
    /// The instants of full runs.
    pub full: FullTimes,
    /// When the run in progress began.
    pub running_since: Option<Timestamp>,
    /// The stored outcomes of the last three full runs, the latest first.
    pub last_full: Vec<RunOutcome>,
    /// The stored outcome of the last run that shows whether the platform accepts the token.
    pub last_outcome: Option<RunOutcome>,
}

/// Returns the incidents of the sync; none without competitors.
#[must_use]
pub fn incidents(health: &SyncHealth, now: Timestamp) -> Vec<Incident> {
    if health.competitors == 0 {
        return Vec::new();
    }
    let all = [
        failing(health),
        silent(health, now),
        long(health, now),
        in_a_row(health),
        rejected(health),
        broken(health),
    ];
    all.into_iter().flatten().collect()
}

fn incident(subject: &str, severity: Severity, title: String, text: &str) -> Incident {
    Incident {
        subject: subject.to_owned(),
        severity,
        title,
        text: format!("{text} See docs/operations.md, 'Responding to alerts'."),
        link: PAGE,
    }
}

fn failing(health: &SyncHealth) -> Option<Incident> {
    let is_high = health.asked > 0 && health.failed * 10 > health.asked;
    is_high.then(|| {
        let percent = health.failed * 100 / health.asked.max(1);
        let title = format!("{percent} % of the competitors failed to sync in the last 24 hours");
        let text = "Nothing is lost: what is missing is asked for again. Open the page, read the failures by kind, and fix \
                    the most frequent one.";
        incident("failure rate", Severity::High, title, text)
    })
}

fn silent(health: &SyncHealth, now: Timestamp) -> Option<Incident> {
    let since = health.full.silent_since()?;
    let is_silent = health.asked_ever && now - since > SILENCE;
    is_silent.then(|| {
        let hours = counted((now - since).num_hours(), "hour", "hours");
        let title = format!("No full sync with the game platform succeeded for {hours}");
        let text = "Coaches see figures that are out of date. Open the page, read the outcome of the last runs, and check \
                    that the schedule GamePlatformSync is not paused.";
        incident("no success", Severity::High, title, text)
    })
}

fn long(health: &SyncHealth, now: Timestamp) -> Option<Incident> {
    let minutes = (now - health.running_since?).num_minutes();
    let severity = match minutes {
        ..5 => return None,
        5..10 => Severity::Medium,
        10.. => Severity::High,
    };
    let title = format!("A sync with the game platform has been running for {minutes} minutes");
    let text = "The platform answers slowly, or limits the requests. Open the page to see the progress; the run ends early \
                by itself if the platform no longer answers.";
    Some(incident("long run", severity, title, text))
}

fn in_a_row(health: &SyncHealth) -> Option<Incident> {
    have_three_failed(&health.last_full).then(|| {
        let title = "Three full syncs with the game platform failed in a row".to_owned();
        let text = "Run `guildhall doctor game-platform` to see which call fails and why.";
        incident("failed runs", Severity::High, title, text)
    })
}

fn broken(health: &SyncHealth) -> Option<Incident> {
    (health.server_errors > 0).then(|| {
        let people = counted(health.server_errors, "competitor", "competitors");
        let title = format!("The game platform failed for {people} in the last hour (5xx)");
        let text = "The fault is the platform's, and the next sync asks again. If it stays, send its support the time, the call \
                    and the status from the log.";
        incident("server errors", Severity::Medium, title, text)
    })
}

fn rejected(health: &SyncHealth) -> Option<Incident> {
    (health.last_outcome == Some(RunOutcome::Rejected)).then(|| {
        let title = "The game platform rejected the token".to_owned();
        let text = "No scores arrive until GAME_PLATFORM_API_TOKEN is valid. Set a valid token, restart, and run \
                    `guildhall doctor game-platform`.";
        incident("token", Severity::Critical, title, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T10:00:00Z".parse().expect("an instant")
    }

    fn well() -> SyncHealth {
        SyncHealth {
            competitors: 22,
            asked: 22,
            failed: 2,
            server_errors: 0,
            asked_ever: true,
            full: full(12),
            running_since: Some(now() - TimeDelta::minutes(4)),
            last_full: vec![RunOutcome::Success, RunOutcome::Failure, RunOutcome::Failure],
            last_outcome: Some(RunOutcome::Success),
        }
    }

    fn full(hours: i64) -> FullTimes {
        FullTimes {
            succeeded_at: Some(now() - TimeDelta::hours(hours)),
            first_at: Some(now() - TimeDelta::days(9)),
            ..FullTimes::default()
        }
    }

    fn subjects(health: &SyncHealth) -> Vec<(String, Severity)> {
        let incidents = incidents(health, now()).into_iter();
        incidents.map(|it| (it.subject, it.severity)).collect()
    }

    #[test]
    fn a_sync_that_works_is_no_incident() {
        assert_eq!(subjects(&well()), []);
    }

    #[test]
    fn each_limit_is_an_incident() {
        let one = |health: SyncHealth| subjects(&health).remove(0);
        let failing = SyncHealth { failed: 3, ..well() };
        assert_eq!(one(failing), ("failure rate".to_owned(), Severity::High));
        let broken = SyncHealth { server_errors: 1, ..well() };
        assert_eq!(one(broken), ("server errors".to_owned(), Severity::Medium));
        let silent = SyncHealth { full: full(13), ..well() };
        assert_eq!(one(silent.clone()), ("no success".to_owned(), Severity::High));
        let running = |minutes| SyncHealth {
            running_since: Some(now() - TimeDelta::minutes(minutes)),
            ..well()
        };
        assert_eq!(one(running(6)), ("long run".to_owned(), Severity::Medium));
        assert_eq!(one(running(11)), ("long run".to_owned(), Severity::High));
        let row = SyncHealth {
            last_full: vec![RunOutcome::Failure, RunOutcome::EndedEarly, RunOutcome::Failure],
            ..well()
        };
        assert_eq!(one(row), ("failed runs".to_owned(), Severity::High));
        let rejected = SyncHealth { last_outcome: Some(RunOutcome::Rejected), ..well() };
        assert_eq!(one(rejected), ("token".to_owned(), Severity::Critical));
        let empty = SyncHealth { competitors: 0, failed: 22, ..silent };
        assert_eq!(subjects(&empty), []);
    }

    #[test]
    fn deleted_state_is_no_incident() {
        let deleted =
            SyncHealth { asked: 0, failed: 0, asked_ever: false, full: full(30), ..well() };
        assert_eq!(subjects(&deleted), []);
    }

    #[test]
    fn a_pause_is_no_incident() {
        let paused = FullTimes { paused_at: Some(now() - TimeDelta::hours(29)), ..full(30) };
        let resumed = FullTimes { resumed_at: Some(now() - TimeDelta::minutes(3)), ..paused };
        for full in [paused, resumed] {
            assert_eq!(subjects(&SyncHealth { full, ..well() }), []);
        }
    }
}
