//! Validation of announcements, and how many can be sent.

use chrono::TimeDelta;
use kernel::{Checks, Problem, ProblemKind, Timestamp, typed};

use super::invalid;
use crate::model::Segment;

/// The maximum number of characters of a subject.
pub const SUBJECT: usize = 150;
/// The maximum number of characters of a text.
pub const BODY: usize = 10_000;
/// The maximum number of announcements of a hackathon in [`PERIOD`].
pub const MOST: usize = 10;
/// The time in which they are counted.
pub const PERIOD: TimeDelta = TimeDelta::hours(1);
/// The time in which the same announcement is sent once, as after a double click.
pub const SAME: TimeDelta = TimeDelta::minutes(1);

/// An announcement as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnnouncementInput {
    /// The people whom it addresses.
    pub segment: String,
    pub subject: String,
    /// The text, as Markdown.
    pub body: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The people whom it addresses.
    pub segment: Segment,
    /// The subject, a line of 1 to [`SUBJECT`] characters.
    pub subject: String,
    /// The text as Markdown, 1 to [`BODY`] characters.
    pub body: String,
}

impl Announcement {
    /// Returns the announcement that an input describes.
    ///
    /// # Errors
    /// When a field is missing or not valid. The problem names the field.
    pub fn read(input: &AnnouncementInput) -> Result<Self, Problem> {
        let segment = Segment::named(input.segment.trim()).ok_or_else(|| {
            let known: Vec<_> = Segment::ALL.iter().map(|it| it.as_str()).collect();
            let detail = format!("Choose the people: one of {}.", known.join(", "));
            invalid("segment", detail)
        });
        let subject = typed::line(&input.subject, "The subject", SUBJECT);
        let body = typed::paragraphs(&input.body, "The text", BODY);
        let body = body.and_then(|body| match body {
            empty if empty.is_empty() => Err("Write the text.".to_owned()),
            body => Ok(body),
        });
        let mut checks = Checks::default();
        let segment = checks.read_or(segment, Segment::ALL[0]);
        let subject = checks.read(subject.map_err(|detail| invalid("subject", detail)));
        let body = checks.read(body.map_err(|detail| invalid("body", detail)));
        checks.finish(Self { segment, subject, body })
    }
}

/// Refuses an announcement of a hackathon that sent as many as it can; `sent` are the instants of those in [`PERIOD`], earliest
/// first.
///
/// # Errors
/// When the organizers have to wait. The problem says how long.
pub fn may_announce(sent: &[Timestamp], now: Timestamp) -> Result<(), Problem> {
    let Some(before) = sent.len().checked_sub(MOST) else {
        return Ok(());
    };
    let wait = sent[before] + PERIOD - now;
    let seconds = wait.num_seconds().max(0) + 1;
    let detail = format!(
        "{MOST} announcements were sent within an hour. Send the next one later, or put it into one of them."
    );
    let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_ANNOUNCEMENTS", detail);
    Err(problem.after(u32::try_from(seconds).unwrap_or(u32::MAX)))
}

/// Returns the error for a segment without people.
#[must_use]
pub fn no_recipients(segment: Segment) -> Problem {
    let detail =
        format!("No person would get it: {} is empty. Choose other people.", segment.as_str());
    Problem::new(ProblemKind::Conflict, "NO_RECIPIENTS", detail).at("segment")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn input(segment: &str, subject: &str, body: &str) -> AnnouncementInput {
        AnnouncementInput {
            segment: segment.to_owned(),
            subject: subject.to_owned(),
            body: body.to_owned(),
        }
    }

    #[test]
    fn fields_are_read_or_refused_by_name() {
        let read = Announcement::read(&input("judges", " Dinner ", " At **eight**.\r\n"));
        let expected = Announcement {
            segment: Segment::Judges,
            subject: "Dinner".to_owned(),
            body: "At **eight**.".to_owned(),
        };
        assert_eq!(read, Ok(expected));
        let long = "a".repeat(BODY + 1);
        for (field, input) in [
            ("segment", input("everyone", "Dinner", "At eight.")),
            ("subject", input("judges", " ", "At eight.")),
            ("subject", input("judges", "Din\nner", "At eight.")),
            ("subject", input("judges", &long, "At eight.")),
            ("body", input("judges", "Dinner", " \n ")),
            ("body", input("judges", "Dinner", &long)),
        ] {
            let refused = Announcement::read(&input).expect_err(field);
            assert_eq!(refused.field, Some(field));
        }
    }

    #[test]
    fn ten_are_sent_in_an_hour() {
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let sent: Vec<_> = (0..10).map(at).collect();
        assert_eq!(may_announce(&sent[..9], at(9)), Ok(()));
        let refused = may_announce(&sent, at(20)).expect_err("too many");
        assert_eq!(refused.code, "TOO_MANY_ANNOUNCEMENTS");
        assert_eq!(refused.retry_after, Some(40 * 60 + 1));
    }

    proptest! {
        #[test]
        fn every_text_is_read_or_refused(segment in ".{0,20}", subject in ".{0,160}", body in "(?s).{0,60}") {
            if let Ok(read) = Announcement::read(&input(&segment, &subject, &body)) {
                prop_assert!(!read.subject.contains('\n') && !read.body.is_empty());
            }
        }

        #[test]
        fn waiting_as_long_as_stated_is_enough(gaps in prop::collection::vec(0..600i64, 10..20)) {
            let mut now = Timestamp::UNIX_EPOCH;
            let mut sent = Vec::new();
            for gap in gaps {
                now += TimeDelta::seconds(gap);
                sent.retain(|at| *at > now - PERIOD);
                match may_announce(&sent, now) {
                    Ok(()) => sent.push(now),
                    Err(problem) => {
                        now += TimeDelta::seconds(i64::from(problem.retry_after.unwrap_or_default()));
                        sent.retain(|at| *at > now - PERIOD);
                        prop_assert!(may_announce(&sent, now).is_ok());
                    }
                }
                prop_assert!(sent.len() <= MOST);
            }
        }
    }
}
