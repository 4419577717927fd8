//! Errors for what does not exist, or is not the person's to see.

use kernel::Problem;

/// Returns the error for an unknown roster, and for one of other coaches.
pub(crate) fn unknown_roster() -> Problem {
    Problem::not_found("Unknown roster. See your rosters at /ctf.")
}

/// Returns the error for an unknown competitor, and for one of other coaches.
pub(crate) fn unknown_competitor() -> Problem {
    Problem::not_found("Unknown competitor. See your rosters at /ctf.")
}

/// Returns the error for an unknown coach.
pub(crate) fn unknown_coach() -> Problem {
    Problem::not_found("Unknown coach. Reload the list of coaches and try again.")
}

/// Returns the error for an unknown invitation.
pub(crate) fn unknown_link() -> Problem {
    Problem::not_found(
        "Unknown link. Check that the address is complete, or ask the person who sent it for a new one.",
    )
}
