//! The names of copies of SQLite's log, what a restoration needs of them, which are kept, and when they are late.

use std::{fmt, time::Duration};

use chrono::{NaiveDateTime, SubsecRound as _, TimeDelta};
use kernel::Timestamp;
use platform::alerts::{Incident, Severity};

use super::backups::words;

/// How long a copy may be late before operators are alerted.
const LATE: TimeDelta = TimeDelta::minutes(5);
/// How often a base is copied.
const BASE_EVERY: TimeDelta = TimeDelta::hours(24);
/// The pause after a failure, because another run begins with a copy of the whole database. It doubles with each failure
/// until none was for an hour, so that copies of the database do not fill the disk.
const AFTER_FAILURE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(16 * 60);
const CALM: Duration = Duration::from_secs(60 * 60);
/// An instant in a name, to the millisecond.
const STAMP: &str = "%Y%m%dT%H%M%S%3fZ";

/// The content of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Content {
    /// The database file, which needs the bytes of the log from `from` to `to`.
    Base,
    /// These bytes, of which the last are those of a commit.
    Whole,
    /// These bytes of a commit that continues in the next file.
    Continued,
}

/// A file of the copies. Its name says everything about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Copied {
    /// When copying began. All bytes since then are numbered.
    pub(crate) run: Timestamp,
    /// The first byte of the generation of the log that it belongs to.
    pub(crate) start: u64,
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// The database was so at this instant, once everything until then is applied.
    pub(crate) at: Timestamp,
    pub(crate) content: Content,
    pub(crate) is_sealed: bool,
}

impl fmt::Display for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, start, from, to, at, content, is_sealed } = *self;
        let (run, at) = (run.format(STAMP), at.format(STAMP));
        let end = match content {
            Content::Base => "db",
            Content::Whole => "wal",
            Content::Continued => "more",
        };
        let sealed = if is_sealed { ".age" } else { "" };
        write!(f, "{run}-{start:014}-{from:014}-{to:014}-{at}.{end}{sealed}")
    }
}

/// Returns an instant as names state it.
pub(crate) fn in_name(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(3)
}

/// Reads a name; `None` if the server did not write the file.
pub(crate) fn read_name(name: &str) -> Option<Copied> {
    let (name, is_sealed) = match name.strip_suffix(".age") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let (name, end) = name.split_once('.')?;
    let content = match end {
        "db" => Content::Base,
        "wal" => Content::Whole,
        "more" => Content::Continued,
        _ => return None,
    };
    let instant = |text: &str| Some(NaiveDateTime::parse_from_str(text, STAMP).ok()?.and_utc());
    let parts: Vec<&str> = name.split('-').collect();
    let [run, start, from, to, at]: [&str; 5] = parts.try_into().ok()?;
    let number = |text: &str| text.parse::<u64>().ok();
    Some(Copied {
        run: instant(run)?,
        start: number(start)?,
        from: number(from)?,
        to: number(to)?,
        at: instant(at)?,
        content,
        is_sealed,
    })
}

/// The files to restore from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) base: Copied,
    /// The parts of the log in their order, of which the last ends with a commit.
    pub(crate) parts: Vec<Copied>,
    /// The newest instant until which there are copies that cannot be used, because something before them is missing.
    pub(crate) unused: Option<Timestamp>,
}

impl Plan {
    /// Returns the instant as of which the database is restored.
    pub(crate) fn at(&self) -> Timestamp {
        self.parts.last().map_or(self.base.at, |last| last.at.max(self.base.at))
    }
}

/// Chooses what restores the database as it was at an instant, or as late as possible; `None` if no base has all that
/// it needs.
pub(crate) fn plan(mut all: Vec<Copied>, until: Option<Timestamp>) -> Option<Plan> {
    all.retain(|file| until.is_none_or(|until| file.at <= until));
    all.sort();
    let mut bases: Vec<Copied> =
        all.iter().filter(|file| file.content == Content::Base).copied().collect();
    bases.sort_by_key(|base| base.at);
    let newest = all.iter().map(|file| file.at).max();
    bases.into_iter().rev().find_map(|base| {
        let parts = chain(&all, base);
        let end = parts.last().map_or(base.start, |last| last.to);
        let mut plan = Plan { base, parts, unused: None };
        plan.unused = newest.filter(|newest| *newest > plan.at());
        (end >= base.to).then_some(plan)
    })
}

/// Returns the parts after a base until the first gap, without the beginning of a commit at the end.
fn chain(all: &[Copied], base: Copied) -> Vec<Copied> {
    let mut parts: Vec<Copied> = Vec::new();
    let own = all.iter().filter(|file| file.run == base.run && file.content != Content::Base);
    for part in own.filter(|part| part.from >= base.start) {
        if part.from == parts.last().map_or(base.start, |last| last.to) {
            parts.push(*part);
        }
    }
    while parts.last().is_some_and(|last| last.content == Content::Continued) {
        parts.pop();
    }
    parts
}

/// Returns the files that are no longer needed to restore the database as it was at any instant of the last days.
pub(crate) fn superseded(all: &[Copied], now: Timestamp, days: u64) -> Vec<Copied> {
    let since = now - TimeDelta::days(i64::try_from(days).unwrap_or_default());
    let bases = all.iter().filter(|file| file.content == Content::Base && file.at <= since);
    let Some(base) = bases.max_by_key(|base| base.at) else {
        return Vec::new();
    };
    let is_needed = |file: &&Copied| match file.content {
        Content::Base => file.at >= base.at,
        _ if file.run == base.run => file.from >= base.start,
        _ => file.run > base.run,
    };
    all.iter().filter(|file| !is_needed(file)).copied().collect()
}

/// Returns whether another base is to be copied. One from the future is of a clock that was ahead.
pub(crate) fn needs_base(last: Option<Timestamp>, now: Timestamp) -> bool {
    last.is_none_or(|last| (now - last).abs() >= BASE_EVERY)
}

/// Returns the pause after a failure, by the time since the last one and the pause after that.
pub(crate) fn pause_after(last: Option<(Duration, Duration)>) -> Duration {
    match last {
        Some((since, pause)) if since < CALM => (pause * 2).min(LONGEST_PAUSE),
        _ => AFTER_FAILURE,
    }
}

/// Returns the incident of a log that was last copied at an instant, or is to be copied since then.
pub(crate) fn late(last: Timestamp, error: Option<&str>, now: Timestamp) -> Option<Incident> {
    (now - last > LATE).then(|| Incident {
        subject: "log".to_owned(),
        severity: Severity::High,
        title: format!("Changes of the database were not copied for {}", words(now - last)),
        text: format!(
            "{}Read the log of the server, fix the cause, and check with `guildhall doctor` that changes are copied again. Until \
             then, a lost database can only be restored as it was at the last copy.",
            error.map(|error| format!("The last attempt failed: {error}. ")).unwrap_or_default()
        ),
        link: "/admin/backups",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        let begun: Timestamp = "2026-11-20T02:17:00.250Z".parse().expect("an instant");
        begun + TimeDelta::seconds(second)
    }

    fn file(run: i64, content: Content, bytes: [u64; 3], second: i64) -> Copied {
        let [start, from, to] = bytes;
        Copied { run: at(run), start, from, to, at: at(second), content, is_sealed: false }
    }

    #[test]
    fn a_name_says_what_is_in_the_file() {
        for content in [Content::Base, Content::Whole, Content::Continued] {
            for is_sealed in [true, false] {
                let one = Copied { is_sealed, ..file(0, content, [0, 32, 8_272], 12) };
                assert_eq!(read_name(&one.to_string()), Some(one));
                assert_eq!(super::super::backups::made_at(&one.to_string()), None);
                assert!(!super::super::backups::is_left(&one.to_string()));
            }
        }
        let name = file(0, Content::Whole, [0, 32, 8_272], 12).to_string();
        let expected = "20261120T021700250Z-00000000000000-00000000000032-00000000008272-20261120T021712250Z.wal";
        assert_eq!(name, expected);
        let draft = format!("{name}.partial");
        for other in
            [draft.as_str(), "state.json", "guildhall-20261120T021700Z.db", "a-b-c-d-e.wal"]
        {
            assert_eq!(read_name(other), None, "{other}");
        }
    }

    #[test]
    fn a_plan_has_no_gap() {
        use Content::{Base, Continued, Whole};
        let first = file(0, Base, [0, 0, 100], 5);
        let second = file(0, Base, [300, 300, 400], 50);
        let parts = [
            file(0, Whole, [0, 0, 100], 4),
            file(0, Whole, [0, 100, 300], 20),
            file(0, Whole, [300, 300, 400], 40),
            file(0, Continued, [300, 400, 500], 60),
            file(0, Whole, [300, 500, 600], 60),
        ];
        let other = file(100, Whole, [0, 0, 80], 101);
        let all = |without: &[usize]| -> Vec<Copied> {
            let kept = parts.iter().enumerate().filter(|(index, _)| !without.contains(index));
            kept.map(|(_, part)| *part).chain([second, first]).collect()
        };
        // What is missing, until when, and the expected base, parts, instant and whether copies cannot be used.
        for (without, until, expected) in [
            (vec![], None, Some((second, 3, 60, None))),
            (vec![], Some(59), Some((second, 1, 50, None))),
            (vec![], Some(49), Some((first, 3, 40, None))),
            (vec![], Some(6), Some((first, 1, 5, None))),
            (vec![], Some(3), None),
            (vec![4], None, Some((second, 1, 50, Some(60)))),
            (vec![2], None, Some((first, 2, 20, Some(60)))),
            (vec![0, 2], None, None),
            (vec![1], None, Some((second, 3, 60, None))),
            (vec![1], Some(45), Some((first, 1, 5, Some(40)))),
        ] {
            let found = plan(all(&without), until.map(at));
            let found = found.map(|plan| (plan.base, plan.parts.len(), plan.at(), plan.unused));
            let expected =
                expected.map(|(base, parts, end, unused)| (base, parts, at(end), unused.map(at)));
            assert_eq!(found, expected, "{without:?} {until:?}");
        }
        let later = plan([all(&[]), vec![other]].concat(), None).expect("a plan");
        assert_eq!((later.at(), later.unused), (at(60), Some(at(101))), "it has no base yet");
    }

    #[test]
    fn what_the_last_days_need_is_kept() {
        let day = 86_400;
        let all = [
            file(0, Content::Base, [0, 0, 10], 5),
            file(0, Content::Whole, [0, 0, 10], 4),
            file(0, Content::Whole, [10, 10, 20], day),
            file(0, Content::Base, [20, 20, 30], day + 5),
            file(0, Content::Whole, [20, 20, 30], day + 4),
            file(2 * day, Content::Whole, [0, 0, 10], 2 * day + 1),
            file(2 * day, Content::Base, [0, 0, 10], 2 * day + 2),
        ];
        for (now, gone) in [(3 * day, 0), (4 * day + 4, 0), (4 * day + 6, 3), (6 * day, 5)] {
            assert_eq!(superseded(&all, at(now), 3).len(), gone, "{now}");
        }
    }

    #[test]
    fn a_copy_is_late_after_five_minutes() {
        for (last, error, expected) in [
            (0, None, None),
            (300, None, None),
            (301, None, Some("Changes of the database were not copied for 5 minutes")),
            (7_200, Some("full"), Some("Changes of the database were not copied for 2 hours")),
        ] {
            let found = late(at(-last), error, at(0));
            let title = found.as_ref().map(|incident| incident.title.as_str());
            assert_eq!(title, expected, "{last}");
            let quotes = found.is_some_and(|incident| incident.text.contains("failed: full"));
            assert_eq!(quotes, error.is_some());
        }
        assert!(needs_base(None, at(0)) && needs_base(Some(at(-86_400)), at(0)));
        assert!(!needs_base(Some(at(-86_399)), at(0)));
        assert!(needs_base(Some(at(86_400)), at(0)), "the clock was put back");
    }

    #[test]
    fn failures_in_a_row_are_further_and_further_apart() {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        let mut last = None;
        for expected in [1, 2, 4, 8, 16, 16] {
            let pause = pause_after(last);
            assert_eq!(pause, minutes(expected));
            last = Some((pause, pause));
        }
        assert_eq!(pause_after(Some((CALM, minutes(16)))), AFTER_FAILURE);
    }
}
