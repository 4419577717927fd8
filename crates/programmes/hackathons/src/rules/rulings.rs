//! Validation of organizers' decisions about submissions, of appeals, and of what a hackathon requires of submissions.

use chrono::TimeDelta;
use chrono_tz::Tz;
use kernel::{Problem, ProblemKind, Timestamp, counted, typed};

use super::{instants::shown_with_zone, invalid};
use crate::model::JuryOutcome;

/// The maximum number of characters of a reason and of an appeal.
const REASON: usize = 1_000;
/// The maximum number of required files, and of characters of one.
const FILES: (usize, usize) = (20, 200);
/// The longest time by which the deadline of one team can be later.
const LONGEST_EXTENSION: TimeDelta = TimeDelta::days(30);

/// A decision of an organizer about a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It is judged although a required check fails.
    Admit,
    /// It is judged only if no required check fails.
    Dismiss,
    /// It takes no part any longer.
    Disqualify,
    /// A disqualification is taken back.
    Reinstate,
    /// The jury chose it; `None` takes the choice back.
    Choose(Option<JuryOutcome>),
}

impl Ruling {
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Some(match text {
            "admit" => Self::Admit,
            "dismiss" => Self::Dismiss,
            "disqualify" => Self::Disqualify,
            "reinstate" => Self::Reinstate,
            "finalist" => Self::Choose(Some(JuryOutcome::Finalist)),
            "winner" => Self::Choose(Some(JuryOutcome::Winner)),
            "unchoose" => Self::Choose(None),
            _ => return None,
        })
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admit => "admit",
            Self::Dismiss => "dismiss",
            Self::Disqualify => "disqualify",
            Self::Reinstate => "reinstate",
            Self::Choose(Some(JuryOutcome::Finalist)) => "finalist",
            Self::Choose(Some(JuryOutcome::Winner)) => "winner",
            Self::Choose(None) => "unchoose",
        }
    }

    /// Validates the reason, which a disqualification requires.
    ///
    /// # Errors
    /// When it is missing or too long.
    pub fn reason(self, typed: &str) -> Result<Option<String>, Problem> {
        let reason = typed::paragraphs(typed, "The reason", REASON);
        let reason = reason.map_err(|detail| invalid("reason", detail))?;
        match (self, reason.is_empty()) {
            (Self::Disqualify, true) => {
                let detail = "State the reason. The team reads it and can appeal.".to_owned();
                Err(invalid("reason", detail))
            }
            (_, true) => Ok(None),
            (_, false) => Ok(Some(reason)),
        }
    }
}

/// Validates the text of an appeal.
///
/// # Errors
/// When it is missing or too long.
pub fn appeal(typed: &str) -> Result<String, Problem> {
    let text = typed::paragraphs(typed, "The appeal", REASON);
    match text.map_err(|detail| invalid("appeal", detail))? {
        text if text.is_empty() => {
            let detail = "State why the submission should take part again.".to_owned();
            Err(invalid("appeal", detail))
        }
        text => Ok(text),
    }
}

/// Validates the reason of a later deadline, and that it is later than the common one by at most 30 days.
///
/// # Errors
/// When the reason is missing or too long, or the deadline is not in this range.
pub fn extension(common: Timestamp, own: Timestamp, reason: &str) -> Result<String, Problem> {
    if own <= common || own - common > LONGEST_EXTENSION {
        let detail = "Choose a time after the end of submissions, and at most 30 days after it.";
        return Err(invalid("closes_at", detail.to_owned()));
    }
    let reason = typed::paragraphs(reason, "The reason", REASON);
    match reason.map_err(|detail| invalid("reason", detail))? {
        reason if reason.is_empty() => {
            let detail = "State the reason. The team reads it.".to_owned();
            Err(invalid("reason", detail))
        }
        reason => Ok(reason),
    }
}

/// Refuses an award or a choice while the team can submit another version.
///
/// # Errors
/// Until that is over.
pub fn decidable(closes_at: Timestamp, now: Timestamp, zone: Tz) -> Result<(), Problem> {
    if closes_at <= now {
        Ok(())
    } else {
        Err(Problem::new(
            ProblemKind::Conflict,
            "SUBMISSION_OPEN",
            format!(
                "The team can submit another version until {}. Decide after that.",
                shown_with_zone(closes_at, zone)
            ),
        ))
    }
}

/// The decisions that were made about submissions as they were frozen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecidedOutcome {
    /// The number of awards of prizes that are not published.
    pub awards: i64,
    /// The number of choices of the jury.
    pub choices: i64,
    /// The number of closed rounds of judging.
    pub rounds: i64,
}

/// Refuses to open frozen submissions again once decisions were made about them: a project that changes would keep what it was given
/// for the former one, and a project that is new would be in no round.
///
/// # Errors
/// When a round of judging is closed, or a submission that would open has an award or is chosen by the jury.
pub fn may_reopen(decided: DecidedOutcome) -> Result<(), Problem> {
    let mut made = Vec::new();
    if decided.awards > 0 {
        made.push(counted(decided.awards, "award", "awards"));
    }
    if decided.choices > 0 {
        made.push(counted(decided.choices, "choice of the jury", "choices of the jury"));
    }
    let detail = match (decided.rounds, made.is_empty()) {
        (0, true) => return Ok(()),
        (0, false) => format!(
            "This would open submissions again about which you decided. Take back {} first.",
            made.join(" and ")
        ),
        _ => "A round of judging is closed, so submissions cannot open again: what is new would never be judged. \
              Leave the deadline as it is."
            .to_owned(),
    };
    Err(Problem::new(ProblemKind::Conflict, "SUBMISSIONS_DECIDED", detail))
}

/// Validates required files: paths from the root of the repository, one a line.
///
/// # Errors
/// When there are too many, or one is no path of a file.
pub fn required_files(typed: &str) -> Result<Vec<String>, Problem> {
    let (most, length) = FILES;
    let mut files: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let line = typed::line(line, "The path", length);
        let line = line.map_err(|detail| invalid("required_files", detail))?;
        let is_part = |part: &str| !matches!(part, "" | "." | "..");
        if !line.split('/').all(is_part) || line.contains('\\') {
            let detail =
                format!("'{line}' is no path of a file. Write it as in docs/demo.md, one a line.");
            return Err(invalid("required_files", detail));
        }
        if !files.contains(&line) {
            files.push(line);
        }
    }
    if files.len() > most {
        Err(invalid("required_files", format!("Require at most {most} files.")))
    } else {
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rulings_have_names() {
        for name in
            ["admit", "dismiss", "disqualify", "reinstate", "finalist", "winner", "unchoose"]
        {
            assert_eq!(Ruling::named(name).map(Ruling::as_str), Some(name));
        }
        assert_eq!(Ruling::named("crown"), None);
    }

    #[test]
    fn a_disqualification_has_a_reason() {
        let refused = Ruling::Disqualify.reason("  ").expect_err("no reason");
        assert_eq!(refused.field, Some("reason"));
        assert_eq!(Ruling::Admit.reason(""), Ok(None));
        assert!(Ruling::Admit.reason(&"x".repeat(1_001)).is_err());
        assert!(appeal(" ").is_err());
    }

    #[test]
    fn an_extension_is_later_and_has_a_reason() {
        let common = Timestamp::UNIX_EPOCH;
        for (minutes, reason, field) in [
            (0, "Ill.", Some("closes_at")),
            (1, "Ill.", None),
            (1, " ", Some("reason")),
            (30 * 24 * 60, "Ill.", None),
            (30 * 24 * 60 + 1, "Ill.", Some("closes_at")),
        ] {
            let read = extension(common, common + TimeDelta::minutes(minutes), reason);
            assert_eq!(read.err().and_then(|problem| problem.field), field);
        }
    }

    #[test]
    fn an_open_submission_is_not_decided() {
        let (now, second) = (kernel::Timestamp::UNIX_EPOCH, TimeDelta::seconds(1));
        assert_eq!(decidable(now, now, Tz::UTC), Ok(()));
        let problem = decidable(now + second, now, Tz::UTC).expect_err("open");
        assert_eq!(problem.code, "SUBMISSION_OPEN");
    }

    #[test]
    fn decided_submissions_stay_frozen() {
        for (awards, choices, rounds, expected) in [
            (0, 0, 0, None),
            (1, 0, 0, Some("Take back 1 award first.")),
            (0, 2, 0, Some("Take back 2 choices of the jury first.")),
            (3, 1, 0, Some("Take back 3 awards and 1 choice of the jury first.")),
            (1, 0, 1, Some("Leave the deadline as it is.")),
        ] {
            let decided = DecidedOutcome { awards, choices, rounds };
            let refused = may_reopen(decided).err();
            assert!(refused.iter().all(|it| it.code == "SUBMISSIONS_DECIDED"));
            let detail = refused.map(|it| it.detail);
            match expected {
                None => assert_eq!(detail, None),
                Some(end) => assert!(detail.is_some_and(|it| it.ends_with(end)), "{end}"),
            }
        }
    }

    #[test]
    fn required_files_are_paths() {
        let read = required_files("demo.md\n\n docs/plan.md \ndemo.md\n");
        assert_eq!(read, Ok(vec!["demo.md".to_owned(), "docs/plan.md".to_owned()]));
        for typed in ["/etc/passwd", "../x", "a//b", "a\\b", &"y".repeat(201)] {
            assert!(required_files(typed).is_err(), "{typed}");
        }
        let many: String = (0..21).map(|it| format!("f{it}\n")).collect();
        assert!(required_files(&many).is_err());
    }
}
