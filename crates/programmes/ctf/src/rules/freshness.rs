//! The age of what is stored, and the cause of a gap.

use chrono::TimeDelta;
use kernel::{Timestamp, counted};

use super::{
    plan::{PlannedPerson, Skip, hindrance},
    profile::Incomplete,
};

/// The age above which figures are marked as stale.
pub const STALE_AFTER: TimeDelta = TimeDelta::hours(12);

/// Facts about the sync of a competitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncFacts {
    /// True if the competitor is on the game platform.
    pub is_on_platform: bool,
    /// The last time that an answer was stored.
    pub synced_at: Option<Timestamp>,
    pub attempted_at: Option<Timestamp>,
    /// True if the last attempt failed.
    pub has_failed: bool,
    /// True if the platform did not know the account at the last attempt.
    pub is_unknown: bool,
    /// The reason why the competitor is not on the platform, if they are not.
    pub gap: PlatformGap,
}

/// The reason that a competitor is not on the platform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlatformGap {
    Erased,
    Left,
    Archived,
    /// No coach confirmed them.
    Unconfirmed,
    Withdrawn,
    /// Under 18 or of unknown age, and without a release.
    Unreleased,
    /// The profile is not complete.
    Incomplete(Incomplete),
    /// The profile has no email address.
    NoEmail,
    /// The last attempt to add them failed.
    Failed,
    /// The integration is turned off for the roster.
    IntegrationOff,
    /// The next sync adds them.
    #[default]
    Waiting,
}

impl PlatformGap {
    /// Returns the first reason that applies, as if the integration were on.
    #[must_use]
    pub fn of(person: &PlannedPerson, has_email: bool, has_error: bool) -> Self {
        match hindrance(person) {
            Some(Skip::Erased) => Self::Erased,
            Some(Skip::Left) => Self::Left,
            Some(Skip::Archived) => Self::Archived,
            Some(Skip::Unconfirmed) => Self::Unconfirmed,
            Some(Skip::ReleaseWithdrawn) => Self::Withdrawn,
            Some(Skip::ReleaseMissing) => Self::Unreleased,
            Some(Skip::Incomplete(part)) => Self::Incomplete(part),
            Some(Skip::HeldBack(_)) => Self::IntegrationOff,
            Some(Skip::Unknown) | None if !has_email => Self::NoEmail,
            Some(Skip::Unknown) | None if has_error => Self::Failed,
            Some(Skip::Unknown) | None => Self::Waiting,
        }
    }

    /// Returns the decision for which a competitor who is on the platform is not asked for; `None` if they are.
    #[must_use]
    pub const fn decision(self) -> Option<GapCause> {
        match self {
            Self::Withdrawn => Some(GapCause::Withdrawn),
            Self::Unreleased => Some(GapCause::Unreleased),
            Self::Unconfirmed => Some(GapCause::Unconfirmed),
            Self::Erased | Self::Left | Self::Archived => Some(GapCause::Over),
            _ => None,
        }
    }

    /// Returns the reason and the next step in a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Erased => "Erased competitors are never put on the game platform.",
            Self::Left => "They left the roster before they were on the game platform.",
            Self::Archived => {
                "The roster is archived. Move the competitor to the roster of the new school year."
            }
            Self::Unconfirmed => {
                "No coach has confirmed this competitor. Confirm them on the list of competitors."
            }
            Self::Withdrawn => {
                "The release was withdrawn. Record a new one to add this competitor to the game platform."
            }
            Self::Unreleased => {
                "This competitor is under 18 or of unknown age, and no release is on record. Record the release to \
                 add them to the game platform."
            }
            Self::Incomplete(part) => part.sentence(),
            Self::NoEmail => {
                "The profile has no email address. Enter one to add this competitor to the game platform."
            }
            Self::Failed => {
                "The last attempt to add this competitor to the game platform failed. The sync error says why."
            }
            Self::IntegrationOff => GapCause::IntegrationOff.sentence(),
            Self::Waiting => "The next sync adds this competitor to the game platform.",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapCause {
    /// The release was withdrawn.
    Withdrawn,
    /// Under 18 or of unknown age, and without a release.
    Unreleased,
    /// No coach confirmed them.
    Unconfirmed,
    /// They are no longer on the roster, or it is archived.
    Over,
    /// The integration is turned off for the roster.
    IntegrationOff,
    /// The platform, or a call to it, failed.
    PlatformFailing,
    /// The platform does not know the account.
    AccountUnknown,
    /// The server did not ask.
    NotAsked,
}

impl GapCause {
    /// Returns the cause and the next step in a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Withdrawn => {
                "The release was withdrawn, so nothing is fetched. Record a new one to sync again."
            }
            Self::Unreleased => {
                "This competitor is under 18 or of unknown age, and no release is on record, so nothing is fetched. Record \
                 the release to sync again."
            }
            Self::Unconfirmed => {
                "No coach has confirmed this competitor, so nothing is fetched. Confirm them on the list of competitors."
            }
            Self::Over => {
                "The competitor is no longer on a current roster, so nothing is fetched. The results stay."
            }
            Self::IntegrationOff => {
                "The connection to the game platform is turned off here. Ask an admin."
            }
            Self::PlatformFailing => {
                "The game platform did not answer as expected. The server tries again by itself."
            }
            Self::AccountUnknown => {
                "The game platform does not know the account. Ask an admin to add it again."
            }
            Self::NotAsked => {
                "This server has not asked the game platform since. Ask an admin to check the sync."
            }
        }
    }
}

/// The age of a competitor's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// The competitor is not on the platform, for a reason.
    NotOnPlatform(PlatformGap),
    /// The competitor is on the platform; nothing has been stored yet.
    Pending(Option<GapCause>),
    /// Stored within 12 hours.
    Fresh(Timestamp),
    /// Stored earlier.
    Stale(Timestamp, GapCause),
}

impl Freshness {
    /// Judges the age of a competitor's figures.
    #[must_use]
    pub fn of(facts: &SyncFacts, is_on: bool, now: Timestamp) -> Self {
        if !facts.is_on_platform {
            return Self::NotOnPlatform(match facts.gap {
                PlatformGap::NoEmail | PlatformGap::Failed | PlatformGap::Waiting if !is_on => {
                    PlatformGap::IntegrationOff
                }
                gap => gap,
            });
        }
        let fault = facts.gap.decision().unwrap_or(match facts {
            _ if !is_on => GapCause::IntegrationOff,
            SyncFacts { has_failed: true, .. } => GapCause::PlatformFailing,
            SyncFacts { is_unknown: true, .. } => GapCause::AccountUnknown,
            _ => GapCause::NotAsked,
        });
        match facts.synced_at {
            None => Self::Pending(Some(fault).filter(|fault| *fault != GapCause::NotAsked)),
            Some(at) if is_stale(at, now) => Self::Stale(at, fault),
            Some(at) => Self::Fresh(at),
        }
    }

    #[must_use]
    pub fn words(&self, now: Timestamp) -> String {
        match self {
            Self::NotOnPlatform(_) => "Not on the platform".to_owned(),
            Self::Pending(_) => "Sync pending".to_owned(),
            Self::Fresh(at) | Self::Stale(at, _) => ago(*at, now),
        }
    }

    /// Returns the class of the state's color.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self {
            Self::NotOnPlatform(_) => "t-argent",
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
            Self::NotOnPlatform(gap) => Some(gap.sentence()),
            Self::Pending(Some(fault)) | Self::Stale(_, fault) => Some(fault.sentence()),
            Self::Pending(None) | Self::Fresh(_) => None,
        }
    }
}

/// Returns the freshness of a roster: that of the competitor who was synced last. `None` if it has no competitors. A
/// competitor whose sync fails alone has a warning of their own and does not age the others, nor does one who is not asked for
/// by a decision, unless this holds for all.
#[must_use]
pub fn of_roster(
    competitors: impl IntoIterator<Item = SyncFacts>,
    is_on: bool,
    now: Timestamp,
) -> Option<Freshness> {
    let latest = |a: SyncFacts, b: SyncFacts| {
        let last = if b.attempted_at > a.attempted_at { b } else { a };
        SyncFacts {
            is_on_platform: a.is_on_platform || b.is_on_platform,
            synced_at: a.synced_at.max(b.synced_at),
            gap: a.gap,
            ..last
        }
    };
    let (asked, others): (Vec<_>, Vec<_>) =
        competitors.into_iter().partition(|one| one.is_on_platform && one.gap.decision().is_none());
    let counted = if asked.is_empty() { others } else { asked };
    let all = counted.into_iter().reduce(latest)?;
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
            gap: PlatformGap::Waiting,
            ..SyncFacts::default()
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
        assert!(matches!(of(13), Freshness::Stale(_, GapCause::NotAsked)));
    }

    #[test]
    fn a_gap_names_its_cause() {
        let off = Freshness::of(&synced(13), false, now());
        assert!(matches!(off, Freshness::Stale(_, GapCause::IntegrationOff)));
        let failing = SyncFacts { has_failed: true, ..synced(13) };
        let failing = Freshness::of(&failing, true, now());
        assert!(matches!(failing, Freshness::Stale(_, GapCause::PlatformFailing)));
        let unknown = SyncFacts { is_unknown: true, ..synced(13) };
        let unknown = Freshness::of(&unknown, true, now());
        assert!(matches!(unknown, Freshness::Stale(_, GapCause::AccountUnknown)));
    }

    #[test]
    fn a_decision_is_not_blamed_on_the_server() {
        let withdrawn = SyncFacts { gap: PlatformGap::Withdrawn, ..synced(40) };
        for is_on in [true, false] {
            let own = Freshness::of(&withdrawn, is_on, now());
            assert!(matches!(own, Freshness::Stale(_, GapCause::Withdrawn)), "{own:?}");
            assert!(own.cause().is_some_and(|cause| cause.contains("release was withdrawn")));
        }
        let unreleased = SyncFacts { gap: PlatformGap::Unreleased, ..synced(40) };
        let own = Freshness::of(&unreleased, true, now());
        assert!(matches!(own, Freshness::Stale(_, GapCause::Unreleased)));
        // Those who are asked for decide for the roster.
        let roster = of_roster([withdrawn, synced(1)], true, now());
        assert!(matches!(roster, Some(Freshness::Fresh(_))));
        let late = of_roster([synced(20), withdrawn], true, now());
        assert!(matches!(late, Some(Freshness::Stale(_, GapCause::NotAsked))));
        let alone = of_roster([withdrawn], true, now());
        assert!(matches!(alone, Some(Freshness::Stale(_, GapCause::Withdrawn))));
    }

    #[test]
    fn the_gap_of_an_absent_competitor_is_what_holds_them_back() {
        let adult =
            PlannedPerson { is_confirmed: true, is_of_age: Some(true), ..PlannedPerson::default() };
        let minor = PlannedPerson { is_of_age: Some(false), ..adult.clone() };
        let withdrawn = PlannedPerson { release_withdrawn: true, ..adult.clone() };
        let part = Incomplete::ParentEmail;
        let incomplete =
            PlannedPerson { release_signed: true, incomplete: Some(part), ..minor.clone() };
        for (person, has_email, has_error, on, off) in [
            (&adult, true, false, PlatformGap::Waiting, PlatformGap::IntegrationOff),
            (&adult, true, true, PlatformGap::Failed, PlatformGap::IntegrationOff),
            (&adult, false, true, PlatformGap::NoEmail, PlatformGap::IntegrationOff),
            (&minor, true, false, PlatformGap::Unreleased, PlatformGap::Unreleased),
            (&withdrawn, true, false, PlatformGap::Withdrawn, PlatformGap::Withdrawn),
            (
                &incomplete,
                true,
                false,
                PlatformGap::Incomplete(part),
                PlatformGap::Incomplete(part),
            ),
        ] {
            let facts = SyncFacts {
                gap: PlatformGap::of(person, has_email, has_error),
                ..SyncFacts::default()
            };
            for (is_on, expected) in [(true, on), (false, off)] {
                let absent = Freshness::of(&facts, is_on, now());
                assert_eq!(absent, Freshness::NotOnPlatform(expected));
                assert_eq!(absent.cause(), Some(expected.sentence()));
            }
        }
    }

    #[test]
    fn nothing_stored_yet_is_pending() {
        let facts = SyncFacts { synced_at: None, attempted_at: None, ..synced(0) };
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
        assert!(matches!(roster, Freshness::Stale(_, GapCause::PlatformFailing)));
        assert_eq!(of_roster([], true, now()), None);
    }
}
