//! Ranges of days, sizes of samples and school years by anyone, and lists of work roles by the game platform, never cause a panic.

use testkit::growth::linear;

use super::{
    compare::{self, CompareScope},
    nice,
    range::{DayRange, zone},
    roster_csv,
    rosters::school_year,
};

/// The lines are the number of days, the first and the last day, and a time zone. What is accepted is accepted again in the form
/// in which pages show it.
#[test]
fn ranges_of_dashboards() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.lines();
        let mut next = || lines.next().unwrap_or_default();
        let (days, from, to, name) = (next(), next(), next(), next());
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default();
        match DayRange::read(days, from, to, today) {
            Ok(range) => {
                let (first, last) = (range.first.to_string(), range.last.to_string());
                let again =
                    DayRange::read("", &first, &last, today).map(|range| (range.first, range.last));
                assert_eq!(again, Ok((range.first, range.last)), "{text}");
                assert!((1..=731).contains(&range.days()), "{text}");
                assert_eq!(range.previous().days(), range.days(), "{text}");
                assert!(!range.instants(zone(name)).is_empty(), "{text}");
            }
            Err(problem) => assert!(!problem.detail.is_empty()),
        }
    }));
}

/// An accepted number of competitors is a possible one, and stored scopes are read as they are written.
#[test]
fn sizes_of_samples() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Some(number) = compare::sampled(&text) {
            assert!((1..=compare::MOST_SAMPLED).contains(&number), "{text}");
        }
        if let Some(scope) = CompareScope::named(&text) {
            assert_eq!(CompareScope::named(&scope.to_string()), Some(scope), "{text}");
        }
    }));
}

/// Codes of work roles are read from any text.
#[test]
fn codes_of_work_roles() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let codes = nice::codes(&text);
        assert!(nice::coverage([(text.as_ref(), 1)]).len() <= codes.len(), "{text}");
    }));
}

/// An accepted school year is accepted again.
#[test]
fn school_years() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(year) = school_year(&text) {
            assert_eq!(school_year(&year).ok(), Some(year.clone()));
            assert!(year.len() <= 7, "{text}");
        }
    }));
}

/// Accepted rows have complete names, and at most the stated number is read.
#[test]
fn rosters_as_csv() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(rows) = roster_csv::read(&text) {
            assert!(rows.good.len() + rows.bad.len() <= roster_csv::MOST);
            for (_, profile) in rows.good {
                assert!(!profile.first_name.is_empty() && !profile.last_name.is_empty());
            }
        }
    }));
}
