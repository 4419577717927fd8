platform::codes! {
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    CompetitorStatus {
        /// Joined by a link; a coach has not confirmed them.
        Pending = "pending", "Pending";
        /// On the roster, but not on the game platform.
        Profile = "profile", "Profile";
        /// On the game platform; the release is not signed.
        InTheGameNotCompliant = "in_the_game_not_compliant", "Release or profile missing";
        /// The profile is complete, and the release is signed.
        Complete = "complete", "Complete";
    }
}

platform::codes! {
    RosterRole {
        /// Manages the roster, its competitors and its coaches.
        Coach = "coach", "Coach";
        /// Sees the roster and can repeat what failed.
        Assistant = "assistant", "Assistant";
    }
}

platform::codes! {
    /// The notices of achievements that a coach gets.
    #[derive(Default)]
    MilestoneNotices {
        /// One after each sync in which a competitor reached something.
        #[default]
        Each = "each", "After each sync";
        /// Only their number, in the weekly summary.
        Weekly = "weekly", "Only in the weekly summary";
        Never = "never", "Never";
    }
}

platform::codes! {
    /// The person who stated that a release was signed.
    ReleaseBy {
        /// A coach, who has the signed paper.
        Coach = "coach", "Coach";
        /// A parent, by a link that was mailed to them.
        Parent = "parent", "Parent";
        /// The competitor, who is of age.
        Competitor = "competitor", "Competitor";
    }
}

platform::codes! {
    /// The kind of person who reported that a number is wrong.
    Reporter {
        Coach = "coach", "Coach";
        Assistant = "assistant", "Assistant";
        Competitor = "competitor", "Competitor";
        /// An admin who does not coach the roster.
        Admin = "admin", "Admin";
    }
}

impl Reporter {
    /// Returns the kind of a person with a role on the roster, or of an admin without one.
    #[must_use]
    pub const fn of(role: Option<RosterRole>) -> Self {
        match role {
            Some(RosterRole::Coach) => Self::Coach,
            Some(RosterRole::Assistant) => Self::Assistant,
            None => Self::Admin,
        }
    }
}

platform::codes! {
    LinkKind {
        Coach = "coach", "Become a coach";
        /// Makes a coach a coach or an assistant of a roster.
        Roster = "roster", "Share a roster";
        /// Makes a person a competitor whom a coach confirms.
        Join = "join", "Join a roster";
        /// Lets a competitor complete their profile.
        Profile = "profile", "Complete a profile";
        /// Lets a parent consent to the release.
        Consent = "consent", "Parental consent";
    }
}
