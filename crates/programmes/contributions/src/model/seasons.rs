/// Returns the key of a season's board.
#[must_use]
pub fn season_board(slug: &str) -> String {
    format!("season:{slug}")
}

/// Returns the key of the board of the projects with a skill among their tags.
#[must_use]
pub fn skill_board(slug: &str) -> String {
    format!("skill:{slug}")
}

platform::codes! {
    /// The kind of a sanction in a season.
    SanctionKind {
        /// The person is warned; their points count.
        Warning = "warning";
        /// The person is not on the leaderboard and not in the results.
        Disqualification = "disqualification";
    }
}
