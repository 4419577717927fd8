use std::collections::BTreeMap;

use chrono::TimeDelta;
use kernel::{Timestamp, counted, listed};

use super::Process;
use crate::finding::Finding;

/// The silence after which a process counts as gone: three missed contacts, and a few seconds for the last of them.
pub const SILENT: TimeDelta = TimeDelta::seconds(50);

/// The deliveries with a wrong signature in an hour that count as an incident. A stranger who tries a few is none.
const REFUSED: i64 = 10;

/// The seconds by which the clock of a machine may differ from the database's.
const OFF: i64 = 30;

/// The asker of whether the processes work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A server or a worker, so that the installation runs.
    Process,
    /// A command, which may run while the installation is stopped.
    Command,
}

fn in_contact(processes: &[Process], now: Timestamp) -> impl Iterator<Item = &Process> {
    processes.iter().filter(move |process| process.is_in_contact(now))
}

/// Returns true if a process that runs the background jobs is in contact.
#[must_use]
pub fn at_work(processes: &[Process], now: Timestamp) -> bool {
    at_work_since(processes, now).is_some()
}

/// Returns since when the background jobs run; `None` if no process in contact runs them.
#[must_use]
pub fn at_work_since(processes: &[Process], now: Timestamp) -> Option<Timestamp> {
    let workers = in_contact(processes, now).filter(|process| process.does_jobs);
    workers.map(|process| process.created_at).min()
}

/// Returns why no background job runs, and the next step, from what the processes of an installation that runs wrote; `None` if a process
/// runs them. Where no process has written yet, and while the processes that did have just begun, nothing is missing.
#[must_use]
pub fn no_one_works(processes: &[Process], now: Timestamp) -> Option<String> {
    if processes.is_empty() || at_work(processes, now) {
        return None;
    }
    let began = in_contact(processes, now).map(|process| process.created_at).min();
    if began.is_some_and(|began| now - began < SILENT) {
        return None;
    }
    let workers = processes.iter().filter(|process| process.does_jobs);
    let last =
        workers.max_by_key(|process| process.last_seen_at).map_or_else(String::new, |last| {
            format!(
                ". The last one, {}, was in contact until {}",
                last.name(),
                minute(last.last_seen_at)
            )
        });
    Some(format!(
        "No process runs the background jobs, so points, emails and syncs wait{last}. Start `guildhall worker`, or \
         `guildhall serve` without `--no-jobs`"
    ))
}

/// Returns which processes in contact encrypt with different secret keys, and the next step. Each cannot read what the other stores.
/// One that was last in contact before the other began may have crashed, and counts when it renews its row.
#[must_use]
pub fn two_keys(processes: &[Process], now: Timestamp) -> Option<String> {
    let here: Vec<&Process> = in_contact(processes, now).collect();
    let conflicts = |one: &Process, other: &Process| {
        one.key_fingerprint != other.key_fingerprint
            && one.last_seen_at >= other.created_at
            && other.last_seen_at >= one.created_at
    };
    let mut by_key: BTreeMap<&str, &Process> = BTreeMap::new();
    for &process in &here {
        if here.iter().any(|&other| conflicts(process, other)) {
            by_key.entry(&process.key_fingerprint).or_insert(process);
        }
    }
    let names: Vec<String> = by_key.values().map(|process| process.name()).collect();
    (names.len() > 1).then(|| {
        format!(
            "{} use different secret keys on one database, so that each cannot read what the other stores: give all \
             of them the same key, as \"Lost secret key\" in docs/operations.md describes",
            listed(&names, "and")
        )
    })
}

/// Returns which proxy is not trusted, and the next step.
fn forwarding(processes: &[Process], now: Timestamp) -> Option<String> {
    let peer = in_contact(processes, now).find_map(|process| process.forwarded_by.as_deref())?;
    Some(format!(
        "Requests from {peer} were forwarded for others, but it is not a trusted proxy, so that all visitors behind it share one \
         rate limit: if it is your proxy, set trusted_proxies (GUILDHALL_TRUSTED_PROXIES) to {peer}"
    ))
}

/// Returns how many deliveries were refused, if these are many, and the next step.
pub(crate) fn refused_signatures(processes: &[Process], now: Timestamp) -> Option<String> {
    let refused: i64 = in_contact(processes, now).map(|process| process.refused_signatures).sum();
    (refused >= REFUSED).then(|| {
        format!(
            "{} with a wrong signature in the last hour: compare the secret of the webhook on GitHub with the one here. \
             The log names the repository and the webhook of each ('refused a delivery')",
            counted(refused, "delivery was refused", "deliveries were refused")
        )
    })
}

/// Returns how far the clock of this machine is off by the seconds that it is ahead, if that is much, and the next step.
pub(super) fn off_clock(ahead: i64) -> Option<String> {
    let is_where = if ahead > 0 { "ahead of" } else { "behind" };
    let by = match ahead.abs() {
        ..=OFF => return None,
        seconds @ ..120 => counted(seconds, "second", "seconds"),
        seconds @ ..7_200 => counted(seconds / 60, "minute", "minutes"),
        seconds => counted(seconds / 3_600, "hour", "hours"),
    };
    Some(format!(
        "The clock of this machine is {by} {is_where} that of the database, so deadlines, sessions and jobs come at wrong times. \
         Set the clocks of both machines from the network, such as by `timedatectl set-ntp true`"
    ))
}

/// Returns the outside services that processes report as failing for minutes, with the reason.
pub(crate) fn failing_services(processes: &[Process], now: Timestamp) -> BTreeMap<String, String> {
    let lines = in_contact(processes, now).flat_map(|process| process.failing_services.lines());
    let parts = lines.filter_map(|line| line.split_once(": "));
    parts.map(|(name, why)| (name.to_owned(), why.to_owned())).collect()
}

/// Returns the machines with little space on a disk, each with a sentence about it.
pub(crate) fn full_disks(processes: &[Process], now: Timestamp) -> BTreeMap<String, String> {
    let low = in_contact(processes, now)
        .filter_map(|process| Some((process.host.clone(), process.low_disk.clone()?)));
    low.collect()
}

/// Returns the results of the checks of all processes.
#[must_use]
pub fn findings(processes: &[Process], now: Timestamp, asker: Asker) -> Vec<Finding> {
    let mut findings = vec![Finding::new("background jobs", work(processes, now, asker))];
    let others = [
        ("secret keys", two_keys(processes, now)),
        ("trusted proxies", forwarding(processes, now)),
        ("signatures", refused_signatures(processes, now)),
    ];
    let found = others.into_iter().filter_map(|(check, why)| Some(Finding::new(check, Err(why?))));
    findings.extend(found);
    findings
}

fn work(processes: &[Process], now: Timestamp, asker: Asker) -> Result<String, String> {
    let is_anyone_here = in_contact(processes, now).next().is_some();
    if asker == Asker::Command && !is_anyone_here {
        let last = processes.iter().max_by_key(|process| process.last_seen_at);
        let last = last.map_or_else(String::new, |last| {
            format!("; {} was in contact until {}", last.name(), minute(last.last_seen_at))
        });
        return Ok(format!("No server or worker is in contact{last}"));
    }
    if let Some(why) = no_one_works(processes, now) {
        return Err(why);
    }
    let workers = in_contact(processes, now).filter(|process| process.does_jobs);
    let names: Vec<String> = workers.map(Process::name).collect();
    Ok(match names.len() {
        0 => "The processes have just started".to_owned(),
        1 => format!("{} runs them", names[0]),
        _ => format!("{} run them", listed(&names, "and")),
    })
}

/// Formats an instant: "2026-11-01 08:00 UTC".
fn minute(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::finding::FindingState;

    /// An instant after as many times [`SILENT`].
    fn at(turn: i32) -> Timestamp {
        Timestamp::UNIX_EPOCH + SILENT * turn
    }

    /// A process that ran from one turn to another.
    fn process(kind: &str, from: i32, to: i32) -> Process {
        Process {
            id: Uuid::nil(),
            created_at: at(from),
            kind: kind.to_owned(),
            version: "0.1.0+abc1234".to_owned(),
            host: "db-1".to_owned(),
            process_id: 7,
            does_jobs: ["serve", "worker"].contains(&kind),
            last_seen_at: at(to),
            key_fingerprint: "a".to_owned(),
            refused_signatures: 0,
            forwarded_by: None,
            failing_services: String::new(),
            low_disk: None,
        }
    }

    #[test]
    fn jobs_run_since_the_first_process_that_still_runs_them() {
        let processes = [
            process("worker", 0, 10),
            process("serve --no-jobs", 20, 60),
            process("worker", 40, 60),
            process("serve", 50, 60),
        ];
        assert_eq!(at_work_since(&processes, at(60)), Some(at(40)));
        assert_eq!(at_work_since(&processes, at(90)), None);
    }

    #[test]
    fn someone_must_work_where_someone_serves() {
        let idle = "serve --no-jobs";
        for (processes, is_missed, as_command) in [
            (vec![], false, FindingState::Ok),
            (vec![process("serve", 0, 60)], false, FindingState::Ok),
            (vec![process(idle, 0, 60), process("worker", 0, 59)], false, FindingState::Ok),
            (vec![process(idle, 0, 60), process("worker", 0, 58)], true, FindingState::Problem),
            (vec![process(idle, 0, 60)], true, FindingState::Problem),
            (vec![process("worker --only", 0, 60)], true, FindingState::Problem),
            // The process with the jobs may start last.
            (vec![process(idle, 60, 60)], false, FindingState::Ok),
            // A server that asks runs itself, even if it could not write. A command may ask while nothing runs.
            (vec![process("serve", 0, 50)], true, FindingState::Ok),
            // A clock that was ahead wrote this row.
            (vec![process("serve", 0, 62)], true, FindingState::Ok),
        ] {
            assert_eq!(no_one_works(&processes, at(60)).is_some(), is_missed, "{processes:?}");
            let found = findings(&processes, at(60), Asker::Command);
            assert_eq!(found[0].state, as_command, "{processes:?}");
        }
        let gone = [process(idle, 0, 60), process("worker", 0, 58)];
        let why = no_one_works(&gone, at(60)).expect("missed");
        assert!(
            why.contains("worker 7 on db-1, was in contact until 1970-01-01 00:48 UTC"),
            "{why}"
        );
    }

    #[test]
    fn a_process_that_ended_before_another_began_has_no_other_key() {
        for (last, began, is_conflict) in [(60, 0, true), (60, 60, true), (59, 60, false)] {
            let (one, mut two) = (process("serve", 0, last), process("serve", began, 60));
            two.key_fingerprint = "b".to_owned();
            assert_eq!(two_keys(&[one, two], at(60)).is_some(), is_conflict, "{last} {began}");
        }
    }

    #[test]
    fn a_clock_may_be_a_little_off() {
        for (ahead, expected) in [
            (0, None),
            (30, None),
            (-30, None),
            (31, Some("31 seconds ahead of")),
            (-600, Some("10 minutes behind")),
            (86_400, Some("24 hours ahead of")),
        ] {
            let why = off_clock(ahead);
            assert_eq!(why.is_some(), expected.is_some(), "{ahead}");
            let says = |words: &str| why.as_ref().is_some_and(|why| why.contains(words));
            assert!(expected.is_none_or(says), "{why:?}");
        }
    }

    #[test]
    fn what_processes_noticed_counts_while_they_are_in_contact() {
        let (mut one, mut two) = (process("serve", 0, 60), process("worker", 0, 60));
        let names = |processes: &[Process]| -> Vec<&'static str> {
            let found = findings(processes, at(60), Asker::Process);
            found.iter().filter(|one| !one.is_ok).map(|one| one.check).collect()
        };
        assert!(names(&[one.clone(), two.clone()]).is_empty());
        one.refused_signatures = REFUSED - 1;
        one.forwarded_by = Some("10.0.0.5".to_owned());
        two.key_fingerprint = "b".to_owned();
        one.failing_services = "redis: Cannot connect: refused\n".to_owned();
        assert_eq!(names(&[one.clone(), two.clone()]), ["secret keys", "trusted proxies"]);
        two.refused_signatures = 1;
        assert_eq!(names(&[one.clone(), two.clone()])[2], "signatures");
        let failing = failing_services(&[one.clone(), two.clone()], at(60));
        assert_eq!(failing["redis"], "Cannot connect: refused");
        one.last_seen_at = at(50);
        assert!(names(&[one, two]).is_empty());
    }
}
