use kernel::{Problem, ProblemKind};

/// Returns the problem of a field of a hackathon, an application or a team.
pub(crate) fn invalid(field: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_HACKATHON", detail).at(field)
}

/// Returns the problem of a field of a reward or of a claim.
pub(crate) fn invalid_reward(field: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_REWARD", detail).at(field)
}
