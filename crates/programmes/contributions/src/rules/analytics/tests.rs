use chrono::NaiveDate;
use kernel::Timestamp;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn range(first: &str, last: &str) -> DayRange {
    DayRange { first: day(first), last: day(last) }
}

fn event(kind: EventKind, at: &str, seconds: i64) -> PullEvent {
    let at: Timestamp = at.parse().expect("an instant");
    PullEvent { kind, hour: at.timestamp().div_euclid(3_600), seconds, number: 1 }
}

fn counted(range: DayRange, events: &[PullEvent]) -> Analytics {
    let mut tally = EventTally::new(range);
    for event in events {
        tally.add(event);
    }
    tally.finish()
}

#[test]
fn percentiles_are_values_at_the_nearest_rank() {
    for (sorted, median, p90) in [
        (vec![], None, None),
        (vec![7], Some(7), Some(7)),
        (vec![1, 2], Some(1), Some(2)),
        (vec![1, 2, 3], Some(2), Some(3)),
        ((1..=10).collect(), Some(5), Some(9)),
        ((1..=11).collect(), Some(6), Some(10)),
        ((1..=100).collect(), Some(50), Some(90)),
        // The example of ⌈30 ÷ 100 × 5⌉ = 2 and so on: half of five is the third.
        (vec![15, 20, 35, 40, 50], Some(35), Some(50)),
    ] {
        let found = (percentile(&sorted, 50), percentile(&sorted, 90));
        assert_eq!(found, (median, p90), "{sorted:?}");
    }
    assert_eq!(percentile(&[15, 20, 35, 40, 50], 30), Some(20));
}

#[test]
fn ratings_have_a_mean_and_the_lower_median() {
    for (numbers, mean, median) in [
        ([0, 0, 0, 0, 0], None, None),
        ([0, 0, 0, 0, 3], Some(5.0), Some(5)),
        ([1, 0, 0, 0, 1], Some(3.0), Some(1)),
        ([1, 0, 1, 0, 1], Some(3.0), Some(3)),
        ([0, 1, 0, 3, 0], Some(3.5), Some(4)),
    ] {
        let ratings = RatingCounts(numbers);
        assert_eq!((ratings.mean(), ratings.median()), (mean, median), "{numbers:?}");
    }
    let mut ratings = RatingCounts::default();
    for rating in [-1, 0, 6, i64::MAX] {
        ratings.add(rating, 1);
    }
    assert_eq!(ratings, RatingCounts::default(), "others are left out");
}

#[test]
fn a_range_has_90_days_by_default_and_at_most_two_years() {
    let today = day("2026-11-22");
    for (from, to, expected) in [
        ("", "", range("2026-08-25", "2026-11-22")),
        ("2026-11-01", "", range("2026-11-01", "2026-11-22")),
        ("", "2026-03-31", range("2026-01-01", "2026-03-31")),
        (" 2026-01-05 ", "2026-01-05", range("2026-01-05", "2026-01-05")),
        ("2023-01-01", "2024-12-31", range("2023-01-01", "2024-12-31")),
    ] {
        assert_eq!(DayRange::read(from, to, today), Ok(expected), "{from} {to}");
    }
    for (from, to, field, words) in [
        ("yesterday", "", "from", "'yesterday' is not a day"),
        ("", "2026-02-30", "to", "'2026-02-30' is not a day"),
        ("2007-12-31", "2008-01-01", "from", "is not from 2008 to 2999"),
        ("2026-11-23", "", "from", "is after the last"),
        ("2023-01-01", "2025-01-01", "from", "at most 731 days"),
    ] {
        let problem = DayRange::read(from, to, today).expect_err(words);
        assert_eq!((problem.code, problem.field), ("BAD_QUERY", Some(field)));
        assert!(problem.detail.contains(words), "{}", problem.detail);
    }
}

#[test]
fn slices_cover_a_range_once() {
    let year = range("2025-11-23", "2026-11-22");
    let slices: Vec<DayRange> = year.slices(92).collect();
    assert_eq!(slices.len(), 4);
    assert_eq!((slices[0].first, slices[3].last), (year.first, year.last));
    for pair in slices.windows(2) {
        assert_eq!(pair[0].instants().1, pair[1].instants().0);
    }
    let one = range("2026-11-22", "2026-11-22");
    assert_eq!(one.slices(92).collect::<Vec<_>>(), [one]);
}

#[test]
fn events_belong_to_the_week_in_which_they_happened() {
    // November 22, 2026 is a Sunday.
    let events = [
        event(EventKind::Opened, "2026-11-04T00:00:00Z", 0),
        event(EventKind::Opened, "2026-11-08T23:59:59Z", 0),
        event(EventKind::Reviewed, "2026-11-09T00:00:00Z", 60),
        event(EventKind::Reviewed, "2026-11-09T08:00:00Z", -1),
        event(EventKind::Merged, "2026-11-15T23:59:59Z", 7_200),
        event(EventKind::Closed, "2026-11-16T10:00:00Z", 9),
        event(EventKind::Rated(4), "2026-11-15T23:59:59Z", 0),
        // Outside of the range, though in its first and last week.
        event(EventKind::Opened, "2026-11-03T23:59:59Z", 0),
        event(EventKind::Opened, "2026-11-18T00:00:00Z", 0),
    ];
    let found = counted(range("2026-11-04", "2026-11-17"), &events);
    let weeks: Vec<_> = found.weeks.iter().map(|week| week.first).collect();
    assert_eq!(weeks, ["2026-11-02", "2026-11-09", "2026-11-16"].map(day));
    let volumes = found.weeks.iter().map(|week| {
        let volume = week.volume;
        (volume.opened, volume.reviewed, volume.merged, volume.closed)
    });
    let expected = [(2, 0, 0, 0), (0, 2, 1, 0), (0, 0, 0, 1)];
    assert_eq!(volumes.collect::<Vec<_>>(), expected);
    assert_eq!(found.volume.merge_rate(), Some(50.0));
    assert_eq!((found.review.median, found.review.p90), (Some(0), Some(60)));
    assert_eq!(found.merge.median, Some(7_200));
    assert_eq!(found.ratings, RatingCounts([0, 0, 0, 1, 0]));
    assert_eq!((found.hours[2][0], found.hours[6][23]), (1, 2), "UTC");
    assert!(!found.is_empty());
}

#[test]
fn weeks_without_events_are_zero() {
    let found = counted(range("2026-11-01", "2026-11-22"), &[]);
    assert_eq!(found.weeks.len(), 4);
    assert!(found.is_empty());
    assert_eq!(found.volume.merge_rate(), None);
    assert_eq!(found.weeks[3].review, TimeQuantiles::default());
    let lost = PullEvent { hour: i64::MAX, ..event(EventKind::Opened, "2026-11-04T00:00:00Z", 0) };
    assert!(counted(found.range, &[lost]).is_empty());
}

#[test]
fn a_contributors_place_survives_its_text() {
    let id = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    let user_id = uuid::Uuid::try_parse(id).expect("an id").into();
    let place = ContributorPlace { merged: 12, user_id };
    assert_eq!(ContributorPlace::read(&place.to_string()), Some(place));
    for wrong in ["", "12", "12.x", "-1.0193a1b2c3d47e5f8a9b0c1d2e3f4a5b", "x.y"] {
        assert_eq!(ContributorPlace::read(wrong), None, "{wrong}");
    }
}

fn kind() -> impl Strategy<Value = EventKind> {
    prop_oneof![
        Just(EventKind::Opened),
        Just(EventKind::Reviewed),
        Just(EventKind::Merged),
        Just(EventKind::Closed),
        (0..=6i64).prop_map(EventKind::Rated),
    ]
}

proptest! {
    #[test]
    fn weeks_add_up_to_the_totals(
        events in prop::collection::vec((kind(), 0..24 * 40i64, -5..1_000_000i64, 0..4i64), 0..60)
    ) {
        let range = range("2026-11-04", "2026-12-08");
        let first = range.first.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() / 3_600;
        let events: Vec<PullEvent> = events
            .into_iter()
            .map(|(kind, hour, seconds, number)| PullEvent { kind, hour: first + hour, seconds, number })
            .collect();
        let found = counted(range, &events);
        let sum = |of: fn(&Week) -> i64| found.weeks.iter().map(of).sum::<i64>();
        prop_assert_eq!(sum(|week| week.volume.opened), found.volume.opened);
        prop_assert_eq!(sum(|week| week.volume.reviewed), found.volume.reviewed);
        prop_assert_eq!(sum(|week| week.volume.merged), found.volume.merged);
        prop_assert_eq!(sum(|week| week.volume.closed), found.volume.closed);
        prop_assert_eq!(sum(|week| week.ratings.count()), found.ratings.count());
        prop_assert_eq!(found.review.count, found.volume.reviewed);
        prop_assert_eq!(found.merge.count, found.volume.merged);
        let all = found.volume;
        let in_hours: i64 = found.hours.iter().flatten().sum();
        prop_assert_eq!(in_hours, all.opened + all.reviewed + all.merged + all.closed);
        let mut reversed = events;
        reversed.reverse();
        prop_assert_eq!(counted(range, &reversed), found, "the order does not matter");
    }

    #[test]
    fn a_percentile_is_one_of_the_values(
        mut values in prop::collection::vec(any::<i64>(), 1..50),
        percent in 1..=100usize
    ) {
        values.sort_unstable();
        let found = percentile(&values, percent).expect("a value");
        prop_assert!(values.contains(&found));
        let below = values.iter().filter(|value| **value <= found).count();
        prop_assert!(100 * below >= percent * values.len(), "enough values reach it");
        prop_assert!(percentile(&values, 50) <= percentile(&values, 90));
    }
}
