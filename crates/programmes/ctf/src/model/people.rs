/// The state of a competitor.
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
    /// All values.
    pub const ALL: [Self; 4] = [
        Self::Pending,
        Self::Profile,
        Self::InTheGameNotCompliant,
        Self::Complete,
    ];

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
            Self::InTheGameNotCompliant => "Release missing",
            Self::Complete => "Complete",
        }
    }
}

/// The role of a coach on a roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RosterRole {
    /// Manages the roster, its competitors and its coaches.
    Coach,
    /// Sees the roster and can repeat what failed.
    Assistant,
}

impl RosterRole {
    /// All values.
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
    /// All values.
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

/// The kind of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// Makes a person a coach.
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
    /// All values.
    pub const ALL: [Self; 5] = [
        Self::Coach,
        Self::Roster,
        Self::Join,
        Self::Profile,
        Self::Consent,
    ];

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
