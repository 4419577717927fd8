//! Reports by people of pull requests and repositories.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp};

use super::GamingSign;
use crate::model::ReportReason;

/// The maximum number of characters of a report.
pub const LONGEST_REPORT: usize = 2_000;

/// The maximum number of reports by a person in [`REPORT_PERIOD`]: more than anyone can look into carefully in a day.
pub const MOST_REPORTS: usize = 20;

/// The period of [`MOST_REPORTS`].
pub const REPORT_PERIOD: TimeDelta = TimeDelta::hours(24);

/// Trims the words of a report, and checks them.
///
/// # Errors
/// When they are too long, or missing for [`ReportReason::Other`].
pub fn checked_words(reason: ReportReason, words: &str) -> Result<Option<String>, Problem> {
    let words = words.trim().replace("\r\n", "\n");
    let length = words.chars().count();
    if length > LONGEST_REPORT {
        let detail = format!(
            "The description has {length} characters. Shorten it to {LONGEST_REPORT} or fewer."
        );
        return Err(Problem::new(ProblemKind::Invalid, "BAD_REPORT", detail).at("words"));
    }
    if words.is_empty() && reason == ReportReason::Other {
        let detail = "Describe what is wrong. A moderator reads it.";
        return Err(Problem::new(ProblemKind::Invalid, "BAD_REPORT", detail).at("words"));
    }
    Ok(Some(words).filter(|words| !words.is_empty()))
}

/// Decides whether a person may report now, from the times of their reports in the last [`REPORT_PERIOD`].
///
/// # Errors
/// When there are [`MOST_REPORTS`]. The problem says when the next one is possible.
pub fn permit_report(earlier: &[Timestamp], now: Timestamp) -> Result<(), Problem> {
    let mut earlier = earlier.to_vec();
    earlier.sort_unstable();
    let Some(excess) = earlier.len().checked_sub(MOST_REPORTS) else {
        return Ok(());
    };
    let free_at = earlier.get(excess).map_or(now, |at| *at + REPORT_PERIOD);
    let seconds = (free_at - now).num_seconds().max(0) + 1;
    let detail = format!(
        "You reported {} times within 24 hours, which is the limit. Try again later.",
        earlier.len()
    );
    let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_REPORTS", detail);
    Err(problem.after(u32::try_from(seconds).unwrap_or(u32::MAX)))
}

/// Returns the signs of a flag on what people reported, one per reason.
#[must_use]
pub fn report_signs(reasons: &[ReportReason]) -> Vec<GamingSign> {
    let mut counts: BTreeMap<ReportReason, usize> = BTreeMap::new();
    for reason in reasons {
        *counts.entry(*reason).or_default() += 1;
    }
    let sign = |(reason, count)| GamingSign::Reported { reason, count };
    counts.into_iter().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn words_are_bounded_and_needed_for_other_reasons() {
        let spam = |words: &str| checked_words(ReportReason::Spam, words);
        assert_eq!(spam(" \r\n "), Ok(None));
        assert_eq!(spam(" a\r\nb "), Ok(Some("a\nb".to_owned())));
        let longest = "é".repeat(LONGEST_REPORT);
        assert_eq!(spam(&longest), Ok(Some(longest.clone())));
        for refused in [spam(&format!("{longest}a")), checked_words(ReportReason::Other, "  ")] {
            let problem = refused.expect_err("refused");
            assert_eq!((problem.code, problem.field), ("BAD_REPORT", Some("words")));
        }
    }

    #[test]
    fn a_person_reports_twenty_times_a_day() {
        let now = at("2026-11-02T12:00:00Z");
        let hour = |hours: i64| now - TimeDelta::minutes(60 * hours);
        let nineteen: Vec<_> = (0..19).map(hour).collect();
        assert_eq!(permit_report(&nineteen, now), Ok(()));
        let twenty: Vec<_> = (0..20).map(hour).collect();
        let problem = permit_report(&twenty, now).expect_err("too many");
        assert_eq!(problem.code, "TOO_MANY_REPORTS");
        // The first of them was 19 hours ago.
        assert_eq!(problem.retry_after, Some(5 * 3600 + 1));
        let more: Vec<_> = (0..22).map(hour).collect();
        let problem = permit_report(&more, now).expect_err("too many");
        assert_eq!(problem.retry_after, Some(5 * 3600 + 1));
    }

    #[test]
    fn reports_are_counted_by_reason() {
        use ReportReason::{Copied, Other, Spam};
        let signs = report_signs(&[Other, Spam, Copied, Spam]);
        let sentences: Vec<_> = signs.into_iter().map(GamingSign::sentence).collect();
        let expected = [
            "2 people reported spam",
            "1 person reported copied work",
            "1 person reported something else",
        ];
        assert_eq!(sentences, expected);
    }
}
