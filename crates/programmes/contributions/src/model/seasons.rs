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

platform::codes! {
    /// Something that is not decided when the results of a season become final.
    #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    SignOffBlocker {
        /// Flags on pull requests of the season.
        OpenFlags = "open_flags", "Open flags";
        /// Disputes about points, flags and sanctions of the season, and appeals.
        OpenDisputes = "open_disputes", "Open disputes and appeals";
        /// Pull requests with points that are not posted yet.
        PendingPoints = "pending_points", "Pull requests with pending points";
        /// Pull requests that were opened in the season and wait for a review.
        UnreviewedWork = "unreviewed_work", "Pull requests that wait for a review";
    }
}

impl SignOffBlocker {
    /// Returns whether an organizer can sign off in spite of it, for a written reason. Pending points need only time.
    #[must_use]
    pub const fn may_be_overridden(self) -> bool {
        !matches!(self, Self::PendingPoints)
    }

    /// Returns the page on which moderators settle it; `None` for what others settle or time does.
    #[must_use]
    pub const fn page_of_moderators(self) -> Option<&'static str> {
        match self {
            Self::OpenFlags => Some("/admin/fair-play"),
            Self::OpenDisputes => Some("/admin/disputes"),
            Self::PendingPoints | Self::UnreviewedWork => None,
        }
    }

    /// Returns what settles it, as a sentence.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::OpenFlags => "Moderators decide them.",
            Self::OpenDisputes => "Moderators decide them, and admins decide appeals.",
            Self::PendingPoints => "Wait until they are posted.",
            Self::UnreviewedWork => "Ask the maintainers of these projects to review them.",
        }
    }
}
