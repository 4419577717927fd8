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

/// The kind of a sanction in a season.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SanctionKind {
    /// The person is warned; their points count.
    Warning,
    /// The person is not on the leaderboard and not in the results.
    Disqualification,
}

impl SanctionKind {
    /// Returns the stored name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Disqualification => "disqualification",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Warning, Self::Disqualification].into_iter().find(|kind| kind.as_str() == name)
    }
}
