platform::codes! {
    /// The state of an award of a prize.
    PrizeState {
        /// A submission has the prize, and its people have not claimed it.
        Awarded = "awarded", "Awarded";
        /// A member stated where to send it.
        Claimed = "claimed", "Claimed";
        /// It is on its way.
        Sent = "sent", "Sent";
        /// The people have it.
        Received = "received", "Received";
        /// They do not get it, so that it can be awarded again.
        Forfeited = "forfeited", "Forfeited";
    }
}

impl PrizeState {
    /// Returns the class of its tag.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Awarded => "t-azure",
            Self::Claimed => "t-or",
            Self::Sent | Self::Received => "t-vert",
            Self::Forfeited => "t-sable",
        }
    }

    /// Returns whether the organizers still have to hand the prize over.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Awarded | Self::Claimed)
    }

    /// Returns whether it can still change.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Awarded | Self::Claimed | Self::Sent)
    }
}
