use std::fmt;

use chrono::{NaiveDate, NaiveTime};
use kernel::Timestamp;
use platform::module::{EventDate, EventMoment};

use super::SeasonDays;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeasonState {
    /// Visible to organizers only.
    Draft,
    /// A draft that was given up.
    Canceled,
    /// Published; its first day has not begun anywhere.
    Registration,
    /// Its days are under way somewhere.
    Running,
    /// Its last day has ended everywhere. Its results are provisional.
    Ended,
    /// Its results are final.
    SignedOff,
}

/// The facts that decide the state of a season.
#[derive(Clone, Copy, Debug)]
pub struct SeasonDates {
    pub days: SeasonDays,
    pub published_at: Option<Timestamp>,
    pub canceled_at: Option<Timestamp>,
    /// When its results became final.
    pub signed_off_at: Option<Timestamp>,
}

impl SeasonState {
    /// Returns the state at an instant.
    #[must_use]
    pub fn at(moment: &SeasonDates, now: Timestamp) -> Self {
        if moment.signed_off_at.is_some() {
            Self::SignedOff
        } else if moment.canceled_at.is_some() {
            Self::Canceled
        } else if moment.published_at.is_none() {
            Self::Draft
        } else if now < moment.days.begin() {
            Self::Registration
        } else if now < moment.days.end() {
            Self::Running
        } else {
            Self::Ended
        }
    }

    /// Returns whether everyone may see the season.
    #[must_use]
    pub fn is_public(self) -> bool {
        !matches!(self, Self::Draft | Self::Canceled)
    }

    /// Returns the place of the season in time.
    #[must_use]
    pub fn moment(self) -> EventMoment {
        match self {
            Self::Draft | Self::Registration => EventMoment::Coming,
            Self::Running => EventMoment::Running,
            Self::Canceled | Self::Ended | Self::SignedOff => EventMoment::Past,
        }
    }

    /// Returns the day that a season of these days reaches next, else its last one, for all pages that list it; `None` if no one
    /// sees it.
    #[must_use]
    pub fn date(self, days: SeasonDays, now: Timestamp) -> Option<EventDate> {
        let (says, day): (_, NaiveDate) = match self {
            Self::Registration => ("Begins", days.first),
            // The last day ends somewhere a day later than in the first places.
            Self::Running => ("Closes", days.last.max(now.date_naive())),
            Self::Ended | Self::SignedOff => ("Ended", days.last),
            Self::Draft | Self::Canceled => return None,
        };
        let at = day.and_time(NaiveTime::MIN).and_utc();
        Some(EventDate { says, at, is_day: true })
    }

    /// Returns the code of the state in the API.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Canceled => "canceled",
            Self::Registration => "registration",
            Self::Running => "running",
            Self::Ended => "ended",
            Self::SignedOff => "signed_off",
        }
    }

    /// Returns the CSS class of the state's color.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Draft => "t-argent",
            Self::Canceled => "t-sable",
            Self::Registration | Self::Running => "t-azure",
            Self::Ended => "t-or",
            Self::SignedOff => "t-vert",
        }
    }
}

impl fmt::Display for SeasonState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Draft => "Draft",
            Self::Canceled => "Canceled",
            Self::Registration => "Not begun",
            Self::Running => "Running",
            Self::Ended => "Ended, results provisional",
            Self::SignedOff => "Results final",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::seasons::day;

    #[test]
    fn the_clock_and_stored_acts_decide_the_state() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let days = SeasonDays {
            first: day("first_day", "2026-10-01").expect("a day"),
            last: day("last_day", "2026-10-31").expect("a day"),
        };
        let draft =
            SeasonDates { days, published_at: None, canceled_at: None, signed_off_at: None };
        let some = Some(at("2026-09-01T00:00:00Z"));
        let published = SeasonDates { published_at: some, ..draft };
        for (moment, now, state) in [
            (draft, "2026-10-05T00:00:00Z", SeasonState::Draft),
            (
                SeasonDates { canceled_at: some, ..draft },
                "2026-10-05T00:00:00Z",
                SeasonState::Canceled,
            ),
            (published, "2026-09-30T09:59:59Z", SeasonState::Registration),
            (published, "2026-09-30T10:00:00Z", SeasonState::Running),
            (published, "2026-11-01T11:59:59Z", SeasonState::Running),
            (published, "2026-11-01T12:00:00Z", SeasonState::Ended),
            (
                SeasonDates { signed_off_at: some, ..published },
                "2026-10-05T00:00:00Z",
                SeasonState::SignedOff,
            ),
        ] {
            assert_eq!(SeasonState::at(&moment, at(now)), state, "{now}");
        }
    }

    #[test]
    fn each_state_names_its_next_day_and_its_moment() {
        let days = SeasonDays {
            first: day("first_day", "2026-10-01").expect("a day"),
            last: day("last_day", "2026-10-31").expect("a day"),
        };
        for (state, now, moment, says, day) in [
            (SeasonState::Registration, "2026-09-01", EventMoment::Coming, "Begins", "2026-10-01"),
            (SeasonState::Running, "2026-10-05", EventMoment::Running, "Closes", "2026-10-31"),
            (SeasonState::Running, "2026-11-01", EventMoment::Running, "Closes", "2026-11-01"),
            (SeasonState::Ended, "2026-11-05", EventMoment::Past, "Ended", "2026-10-31"),
            (SeasonState::SignedOff, "2026-12-01", EventMoment::Past, "Ended", "2026-10-31"),
        ] {
            let now = format!("{now}T10:00:00Z").parse().expect("an instant");
            let date = state.date(days, now).expect("a day");
            let shown = date.at.format("%Y-%m-%d").to_string();
            assert_eq!((state.moment(), date.says, shown.as_str()), (moment, says, day));
        }
    }
}
