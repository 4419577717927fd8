#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CompetitorStatus {
    /// Joined by a link; a coach has not confirmed them.
    Pending,
    /// On the roster, but not on the game platform.
    Profile,
    /// On the game platform; the release is not signed.
    InTheGameNotCompliant,
    /// The profile is complete, and the release is signed.
    Complete,
}

impl CompetitorStatus {
    pub const ALL: [Self; 4] =
        [Self::Pending, Self::Profile, Self::InTheGameNotCompliant, Self::Complete];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Profile => "profile",
            Self::InTheGameNotCompliant => "in_the_game_not_compliant",
            Self::Complete => "complete",
        }
    }

    /// Returns the value with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.as_str() == text)
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Profile => "Profile",
            Self::InTheGameNotCompliant => "Release or profile missing",
            Self::Complete => "Complete",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RosterRole {
    /// Manages the roster, its competitors and its coaches.
    Coach,
    /// Sees the roster and can repeat what failed.
    Assistant,
}

impl RosterRole {
    pub const ALL: [Self; 2] = [Self::Coach, Self::Assistant];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Coach => "coach",
            Self::Assistant => "assistant",
        }
    }

    /// Returns the value with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.as_str() == text)
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Coach => "Coach",
            Self::Assistant => "Assistant",
        }
    }
}

/// The notices of achievements that a coach gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum MilestoneNotices {
    /// One after each sync in which a competitor reached something.
    #[default]
    Each,
    /// Only their number, in the weekly summary.
    Weekly,
    Never,
}

impl MilestoneNotices {
    pub const ALL: [Self; 3] = [Self::Each, Self::Weekly, Self::Never];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::Weekly => "weekly",
            Self::Never => "never",
        }
    }

    /// Returns the value with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.as_str() == text)
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Each => "After each sync",
            Self::Weekly => "Only in the weekly summary",
            Self::Never => "Never",
        }
    }
}

/// The person who stated that a release was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReleaseBy {
    /// A coach, who has the signed paper.
    Coach,
    /// A parent, by a link that was mailed to them.
    Parent,
    /// The competitor, who is of age.
    Competitor,
}

impl ReleaseBy {
    pub const ALL: [Self; 3] = [Self::Coach, Self::Parent, Self::Competitor];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Coach => "coach",
            Self::Parent => "parent",
            Self::Competitor => "competitor",
        }
    }

    /// Returns the value with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.as_str() == text)
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Coach => "Coach",
            Self::Parent => "Parent",
            Self::Competitor => "Competitor",
        }
    }
}

/// The kind of person who reported that a number is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reporter {
    Coach,
    Assistant,
    Competitor,
    /// An admin who does not coach the roster.
    Admin,
}

impl Reporter {
    pub const ALL: [Self; 4] = [Self::Coach, Self::Assistant, Self::Competitor, Self::Admin];

    /// Returns the kind of a person with a role on the roster, or of an admin without one.
    #[must_use]
    pub const fn of(role: Option<RosterRole>) -> Self {
        match role {
            Some(RosterRole::Coach) => Self::Coach,
            Some(RosterRole::Assistant) => Self::Assistant,
            None => Self::Admin,
        }
    }

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Coach => "coach",
            Self::Assistant => "assistant",
            Self::Competitor => "competitor",
            Self::Admin => "admin",
        }
    }

    /// Returns the value with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.as_str() == text)
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Coach => "Coach",
            Self::Assistant => "Assistant",
            Self::Competitor => "Competitor",
            Self::Admin => "Admin",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    Coach,
    /// Makes a coach a coach or an assistant of a roster.
    Roster,
    /// Makes a person a competitor whom a coach confirms.
    Join,
    /// Lets a competitor complete their profile.
    Profile,
    /// Lets a parent consent to the release.
    Consent,
}

impl LinkKind {
    pub const ALL: [Self; 5] =
        [Self::Coach, Self::Roster, Self::Join, Self::Profile, Self::Consent];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Coach => "coach",
            Self::Roster => "roster",
            Self::Join => "join",
            Self::Profile => "profile",
            Self::Consent => "consent",
        }
    }

    /// Returns the value with a stored text.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.as_str() == text)
    }

    /// Returns the name on pages.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Coach => "Become a coach",
            Self::Roster => "Share a roster",
            Self::Join => "Join a roster",
            Self::Profile => "Complete a profile",
            Self::Consent => "Parental consent",
        }
    }
}
