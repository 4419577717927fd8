//! The questions of a run about each competitor.

use chrono::TimeDelta;
use kernel::Timestamp;

use super::profile::Incomplete;

/// How long before the last success is asked again: the platform may book a solve late.
pub const OVERLAP: TimeDelta = TimeDelta::hours(1);

/// The age from which totals, results in events and accounts are read again: daily, with the time that a run takes.
pub const DAILY: TimeDelta = TimeDelta::hours(22);

/// How long after the start of an event everyone is asked for results in events.
pub const EVENT: TimeDelta = TimeDelta::hours(48);

/// How often a coach can refresh a roster, or repeat what failed on it.
pub const REFRESH: TimeDelta = TimeDelta::minutes(5);

/// How often a competitor without an error can be synced alone.
pub const REFRESH_ONE: TimeDelta = TimeDelta::minutes(1);

/// How often the platform can be made to send a competitor an email that resets their password.
pub const RESET: TimeDelta = TimeDelta::minutes(10);

/// Returns the seconds until something that was last done at an instant can be done again; `None` if it can be done now.
#[must_use]
pub fn wait(last: Option<Timestamp>, every: TimeDelta, now: Timestamp) -> Option<i64> {
    let left = last.map(|last| last + every - now)?;
    (left > TimeDelta::zero()).then(|| left.num_seconds().max(1))
}

/// The reason that a competitor is not asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    Erased,
    Left,
    Archived,
    /// No coach has confirmed the competitor.
    Unconfirmed,
    ReleaseWithdrawn,
    /// Under 18, or of unknown age, and without a release.
    ReleaseMissing,
    /// The profile is not complete, and they are not on the platform.
    Incomplete(Incomplete),
    /// The integration is off for the roster, for this reason.
    HeldBack(String),
    /// The platform does not know the competitor.
    Unknown,
}

impl Skip {
    /// Returns one word for lists.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Erased => "erased",
            Self::Left => "left",
            Self::Archived => "archived",
            Self::Unconfirmed => "unconfirmed",
            Self::ReleaseWithdrawn => "release_withdrawn",
            Self::ReleaseMissing => "release_missing",
            Self::Incomplete(_) => "incomplete",
            Self::HeldBack(_) => "held_back",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the reason and the next step. It names no person.
    #[must_use]
    pub fn message(&self) -> &str {
        match self {
            Self::Erased => "Erased competitors are never asked for again.",
            Self::Left => "The competitor left the roster.",
            Self::Archived => {
                "The roster is archived. Move the competitor to the roster of the new school year."
            }
            Self::Unconfirmed => {
                "No coach has confirmed the competitor. Confirm them on the roster."
            }
            Self::ReleaseWithdrawn => "The release was withdrawn. Record a new one to sync again.",
            Self::ReleaseMissing => {
                "The competitor is under 18 or of unknown age, and no release is on record. Record the release first."
            }
            Self::Incomplete(part) => part.sentence(),
            Self::HeldBack(why) => why,
            Self::Unknown => {
                "The game platform does not know this competitor. Ask an admin to add the account again under Reconciliation."
            }
        }
    }
}

/// Facts that decide whether a competitor may be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlannedPerson {
    pub is_erased: bool,
    /// True if they left the roster.
    pub has_left: bool,
    /// True if the roster is archived.
    pub is_archived: bool,
    /// True if a coach confirmed them.
    pub is_confirmed: bool,
    /// True if they are of age; `None` if it is not known.
    pub is_of_age: Option<bool>,
    /// True if a release is on record.
    pub release_signed: bool,
    pub release_withdrawn: bool,
    /// The part of the profile without which they are not put on the platform; `None` once they are on it.
    pub incomplete: Option<Incomplete>,
    /// The switch that holds the integration back for the roster.
    pub held_back: Option<String>,
}

/// Returns the reason that nothing about a competitor may be sent or asked.
#[must_use]
pub fn hindrance(person: &PlannedPerson) -> Option<Skip> {
    let is_free = person.is_of_age == Some(true) || person.release_signed;
    let held = || person.held_back.clone().map(Skip::HeldBack);
    match person {
        PlannedPerson { is_erased: true, .. } => Some(Skip::Erased),
        PlannedPerson { has_left: true, .. } => Some(Skip::Left),
        PlannedPerson { is_archived: true, .. } => Some(Skip::Archived),
        PlannedPerson { is_confirmed: false, .. } => Some(Skip::Unconfirmed),
        PlannedPerson { release_withdrawn: true, .. } => Some(Skip::ReleaseWithdrawn),
        _ if !is_free => Some(Skip::ReleaseMissing),
        PlannedPerson { incomplete: Some(part), .. } => Some(Skip::Incomplete(*part)),
        _ => held(),
    }
}

/// The question about results in on-demand learning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OdlQuestion {
    /// All solves, with totals.
    Whole,
    /// Solves since an instant.
    Since(Timestamp),
}

impl OdlQuestion {
    /// Returns the cursor of the call.
    #[must_use]
    pub const fn after(self) -> Option<Timestamp> {
        match self {
            Self::Whole => None,
            Self::Since(at) => Some(at),
        }
    }
}

/// Stored facts about the last answers for a competitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastAnswers {
    /// When on-demand learning was last asked with success.
    pub odl_at: Option<Timestamp>,
    /// When Flash CTFs were last asked with success.
    pub flash_at: Option<Timestamp>,
    /// When the totals were last stored.
    pub totals_at: Option<Timestamp>,
    /// True if the stored totals are known to be out of date.
    pub needs_totals: bool,
    /// True if totals are stored.
    pub has_totals: bool,
    /// The start of the latest event that they entered.
    pub latest_event: Option<Timestamp>,
    /// True if an event reports more solves than are stored.
    pub is_behind: bool,
    /// True if fewer solves and events are stored than after the last sync: someone deleted the others.
    pub is_missing: bool,
}

/// Returns whether something is so old that it is read again.
#[must_use]
pub fn is_old(at: Option<Timestamp>, now: Timestamp) -> bool {
    at.is_none_or(|at| now - at >= DAILY)
}

/// Decides what is asked about on-demand learning: everything at first, daily, for totals and once stored solves are missing;
/// otherwise what is new.
#[must_use]
pub fn odl(known: &LastAnswers, now: Timestamp) -> OdlQuestion {
    let is_whole =
        known.needs_totals || known.is_missing || !known.has_totals || is_old(known.totals_at, now);
    match known.odl_at {
        Some(at) if !is_whole => OdlQuestion::Since(at - OVERLAP),
        _ => OdlQuestion::Whole,
    }
}

/// Returns whether a competitor is asked for results in Flash CTFs. `is_open` says whether an event is under way or was
/// just found, so that everyone is asked.
#[must_use]
pub fn flash(known: &LastAnswers, is_open: bool, now: Timestamp) -> bool {
    is_open || known.is_behind || known.is_missing || is_old(known.flash_at, now)
}

/// Returns whether everyone is asked for results in Flash CTFs: for 48 hours after the start of the latest event.
#[must_use]
pub fn is_open(latest_event: Option<Timestamp>, now: Timestamp) -> bool {
    latest_event.is_some_and(|at| now - at < EVENT)
}

/// Returns the places of those who are asked first whether there is a new event: the latest entrants, the last of whom entered
/// first. A second and a third one are asked only if those before them cannot be read.
#[must_use]
pub fn sentinels(people: &[LastAnswers]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..people.len()).collect();
    let entered = |place: &usize| people.get(*place).and_then(|known| known.latest_event);
    places.sort_by_key(|place| std::cmp::Reverse(entered(place)));
    places.truncate(3);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T10:00:00Z".parse().expect("an instant")
    }

    fn ago(hours: i64) -> Option<Timestamp> {
        Some(now() - TimeDelta::hours(hours))
    }

    fn known() -> LastAnswers {
        LastAnswers {
            odl_at: ago(6),
            flash_at: ago(6),
            totals_at: ago(6),
            has_totals: true,
            ..LastAnswers::default()
        }
    }

    #[test]
    fn the_cursor_reaches_an_hour_back() {
        assert_eq!(odl(&known(), now()), OdlQuestion::Since(now() - TimeDelta::hours(7)));
    }

    #[test]
    fn everything_is_asked_at_first_daily_and_for_totals() {
        let whole = [
            LastAnswers::default(),
            LastAnswers { totals_at: ago(23), ..known() },
            LastAnswers { needs_totals: true, ..known() },
            LastAnswers { has_totals: false, ..known() },
            LastAnswers { is_missing: true, ..known() },
        ];
        for known in whole {
            assert_eq!(odl(&known, now()), OdlQuestion::Whole, "{known:?}");
        }
    }

    #[test]
    fn events_are_asked_while_open_daily_and_when_behind() {
        assert!(!flash(&known(), false, now()));
        assert!(flash(&known(), true, now()));
        let behind = LastAnswers { is_behind: true, ..known() };
        assert!(flash(&behind, false, now()));
        let missing = LastAnswers { is_missing: true, ..known() };
        assert!(flash(&missing, false, now()));
        let old = LastAnswers { flash_at: ago(22), ..known() };
        assert!(flash(&old, false, now()));
        assert!(is_open(ago(47), now()) && !is_open(ago(48), now()) && !is_open(None, now()));
    }

    #[test]
    fn the_latest_entrant_is_the_sentinel() {
        let entered = |hours| LastAnswers { latest_event: hours, ..known() };
        let people = [entered(None), entered(ago(90)), entered(ago(10)), entered(ago(50))];
        assert_eq!(sentinels(&people), [2, 3, 1]);
        assert_eq!(sentinels(&[]), Vec::<usize>::new());
    }

    #[test]
    fn what_was_done_lately_has_to_wait() {
        let every = TimeDelta::minutes(5);
        for (ago, expected) in [(0, Some(300)), (299, Some(1)), (300, None), (900, None)] {
            let last = Some(now() - TimeDelta::seconds(ago));
            assert_eq!(wait(last, every, now()), expected, "{ago}");
        }
        let almost = Some(now() - every + TimeDelta::milliseconds(1));
        assert_eq!(wait(almost, every, now()), Some(1));
        assert_eq!(wait(None, every, now()), None);
    }

    #[test]
    fn minors_without_a_release_are_not_sent() {
        let adult =
            PlannedPerson { is_confirmed: true, is_of_age: Some(true), ..PlannedPerson::default() };
        assert_eq!(hindrance(&adult), None);
        for is_of_age in [Some(false), None] {
            let minor = PlannedPerson { is_of_age, ..adult.clone() };
            assert_eq!(hindrance(&minor), Some(Skip::ReleaseMissing));
            let released = PlannedPerson { release_signed: true, ..minor };
            assert_eq!(hindrance(&released), None);
            let incomplete =
                PlannedPerson { incomplete: Some(Incomplete::Parent), ..released.clone() };
            let skip = Skip::Incomplete(Incomplete::Parent);
            assert_eq!(hindrance(&incomplete), Some(skip));
            let withdrawn = PlannedPerson { release_withdrawn: true, ..released };
            assert_eq!(hindrance(&withdrawn), Some(Skip::ReleaseWithdrawn));
        }
        let held = PlannedPerson { held_back: Some("Off.".to_owned()), ..adult.clone() };
        assert_eq!(hindrance(&held), Some(Skip::HeldBack("Off.".to_owned())));
        let erased = PlannedPerson { is_erased: true, ..held };
        assert_eq!(hindrance(&erased), Some(Skip::Erased));
    }
}
