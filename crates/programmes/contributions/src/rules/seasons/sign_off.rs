//! Open decisions that keep the results of a season from becoming final, and the reasons for which organizers sign off
//! nevertheless.

use kernel::{Problem, ProblemKind, typed};

use super::days::wrong;
use crate::model::SignOffBlocker;

/// The maximum number of characters of a reason.
pub const REASON: usize = 500;

/// A number of things of a season that are not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenThings {
    pub blocker: SignOffBlocker,
    /// Their number, at least 1.
    pub count: i64,
}

/// A reason to sign off in spite of a blocker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOffReason {
    pub blocker: SignOffBlocker,
    pub reason: String,
}

impl SignOffReason {
    /// Returns what is open with the reason, for the audit log.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.blocker.heading(), self.reason)
    }
}

/// Reads the reasons to sign off nevertheless, as they were typed. An empty one overrides nothing.
///
/// # Errors
/// When a reason is too short, too long or not one line. The problem names the field, which is the code of the blocker.
pub fn reasons<'a>(
    typed: impl IntoIterator<Item = (SignOffBlocker, &'a str)>,
) -> Result<Vec<SignOffReason>, Problem> {
    let mut read = Vec::new();
    for (blocker, reason) in typed {
        let reason = typed::optional_reason(reason, REASON);
        let reason = reason.map_err(|detail| wrong(blocker.as_str(), detail))?;
        if !reason.is_empty() && blocker.may_be_overridden() {
            read.push(SignOffReason { blocker, reason });
        }
    }
    Ok(read)
}

/// Refuses a sign-off while something is open that is not overridden. Returns the reasons that are needed.
///
/// # Errors
/// Names what is open, with its number.
pub fn admit(
    open: &[OpenThings],
    reasons: Vec<SignOffReason>,
) -> Result<Vec<SignOffReason>, Problem> {
    let is_overridden = |it: &&OpenThings| reasons.iter().any(|one| one.blocker == it.blocker);
    let left: Vec<&OpenThings> = open.iter().filter(|it| !is_overridden(it)).collect();
    if left.is_empty() {
        let is_needed = |it: &SignOffReason| open.iter().any(|one| one.blocker == it.blocker);
        return Ok(reasons.into_iter().filter(is_needed).collect());
    }
    let named = left.iter().map(|it| format!("{}: {}.", it.blocker.heading(), it.count));
    let next = if left.iter().all(|it| it.blocker.may_be_overridden()) {
        "Settle them, or state a reason to sign off nevertheless."
    } else {
        "Settle them first."
    };
    let detail = format!("{} {next}", named.collect::<Vec<_>>().join(" "));
    Err(Problem::new(ProblemKind::Conflict, "SEASON_BLOCKED", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [SignOffBlocker; 4] = SignOffBlocker::ALL;

    #[test]
    fn what_is_open_is_overridden_where_that_is_fair() {
        let open = |blocker| OpenThings { blocker, count: 2 };
        let reason = |blocker| SignOffReason { blocker, reason: "They are minor.".to_owned() };
        let [flags, disputes, pending, work] = ALL;
        for (things, given, expected) in [
            (vec![], vec![flags], Ok(vec![])),
            (vec![flags], vec![flags, work], Ok(vec![flags])),
            (
                vec![flags, disputes],
                vec![flags],
                Err(
                    "Open disputes and appeals: 2. Settle them, or state a reason to sign off nevertheless.",
                ),
            ),
            (
                vec![pending, work],
                vec![work],
                Err("Pull requests with pending points: 2. Settle them first."),
            ),
        ] {
            let things: Vec<_> = things.into_iter().map(open).collect();
            let admitted = admit(&things, given.into_iter().map(reason).collect());
            let found = admitted.map(|all| all.iter().map(|it| it.blocker).collect::<Vec<_>>());
            assert_eq!(found.map_err(|it| it.detail), expected.map_err(str::to_owned));
        }
    }

    #[test]
    fn reasons_are_read_by_their_fields() {
        let typed = ALL.map(|blocker| (blocker, "They are minor."));
        let read = reasons(typed).expect("read");
        let blockers: Vec<_> = read.iter().map(|it| it.blocker.as_str()).collect();
        assert_eq!(blockers, ["open_flags", "open_disputes", "unreviewed_work"]);
        assert_eq!(reasons([(ALL[0], " ")]), Ok(vec![]));
        for refused in ["x", &"x".repeat(REASON + 1)] {
            let problem = reasons([(ALL[1], refused)]).expect_err("refused");
            assert_eq!(problem.field, Some("open_disputes"), "{refused}");
        }
    }
}
