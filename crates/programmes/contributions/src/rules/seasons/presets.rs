//! Days that a new season can start from, and the names that follow from days.

use chrono::{Datelike as _, Days, Months, NaiveDate};

use super::{SeasonDays, parse_day};

/// The least number of days left in the current month for which a season this month is proposed.
const LEFT: i64 = 7;
/// The number of days after the first one of six weeks.
const SIX_WEEKS: u64 = 6 * 7 - 1;

/// The goal that is proposed for a new season.
pub const USUAL_GOAL: i64 = 4;

/// Days that a new season can start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeasonPreset {
    pub heading: &'static str,
    pub days: SeasonDays,
    /// True for the one that is chosen at first.
    pub is_usual: bool,
}

impl SeasonPreset {
    /// Returns the present month, the next one, and six weeks from today on.
    #[must_use]
    pub fn all(today: NaiveDate) -> [Self; 3] {
        let this = month_of(today);
        let next = month_of(this.last + Days::new(1));
        let weeks = SeasonDays { first: today, last: today + Days::new(SIX_WEEKS) };
        let is_long = (this.last - today).num_days() >= LEFT;
        [("This month", this, is_long), ("Next month", next, !is_long), ("Six weeks", weeks, false)]
            .map(|(heading, days, is_usual)| Self { heading, days, is_usual })
    }

    /// Returns the value of its choice in a form, such as `2026-12-01/2026-12-31`.
    #[must_use]
    pub fn value(&self) -> String {
        format!("{}/{}", self.days.first, self.days.last)
    }

    /// Returns its days in words, such as "1–31 December 2026".
    #[must_use]
    pub fn says(&self) -> String {
        let SeasonDays { first, last } = self.days;
        if (first.year(), first.month()) == (last.year(), last.month()) {
            format!("{}{}", first.format("%-d–"), last.format("%-d %B %Y"))
        } else {
            format!("{}{}", first.format("%-d %b – "), last.format("%-d %b %Y"))
        }
    }
}

fn month_of(day: NaiveDate) -> SeasonDays {
    let first = day.with_day(1).unwrap_or(day);
    SeasonDays { first, last: first + Months::new(1) - Days::new(1) }
}

/// Reads the days of a choice; `None` for other texts.
#[must_use]
pub fn chosen_days(value: &str) -> Option<SeasonDays> {
    let (first, last) = value.split_once('/')?;
    Some(SeasonDays { first: parse_day(first).ok()?, last: parse_day(last).ok()? })
}

/// Returns the name that follows from days, such as "December 2026" or "November to December 2026".
#[must_use]
pub fn name_of(days: SeasonDays) -> String {
    let SeasonDays { first, last } = days;
    let begins = match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => String::new(),
        (true, false) => first.format("%B to ").to_string(),
        (false, _) => first.format("%B %Y to ").to_string(),
    };
    format!("{begins}{}", last.format("%B %Y"))
}

/// Returns the name of a season with these days: the typed one, or the one that follows from the days if a name is typed that the
/// page proposed for others.
#[must_use]
pub fn named(typed: &str, days: SeasonDays, today: NaiveDate) -> String {
    let is_proposed = SeasonPreset::all(today).iter().any(|it| name_of(it.days) == typed.trim());
    if is_proposed { name_of(days) } else { typed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        parse_day(text).expect("a day")
    }

    #[test]
    fn three_choices_have_days_and_names() {
        for (today, says, names, usual) in [
            (
                "2026-12-01",
                ["1–31 December 2026", "1–31 January 2027", "1 Dec – 11 Jan 2027"],
                ["December 2026", "January 2027", "December 2026 to January 2027"],
                "This month",
            ),
            (
                "2026-11-23",
                ["1–30 November 2026", "1–31 December 2026", "23 Nov – 3 Jan 2027"],
                ["November 2026", "December 2026", "November 2026 to January 2027"],
                "This month",
            ),
            (
                "2027-01-31",
                ["1–31 January 2027", "1–28 February 2027", "31 Jan – 13 Mar 2027"],
                ["January 2027", "February 2027", "January to March 2027"],
                "Next month",
            ),
        ] {
            let all = SeasonPreset::all(on(today));
            assert_eq!(all.map(|it| it.says()), says, "{today}");
            assert_eq!(all.map(|it| name_of(it.days)), names, "{today}");
            let chosen: Vec<_> = all.iter().filter(|it| it.is_usual).map(|it| it.heading).collect();
            assert_eq!(chosen, [usual], "{today}");
            assert!(all.iter().all(|it| chosen_days(&it.value()) == Some(it.days)), "{today}");
        }
    }

    #[test]
    fn other_texts_are_no_choice() {
        for text in ["", "choose", "/", "2026-12-01", "2026-12-01/", "2026-12-01/2026-13-01", "a/b"]
        {
            assert_eq!(chosen_days(text), None, "{text}");
        }
    }

    #[test]
    fn a_proposed_name_follows_the_days_and_a_typed_one_stays() {
        let today = on("2026-12-01");
        let days = chosen_days("2027-02-01/2027-02-28").expect("days");
        for (typed, expected) in [
            ("December 2026", "February 2027"),
            (" January 2027 ", "February 2027"),
            ("Winter Lights", "Winter Lights"),
            ("", ""),
        ] {
            assert_eq!(named(typed, days, today), expected, "{typed:?}");
        }
    }
}
