use std::str::FromStr;

/// An action of a maintainer on a pull request, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewAction {
    /// The maintainer reviews it from now on.
    Started,
    RequestedChanges,
    /// It is ready to be merged.
    Approved,
    /// It will not be merged.
    Rejected,
    /// A comment, which changes no state.
    Commented,
    /// The maintainer withdraws the review, or reopens a rejected pull request.
    Released,
    Rated,
    /// A decision in a conflict of reviews.
    Overrode,
    MarkedSpam,
    UnmarkedSpam,
}

/// A decision about a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewVerdict {
    Approved,
    ChangesRequested,
}

impl ReviewAction {
    pub const ALL: [Self; 10] = [
        Self::Started,
        Self::RequestedChanges,
        Self::Approved,
        Self::Rejected,
        Self::Commented,
        Self::Released,
        Self::Rated,
        Self::Overrode,
        Self::MarkedSpam,
        Self::UnmarkedSpam,
    ];

    /// Returns the stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Started => "STARTED_REVIEW",
            Self::RequestedChanges => "REQUESTED_CHANGES",
            Self::Approved => "APPROVED",
            Self::Rejected => "REJECTED",
            Self::Commented => "COMMENTED",
            Self::Released => "RELEASED",
            Self::Rated => "RATED",
            Self::Overrode => "OVERRODE",
            Self::MarkedSpam => "MARKED_SPAM",
            Self::UnmarkedSpam => "UNMARKED_SPAM",
        }
    }

    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Started => "Review started",
            Self::RequestedChanges => "Changes requested",
            Self::Approved => "Approved",
            Self::Rejected => "Rejected",
            Self::Commented => "Comment",
            Self::Released => "Released",
            Self::Rated => "Rated",
            Self::Overrode => "Conflict decided",
            Self::MarkedSpam => "Marked as spam",
            Self::UnmarkedSpam => "Spam mark removed",
        }
    }
}

impl FromStr for ReviewAction {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|action| action.code() == text);
        found.ok_or_else(|| {
            let codes = Self::ALL.map(Self::code).join(", ");
            format!("'{text}' is not an action. Use one of: {codes}.")
        })
    }
}

impl ReviewVerdict {
    /// Returns the words for it, to end the sentence "It is …".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ChangesRequested => "waiting for changes",
        }
    }

    /// Returns the stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Approved => "APPROVED",
            Self::ChangesRequested => "CHANGES_REQUESTED",
        }
    }
}

impl FromStr for ReviewVerdict {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Approved, Self::ChangesRequested]
            .into_iter()
            .find(|decision| decision.code() == text)
            .ok_or_else(|| {
                format!("'{text}' is not a decision. Use APPROVED or CHANGES_REQUESTED.")
            })
    }
}
