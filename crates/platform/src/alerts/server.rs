//! The rules about the server itself: what its processes wrote about themselves, and what they cannot write.

use kernel::{Timestamp, capitalized};

use super::{Incident, Severity};
use crate::{
    ActionError,
    jobs::{self, LateQueue},
    module::{AlertRule, Services},
    processes::{self, Process, failing_services, full_disks, refused_signatures, two_keys},
};

/// The kind of the alert that no one runs the background jobs.
pub const NO_JOBS: &str = "no_jobs";
/// The kind of the alert that a process cannot write to its disk.
pub const DISK_FULL: &str = "disk_full";
/// The kind of the alert that the clock of a machine is wrong.
pub const WRONG_CLOCK: &str = "wrong_clock";
/// The kind of the alert that a process does not reach the database.
pub const NO_DATABASE: &str = "database_unreachable";

/// The page that shows the server's health.
const HEALTH: &str = "/admin/health";

pub(super) const IDLE: AlertRule = AlertRule::reported(NO_JOBS);
pub(super) const QUEUES: AlertRule = AlertRule::reported("queue_late");
pub(super) const DISKS: AlertRule = AlertRule::reported("disk_space");
pub(super) const SERVICES: AlertRule = AlertRule::reported("service_failing");
pub(super) const SIGNATURES: AlertRule = AlertRule::reported("refused_signatures");
pub(super) const KEYS: AlertRule = AlertRule::reported("two_keys");

/// Each process reports it itself, without the database.
pub(super) const FULL: AlertRule = AlertRule::reported(DISK_FULL);
/// Each process reports it itself, without the database.
pub(super) const UNREACHABLE: AlertRule = AlertRule::reported(NO_DATABASE);

/// Returns the incidents of a kind from what the processes wrote.
type ProcessRule = fn(&[Process], Timestamp) -> Vec<Incident>;

const OF_PROCESSES: [(&str, ProcessRule); 5] = [
    (IDLE.kind, idle),
    (DISKS.kind, disks),
    (SERVICES.kind, failing),
    (SIGNATURES.kind, signatures),
    (KEYS.kind, keys),
];

/// Returns the incidents that follow from what the processes wrote, by kind.
///
/// # Errors
/// When the database fails.
pub(super) async fn look(
    services: &Services,
) -> Result<Vec<(&'static str, Vec<Incident>)>, ActionError> {
    let (context, workers) = (&services.context, services.jobs().workers);
    let (processes, now) = (processes::all(&context.db).await?, context.now());
    let late = jobs::late_queues(&context.db, &workers, &processes, now).await?;
    let late = late.iter().map(|queue| late_queue(queue, now)).collect();
    let found = OF_PROCESSES.map(|(kind, rule)| (kind, rule(&processes, now)));
    Ok(found.into_iter().chain([(QUEUES.kind, late)]).collect())
}

/// Each process reports it itself: a job that is planned by a wrong clock may not run.
pub(super) const CLOCK: AlertRule = AlertRule::reported(WRONG_CLOCK);

/// Returns the incident that no one runs the background jobs.
#[must_use]
pub fn no_one_works(why: &str) -> Incident {
    let title = "No one runs the background jobs";
    incident("jobs", Severity::Critical, title, why, HEALTH)
}

/// Returns the incident that a machine's disk is full, with what is known about its space.
#[must_use]
pub fn disk_full(host: &str, words: &str) -> Incident {
    let left = if words.is_empty() { String::new() } else { format!("Only {words}. ") };
    let text = format!(
        "{left}Changes and deliveries are refused now or soon; pages can still be read. Free some space or use a larger disk: \
         the server needs no restart"
    );
    incident(host, Severity::Critical, &format!("The disk of {host} is full"), &text, HEALTH)
}

/// Returns the incident that a process does not reach the database.
#[must_use]
pub fn no_database(host: &str, why: &str) -> Incident {
    let title = format!("The server on {host} cannot use its database");
    let text = format!("{}. It goes on by itself once the database responds", capitalized(why));
    incident(host, Severity::Critical, &title, &text, HEALTH)
}

/// Returns the incident that a machine's clock differs from the database's, with the words of [`processes::off_clock`].
#[must_use]
pub fn wrong_clock(host: &str, why: &str) -> Incident {
    incident(host, Severity::Critical, &format!("The clock of {host} is wrong"), why, HEALTH)
}

fn incident(
    subject: &str,
    severity: Severity,
    title: &str,
    text: &str,
    link: &'static str,
) -> Incident {
    Incident {
        subject: subject.to_owned(),
        severity,
        title: title.to_owned(),
        text: format!("{}.", text.trim_end_matches('.')),
        link,
    }
}

fn late_queue(queue: &LateQueue, now: Timestamp) -> Incident {
    let title = format!("The queue '{}' is late", queue.name);
    let text = format!(
        "{}. See at /admin/jobs whether its worker is paused, and its errors in the log",
        capitalized(&queue.words(now))
    );
    incident(&queue.name, Severity::High, &title, &text, "/admin/jobs")
}

fn idle(processes: &[Process], now: Timestamp) -> Vec<Incident> {
    processes::no_one_works(processes, now).iter().map(|why| no_one_works(why)).collect()
}

fn disks(processes: &[Process], now: Timestamp) -> Vec<Incident> {
    let low = full_disks(processes, now).into_iter().map(|(host, words)| {
        let title = format!("Little space is left on the disk of {host}");
        let text =
            format!("Only {words}. Free some space, or use a larger disk, before it is full");
        incident(&host, Severity::High, &title, &text, HEALTH)
    });
    low.collect()
}

fn failing(processes: &[Process], now: Timestamp) -> Vec<Incident> {
    let failing = failing_services(processes, now).into_iter().map(|(name, why)| {
        let title = format!("An outside service fails: {}", kernel::in_words(&name));
        incident(&name, Severity::High, &title, &why, HEALTH)
    });
    failing.collect()
}

fn signatures(processes: &[Process], now: Timestamp) -> Vec<Incident> {
    let many = refused_signatures(processes, now).map(|why| {
        let title = "Deliveries with wrong signatures are refused";
        incident("deliveries", Severity::Medium, title, &why, "/admin/deliveries")
    });
    many.into_iter().collect()
}

fn keys(processes: &[Process], now: Timestamp) -> Vec<Incident> {
    let two = two_keys(processes, now).map(|why| {
        let title = "Two secret keys are used on one database";
        incident("keys", Severity::Critical, title, &why, HEALTH)
    });
    two.into_iter().collect()
}
