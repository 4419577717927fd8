/// The division of a coach or a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Division {
    MiddleSchool,
    HighSchool,
    College,
}

impl Division {
    pub const ALL: [Self; 3] = [Self::MiddleSchool, Self::HighSchool, Self::College];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MiddleSchool => "middle_school",
            Self::HighSchool => "high_school",
            Self::College => "college",
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
            Self::MiddleSchool => "Middle school",
            Self::HighSchool => "High school",
            Self::College => "College",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TeamStatus {
    /// It takes members and is not on the game platform.
    Forming,
    /// It is on the game platform.
    Active,
    /// Its school year is over.
    Archived,
}

impl TeamStatus {
    pub const ALL: [Self; 3] = [Self::Forming, Self::Active, Self::Archived];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forming => "forming",
            Self::Active => "active",
            Self::Archived => "archived",
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
            Self::Forming => "Forming",
            Self::Active => "Active",
            Self::Archived => "Archived",
        }
    }
}
