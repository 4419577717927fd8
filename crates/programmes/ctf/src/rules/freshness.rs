//! The age of what is stored, and the cause of a gap.

use chrono::TimeDelta;
use kernel::{Timestamp, counted};

/// The age above which figures are marked as stale.
pub const STALE_AFTER: TimeDelta = TimeDelta::hours(12);

/// Facts about the sync of a competitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncFacts {
    /// True if the competitor is on the game platform.
    pub is_on_platform: bool,
    /// The last time that an answer was stored.
    pub synced_at: Option<Timestamp>,
    /// The last attempt.
    pub attempted_at: Option<Timestamp>,
    /// True if the last attempt failed.
    pub has_failed: bool,
}

/// The cause of a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The integration is turned off for the roster.
    IntegrationOff,
    /// The platform, or a call to it, failed.
    PlatformFailing,
    /// The server did not ask.
    NotAsked,
}

impl Fault {
    /// Returns the cause and the next step in a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::IntegrationOff => {
                "The connection to the game platform is turned off here. Ask an administrator."
            }
            Self::PlatformFailing => {
                "The game platform did not answer as expected. The server tries again by itself."
            }
            Self::NotAsked => {
                "This server has not asked the game platform since. Ask an administrator to check the sync."
            }
        }
    }
}

/// The age of a competitor's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// The competitor is not on the platform.
    NotOnPlatform,
    /// The competitor is on the platform; nothing has been stored yet.
    Pending(Option<Fault>),
    /// Stored within 12 hours.
    Fresh(Timestamp),
    /// Stored earlier.
    Stale(Timestamp, Fault),
}

impl Freshness {
    /// Judges the age of a competitor's figures.
    #[must_use]
    pub fn of(facts: &SyncFacts, is_on: bool, now: Timestamp) -> Self {
        if !facts.is_on_platform {
            return Self::NotOnPlatform;
        }
        let fault = match (is_on, facts.has_failed) {
            (false, _) => Fault::IntegrationOff,
            (true, true) => Fault::PlatformFailing,
            (true, false) => Fault::NotAsked,
        };
        match facts.synced_at {
            None => Self::Pending(Some(fault).filter(|fault| *fault != Fault::NotAsked)),
            Some(at) if is_stale(at, now) => Self::Stale(at, fault),
            Some(at) => Self::Fresh(at),
        }
    }

    /// Returns the state in words.
    #[must_use]
    pub fn words(&self, now: Timestamp) -> String {
        match self {
            Self::NotOnPlatform => "Not on the platform".to_owned(),
            Self::Pending(_) => "Sync pending".to_owned(),
            Self::Fresh(at) | Self::Stale(at, _) => ago(*at, now),
        }
    }

    /// Returns the class of the state's color.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self {
            Self::NotOnPlatform => "t-argent",
            Self::Pending(_) => "t-azure",
            Self::Fresh(_) => "t-vert",
            Self::Stale(..) => "t-or",
        }
    }

    /// Returns the time of the last sync.
    #[must_use]
    pub const fn synced_at(&self) -> Option<Timestamp> {
        match self {
            Self::Fresh(at) | Self::Stale(at, _) => Some(*at),
            _ => None,
        }
    }

    /// Returns the cause of a gap; `None` where there is no gap.
    #[must_use]
    pub const fn cause(&self) -> Option<&'static str> {
        match self {
            Self::NotOnPlatform => Some(
                "This competitor is not on the game platform. Complete the profile and the release to add them.",
            ),
            Self::Pending(Some(fault)) | Self::Stale(_, fault) => Some(fault.sentence()),
            Self::Pending(None) | Self::Fresh(_) => None,
        }
    }
}

/// Returns the freshness of a roster: that of the competitor who was synced last. `None` if it has no competitors. A
/// competitor whose sync fails alone has a warning of their own and does not age the others.
#[must_use]
pub fn of_roster(
    competitors: impl IntoIterator<Item = SyncFacts>,
    is_on: bool,
    now: Timestamp,
) -> Option<Freshness> {
    let latest = |a: SyncFacts, b: SyncFacts| SyncFacts {
        is_on_platform: a.is_on_platform || b.is_on_platform,
        synced_at: a.synced_at.max(b.synced_at),
        has_failed: match b.attempted_at > a.attempted_at {
            true => b.has_failed,
            false => a.has_failed,
        },
        attempted_at: a.attempted_at.max(b.attempted_at),
    };
    let all = competitors.into_iter().reduce(latest)?;
    Some(Freshness::of(&all, is_on, now))
}

/// Returns whether figures of an instant are stale.
#[must_use]
pub fn is_stale(at: Timestamp, now: Timestamp) -> bool {
    now - at > STALE_AFTER
}

/// Says how long ago an instant was: "just now", "12 minutes ago", "14 hours ago", "3 days ago".
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    match now - at {
        age if age < TimeDelta::minutes(1) => "just now".to_owned(),
        age => format!("{} ago", span(age)),
    }
}

/// Says a length of time in its largest whole unit: "12 minutes", "14 hours", "3 days".
#[must_use]
pub fn span(age: TimeDelta) -> String {
    match age {
        age if age < TimeDelta::hours(1) => counted(age.num_minutes(), "minute", "minutes"),
        age if age < TimeDelta::days(2) => counted(age.num_hours(), "hour", "hours"),
        age => counted(age.num_days(), "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T10:00:00Z".parse().expect("an instant")
    }

    fn synced(hours: i64) -> SyncFacts {
        let at = Some(now() - TimeDelta::hours(hours));
        SyncFacts {
            is_on_platform: true,
            synced_at: at,
            attempted_at: at,
            has_failed: false,
        }
    }

    #[test]
    fn ages_have_one_unit() {
        let said = [
            TimeDelta::seconds(59),
            TimeDelta::minutes(1),
            TimeDelta::minutes(12),
            TimeDelta::hours(14),
            TimeDelta::hours(47),
            TimeDelta::days(2),
        ]
        .map(|age| ago(now() - age, now()));
        let wanted = [
            "just now",
            "1 minute ago",
            "12 minutes ago",
            "14 hours ago",
            "47 hours ago",
            "2 days ago",
        ];
        assert_eq!(said, wanted);
    }

    #[test]
    fn figures_are_stale_after_twelve_hours() {
        let of = |hours| Freshness::of(&synced(hours), true, now());
        assert!(matches!(of(12), Freshness::Fresh(_)));
        assert!(matches!(of(13), Freshness::Stale(_, Fault::NotAsked)));
    }

    #[test]
    fn a_gap_names_its_cause() {
        let off = Freshness::of(&synced(13), false, now());
        assert!(matches!(off, Freshness::Stale(_, Fault::IntegrationOff)));
        let failing = SyncFacts {
            has_failed: true,
            ..synced(13)
        };
        let failing = Freshness::of(&failing, true, now());
        assert!(matches!(
            failing,
            Freshness::Stale(_, Fault::PlatformFailing)
        ));
        let absent = Freshness::of(&SyncFacts::default(), true, now());
        assert_eq!(absent, Freshness::NotOnPlatform);
        assert!(
            absent
                .cause()
                .is_some_and(|cause| cause.contains("not on the game platform"))
        );
    }

    #[test]
    fn nothing_stored_yet_is_pending() {
        let facts = SyncFacts {
            synced_at: None,
            attempted_at: None,
            ..synced(0)
        };
        let pending = Freshness::of(&facts, true, now());
        assert_eq!((pending, pending.cause()), (Freshness::Pending(None), None));
        assert_eq!(pending.words(now()), "Sync pending");
    }

    #[test]
    fn a_roster_is_as_fresh_as_its_last_sync() {
        let failing = SyncFacts {
            has_failed: true,
            attempted_at: Some(now() - TimeDelta::hours(20)),
            ..synced(30)
        };
        let all = [failing, synced(1), SyncFacts::default()];
        let roster = of_roster(all, true, now()).expect("a roster");
        assert!(matches!(roster, Freshness::Fresh(_)));
        let roster = of_roster([failing], true, now()).expect("a roster");
        assert!(matches!(
            roster,
            Freshness::Stale(_, Fault::PlatformFailing)
        ));
        assert_eq!(of_roster([], true, now()), None);
    }
}
