platform::codes! {
    /// The state of a request for help.
    HelpState {
        /// It waits for a mentor.
        Waiting = "waiting", "Waiting";
        /// A mentor comes.
        Taken = "taken", "Taken";
        /// A mentor helped.
        Answered = "answered", "Answered";
        /// The team withdrew it.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

impl HelpState {
    /// Returns whether the team still gets help with it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Taken)
    }

    /// Returns the class of its tag.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Waiting => "t-or",
            Self::Taken => "t-azure",
            Self::Answered => "t-vert",
            Self::Withdrawn => "t-sable",
        }
    }
}
