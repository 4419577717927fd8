use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _};

use super::{DayRange, RatingCounts, merge_rate, monday, percentile};

/// A change of pull requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    Opened,
    /// A maintainer reviewed them for the first time.
    Reviewed,
    Merged,
    /// They were closed without a merge.
    Closed,
    /// They were merged or closed, and have this rating by a reviewer.
    Rated(i64),
}

/// Something that happened to a number of pull requests within an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullEvent {
    pub kind: EventKind,
    /// The hours since 1970, in UTC.
    pub hour: i64,
    /// The seconds since the opening.
    pub seconds: i64,
    pub number: i64,
}

/// The number of pull requests in a range, by what happened to them in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PullVolume {
    pub opened: i64,
    /// Reviewed for the first time.
    pub reviewed: i64,
    pub merged: i64,
    /// Closed without a merge.
    pub closed: i64,
}

impl PullVolume {
    /// Returns the share of merges among those that ended, in percent; `None` if none ended.
    #[must_use]
    pub fn merge_rate(&self) -> Option<f64> {
        merge_rate(self.merged, self.closed)
    }
}

/// Times from the opening of pull requests to something, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeQuantiles {
    pub count: i64,
    pub median: Option<i64>,
    /// The 90th percentile.
    pub p90: Option<i64>,
}

impl TimeQuantiles {
    fn of(seconds: &mut [i64]) -> Self {
        seconds.sort_unstable();
        Self {
            count: seconds.len() as i64,
            median: percentile(seconds, 50),
            p90: percentile(seconds, 90),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its Monday, which may be before the range.
    pub first: NaiveDate,
    /// The number of pull requests.
    pub volume: PullVolume,
    pub review: TimeQuantiles,
    pub merge: TimeQuantiles,
    /// The ratings of pull requests that were merged or closed.
    pub ratings: RatingCounts,
}

/// The figures of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analytics {
    pub range: DayRange,
    /// The weeks, earliest first, also those in which nothing happened.
    pub weeks: Vec<Week>,
    /// The sums of the weeks.
    pub volume: PullVolume,
    pub review: TimeQuantiles,
    pub merge: TimeQuantiles,
    /// The sums of the weeks' ratings.
    pub ratings: RatingCounts,
    /// The openings, first reviews, merges and closes by weekday, from Monday, and by hour in UTC.
    pub hours: [[i64; 24]; 7],
}

impl Analytics {
    /// Returns true if nothing happened in the range.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.volume == PullVolume::default()
    }
}

#[derive(Clone, Debug, Default)]
struct WeekCounts {
    volume: PullVolume,
    review: Vec<i64>,
    merge: Vec<i64>,
    ratings: RatingCounts,
}

/// Counts events, in any order. It remembers a number for each review and merge.
#[derive(Clone, Debug)]
pub struct EventTally {
    range: DayRange,
    weeks: Vec<(NaiveDate, WeekCounts)>,
    hours: [[i64; 24]; 7],
}

impl EventTally {
    /// Begins to count the events of a range.
    #[must_use]
    pub fn new(range: DayRange) -> Self {
        let week = |first| (first, WeekCounts::default());
        Self { range, weeks: range.weeks().map(week).collect(), hours: [[0; 24]; 7] }
    }

    /// Counts an event. Events outside of the range are left out.
    pub fn add(&mut self, event: &PullEvent) {
        let seconds = event.hour.checked_mul(3_600);
        let at = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let Some(at) = at else { return };
        let day = at.date_naive();
        if day < self.range.first || day > self.range.last {
            return;
        }
        let from_first = monday(day) - monday(self.range.first);
        let place = usize::try_from(from_first.num_weeks()).unwrap_or(usize::MAX);
        let Some((_, week)) = self.weeks.get_mut(place) else {
            return;
        };
        week.add(event);
        if !matches!(event.kind, EventKind::Rated(_)) {
            let weekday = day.weekday().num_days_from_monday() as usize;
            self.hours[weekday][at.hour() as usize] += event.number;
        }
    }

    #[must_use]
    pub fn finish(self) -> Analytics {
        let (mut all, mut weeks) = (WeekCounts::default(), Vec::new());
        for (first, mut counted) in self.weeks {
            all.volume.opened += counted.volume.opened;
            all.volume.reviewed += counted.volume.reviewed;
            all.volume.merged += counted.volume.merged;
            all.volume.closed += counted.volume.closed;
            for (rating, number) in counted.ratings.each() {
                all.ratings.add(rating, number);
            }
            weeks.push(Week {
                first,
                volume: counted.volume,
                review: TimeQuantiles::of(&mut counted.review),
                merge: TimeQuantiles::of(&mut counted.merge),
                ratings: counted.ratings,
            });
            all.review.append(&mut counted.review);
            all.merge.append(&mut counted.merge);
        }
        Analytics {
            range: self.range,
            weeks,
            volume: all.volume,
            review: TimeQuantiles::of(&mut all.review),
            merge: TimeQuantiles::of(&mut all.merge),
            ratings: all.ratings,
            hours: self.hours,
        }
    }
}

impl WeekCounts {
    fn add(&mut self, event: &PullEvent) {
        let number = event.number.max(0);
        // Clocks of GitHub may differ by a second, so that a review seems to come before the opening.
        let seconds = event.seconds.max(0);
        let times = usize::try_from(number).unwrap_or(0);
        match event.kind {
            EventKind::Opened => self.volume.opened += number,
            EventKind::Reviewed => {
                self.volume.reviewed += number;
                self.review.extend(std::iter::repeat_n(seconds, times));
            }
            EventKind::Merged => {
                self.volume.merged += number;
                self.merge.extend(std::iter::repeat_n(seconds, times));
            }
            EventKind::Closed => self.volume.closed += number,
            EventKind::Rated(rating) => self.ratings.add(rating, number),
        }
    }
}
