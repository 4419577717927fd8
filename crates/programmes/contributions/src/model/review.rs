use std::str::FromStr;

platform::codes! {
    /// An action of a maintainer on a pull request, as stored.
    #[derive(Hash)]
    ReviewAction {
        /// The maintainer reviews it from now on.
        Started = "STARTED_REVIEW";
        RequestedChanges = "REQUESTED_CHANGES";
        /// It is ready to be merged.
        Approved = "APPROVED";
        /// It will not be merged.
        Rejected = "REJECTED";
        /// A comment, which changes no state.
        Commented = "COMMENTED";
        /// The maintainer withdraws the review, or reopens a rejected pull request.
        Released = "RELEASED";
        Rated = "RATED";
        /// A decision in a conflict of reviews.
        Overrode = "OVERRODE";
        MarkedSpam = "MARKED_SPAM";
        UnmarkedSpam = "UNMARKED_SPAM";
        MarkedLowValue = "MARKED_LOW_VALUE";
        UnmarkedLowValue = "UNMARKED_LOW_VALUE";
    }
}

platform::codes! {
    /// A decision about a pull request.
    #[derive(Hash)]
    ReviewVerdict {
        Approved = "APPROVED";
        ChangesRequested = "CHANGES_REQUESTED";
    }
}

impl ReviewAction {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Started => "Review started",
            Self::RequestedChanges => "Changes requested",
            Self::Approved => "Approved",
            Self::Rejected => "Rejected",
            Self::Commented => "Comment",
            Self::Released => "Given back",
            Self::Rated => "Rated",
            Self::Overrode => "Conflict decided",
            Self::MarkedSpam => "Marked as spam",
            Self::UnmarkedSpam => "Spam mark removed",
            Self::MarkedLowValue => "Marked as low value",
            Self::UnmarkedLowValue => "Low-value mark removed",
        }
    }

    /// Returns whether it gives or removes a mark, which takes a reason and no rating.
    #[must_use]
    pub fn is_mark(self) -> bool {
        use ReviewAction::{MarkedLowValue, MarkedSpam, UnmarkedLowValue, UnmarkedSpam};
        matches!(self, MarkedSpam | UnmarkedSpam | MarkedLowValue | UnmarkedLowValue)
    }
}

impl FromStr for ReviewAction {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::named(text).ok_or_else(|| {
            let codes = Self::ALL.map(Self::as_str).join(", ");
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
}

impl FromStr for ReviewVerdict {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::named(text).ok_or_else(|| {
            format!("'{text}' is not a decision. Use APPROVED or CHANGES_REQUESTED.")
        })
    }
}
