//! The obstacles that keep results from being published, the reasons for which organizers publish nevertheless, and the
//! time to undo it.

use chrono::TimeDelta;
use kernel::{Problem, ProblemKind, Timestamp, typed};
use uuid::Uuid;

use super::invalid;
use crate::model::{JuryOutcome, ResultBlocker};

/// How long nothing leaves after organizers publish results, so that they can undo it.
pub const UNDO_WITHIN: TimeDelta = TimeDelta::minutes(15);
/// The maximum number of characters of a reason.
pub const REASON: usize = 500;

/// The things of a hackathon that keep its results from being published for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocking {
    pub blocker: ResultBlocker,
    /// The names of the things, with what each lacks; never empty.
    pub things: Vec<String>,
}

impl Blocking {
    /// Returns the names of the first three things, and the number of the others.
    fn first(&self) -> String {
        let shown = self.things.iter().take(3).cloned().collect::<Vec<_>>().join("; ");
        match self.things.len().saturating_sub(3) {
            0 => shown,
            more => format!("{shown}; and {more} more"),
        }
    }
}

/// A reason to publish results in spite of a blocker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    pub blocker: ResultBlocker,
    pub reason: String,
}

impl Override {
    /// Returns the blocker with the reason, for the audit log.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.blocker.heading(), self.reason)
    }
}

/// A project of a tie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TiedProject {
    /// The prizes that it has.
    pub won: Vec<Uuid>,
    /// The prizes that it could have by its tracks.
    pub open_to: Vec<Uuid>,
    /// The choice of the jury.
    pub outcome: Option<JuryOutcome>,
}

/// Returns whether a tie decides a prize, or a choice of the jury, which gives points: one project has what another that is as good
/// lacks.
#[must_use]
pub fn is_decisive(tie: &[TiedProject]) -> bool {
    let differs = tie.windows(2).any(|pair| pair[0].outcome != pair[1].outcome);
    let lacks =
        |prize: &Uuid| tie.iter().any(|it| it.open_to.contains(prize) && !it.won.contains(prize));
    differs || tie.iter().flat_map(|it| &it.won).any(lacks)
}

/// Reads the reasons for which blockers are overridden, each as its code and the reason. An empty reason overrides nothing.
///
/// # Errors
/// When there is no such blocker, it cannot be overridden, or the reason is too short, too long or not one line. The problem names the field.
pub fn overrides<'a>(
    given: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Vec<Override>, Problem> {
    let mut read: Vec<Override> = Vec::new();
    for (code, reason) in given {
        let Some(blocker) = ResultBlocker::named(code) else {
            let known = ResultBlocker::ALL.map(ResultBlocker::as_str).join(", ");
            return Err(invalid(
                "overrides",
                format!("'{code}' is no blocker. Use one of {known}."),
            ));
        };
        if reason.trim().is_empty() {
            continue;
        }
        if !blocker.may_be_overridden() {
            let detail =
                format!("{} cannot be overridden. {}", blocker.heading(), blocker.remedy());
            return Err(invalid(blocker.field(), detail));
        }
        let reason = typed::optional_reason(reason, REASON);
        let reason = reason.map_err(|detail| invalid(blocker.field(), detail))?;
        read.retain(|it| it.blocker != blocker);
        read.push(Override { blocker, reason });
    }
    Ok(read)
}

/// Refuses to publish while a blocker is left that is not overridden. Returns the overrides that are needed.
///
/// # Errors
/// Names the blockers that are left, with their things.
pub fn admit(blocking: &[Blocking], overrides: Vec<Override>) -> Result<Vec<Override>, Problem> {
    let is_overridden = |it: &&Blocking| overrides.iter().any(|one| one.blocker == it.blocker);
    let left: Vec<&Blocking> = blocking.iter().filter(|it| !is_overridden(it)).collect();
    if left.is_empty() {
        let is_needed = |it: &Override| blocking.iter().any(|one| one.blocker == it.blocker);
        return Ok(overrides.into_iter().filter(is_needed).collect());
    }
    let named = left.iter().map(|it| format!("{}: {}.", it.blocker.heading(), it.first()));
    let next = if left.iter().all(|it| it.blocker.may_be_overridden()) {
        "Settle each, or state a reason to publish nevertheless."
    } else {
        "Settle each first."
    };
    let detail = format!("{} {next}", named.collect::<Vec<_>>().join(" "));
    Err(Problem::new(ProblemKind::Conflict, "RESULTS_BLOCKED", detail))
}

/// Refuses to undo a publication once its time is over. `due_at` is the instant at which the results become public.
///
/// # Errors
/// When nothing waits, or the instant has come.
pub fn undoable(due_at: Option<Timestamp>, now: Timestamp) -> Result<(), Problem> {
    let why = match due_at {
        Some(due_at) if now < due_at => return Ok(()),
        Some(_) => "The time to undo the publication is over: the results are becoming public.",
        None => "No results wait to be published, so there is nothing to undo.",
    };
    Err(Problem::new(ProblemKind::Conflict, "RESULTS_NOT_WAITING", why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prize(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn tied(won: &[u128], open_to: &[u128], outcome: Option<JuryOutcome>) -> TiedProject {
        let ids = |numbers: &[u128]| numbers.iter().map(|it| prize(*it)).collect();
        TiedProject { won: ids(won), open_to: ids(open_to), outcome }
    }

    #[test]
    fn a_tie_decides_what_one_project_has_and_another_lacks() {
        let winner = Some(JuryOutcome::Winner);
        for (tie, expected, why) in [
            (vec![tied(&[], &[1], None), tied(&[], &[1], None)], false, "neither has a prize"),
            (vec![tied(&[1], &[1], None), tied(&[1], &[1], None)], false, "both have it"),
            (vec![tied(&[1], &[1], None), tied(&[], &[1], None)], true, "one has it"),
            (vec![tied(&[1], &[1, 2], None), tied(&[2], &[1, 2], None)], true, "first and second"),
            (vec![tied(&[1], &[1], None), tied(&[], &[], None)], false, "another track"),
            (vec![tied(&[], &[], winner), tied(&[], &[], None)], true, "one is chosen"),
            (vec![tied(&[], &[], winner), tied(&[], &[], winner)], false, "both are chosen"),
            (
                vec![tied(&[], &[], None), tied(&[], &[], None), tied(&[], &[], winner)],
                true,
                "the last of three is chosen",
            ),
        ] {
            assert_eq!(is_decisive(&tie), expected, "{why}");
        }
    }

    #[test]
    fn a_reason_overrides_a_blocker_that_may_be() {
        let codes = |given: &[(&str, &str)]| {
            let read = overrides(given.iter().copied());
            read.map(|all| all.iter().map(|it| it.blocker.as_str()).collect::<Vec<_>>())
        };
        assert_eq!(codes(&[]), Ok(vec![]));
        let two = [("open_tie", "Both get it."), ("open_appeal", " "), ("open_tie", "They share.")];
        assert_eq!(codes(&two), Ok(vec!["open_tie"]));
        let field = |given: &[(&str, &str)]| codes(given).expect_err("refused").field;
        assert_eq!(field(&[("invalid_award", "Why not.")]), Some("override_invalid_award"));
        assert_eq!(field(&[("other", "Why not.")]), Some("overrides"));
        assert_eq!(field(&[("open_tie", &"x".repeat(501))]), Some("override_open_tie"));
        assert_eq!(field(&[("open_tie", "x")]), Some("override_open_tie"));
        for blocker in ResultBlocker::ALL {
            assert_eq!(blocker.field(), format!("override_{}", blocker.as_str()));
        }
    }

    #[test]
    fn only_overridden_blockers_are_left_behind() {
        let blocking = |blocker| Blocking { blocker, things: vec!["Gannet".to_owned()] };
        let over = |blocker| Override { blocker, reason: "They share it.".to_owned() };
        let [tie, scores, award] =
            [ResultBlocker::OpenTie, ResultBlocker::MissingScores, ResultBlocker::InvalidAward];
        assert_eq!(admit(&[], vec![over(tie)]), Ok(vec![]));
        assert_eq!(admit(&[blocking(tie)], vec![over(tie), over(scores)]), Ok(vec![over(tie)]));
        let refused = |all: &[Blocking], given| admit(all, given).expect_err("refused");
        let left = refused(&[blocking(tie), blocking(scores)], vec![over(tie)]);
        assert_eq!(left.code, "RESULTS_BLOCKED");
        assert_eq!(
            left.detail,
            "Missing scores: Gannet. Settle each, or state a reason to publish nevertheless."
        );
        let never = refused(&[blocking(award)], vec![]);
        assert_eq!(never.detail, "Awards that are not valid: Gannet. Settle each first.");
        let many =
            Blocking { blocker: scores, things: "abcde".chars().map(String::from).collect() };
        let detail = refused(&[many], vec![]).detail;
        assert!(detail.starts_with("Missing scores: a; b; c; and 2 more. "), "{detail}");
    }

    #[test]
    fn a_publication_is_undone_before_its_instant() {
        let due: Timestamp = "2026-11-29T18:15:00Z".parse().expect("an instant");
        let second = TimeDelta::seconds(1);
        assert_eq!(undoable(Some(due), due - second), Ok(()));
        for refused in
            [undoable(Some(due), due), undoable(Some(due), due + second), undoable(None, due)]
        {
            assert_eq!(refused.expect_err("refused").code, "RESULTS_NOT_WAITING");
        }
    }
}
