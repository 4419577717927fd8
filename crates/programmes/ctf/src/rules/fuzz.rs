//! Ranges of days, sizes of samples and school years by anyone, and lists of work roles by the game platform, never cause a panic.

use std::collections::BTreeMap;

use testkit::growth::linear;

use super::{
    compare::{self, CompareScope},
    imports::{self, Mapping, RosterRows, Sheet},
    nice,
    range::{DayRange, zone},
    rosters::{PersonName, school_year},
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

/// An accepted school year is accepted again, and so is an accepted name.
#[test]
fn school_years() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(year) = school_year(&text) {
            assert_eq!(school_year(&year).ok(), Some(year.clone()));
            assert!(year.len() <= 7, "{text}");
        }
        if let Ok(name) = PersonName::read(&text, "Oak") {
            assert_eq!(PersonName::read(&name.first, &name.last), Ok(name), "{text}");
        }
    }));
}

/// Every line of a file is added, known, asked about, or has an error.
#[test]
fn rosters_as_csv() {
    bolero::check!().for_each(linear(|bytes: &[u8]| {
        let text = match imports::decode(bytes) {
            Ok(decoded) => decoded.text,
            Err(problem) => {
                assert!(!problem.detail.is_empty());
                String::from_utf8_lossy(bytes).into_owned()
            }
        };
        let Ok(sheet) = Sheet::read(&text) else { return };
        assert!(sheet.rows.len() <= imports::MOST && sheet.width() <= imports::MOST_COLUMNS);
        let mapping = Mapping::of(&sheet, &BTreeMap::new());
        let rows = RosterRows::of(&sheet, &mapping);
        assert_eq!(rows.good.len() + rows.bad.len(), sheet.rows.len(), "{text}");
        assert!(rows.good.iter().all(|row| !row.profile.first_name.is_empty()), "{text}");
        let review = imports::review(rows, &[], &BTreeMap::new());
        let lines =
            review.add.len() + review.known.len() + review.questions.len() + review.bad.len();
        assert_eq!(lines, sheet.rows.len(), "{text}");
    }));
}
