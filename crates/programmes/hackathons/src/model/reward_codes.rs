platform::codes! {
    /// The type of a reward.
    RewardKind {
        /// Things with the community's mark.
        Swag = "swag", "Swag";
        /// Money.
        Cash = "cash", "Cash";
        /// A code for a shop or a service.
        Coupon = "coupon", "Coupon";
        /// Time with a mentor.
        Mentorship = "mentorship", "Mentorship";
        /// A certificate.
        Credential = "credential", "Credential";
        /// Anything else.
        Other = "other", "Other";
    }
}

platform::codes! {
    /// Says what a person states, or gets, to receive a reward.
    ClaimKind {
        /// Nothing is needed.
        None = "none", "Nothing";
        /// They state an address.
        Address = "address", "A postal address";
        /// They state an email address.
        Email = "email", "An email address";
        /// They get one of the reward's codes.
        Code = "coupon_code", "A code from the reward's list";
    }
}

platform::codes! {
    /// The status of a redemption.
    RedemptionStatus {
        /// A person redeemed the reward.
        Requested = "requested", "Requested";
        /// An admin approved it.
        Approved = "approved", "Approved";
        /// It was sent, or its code is shown.
        Fulfilled = "fulfilled", "Fulfilled";
        /// The person has it.
        Delivered = "delivered", "Delivered";
        /// It was canceled, and the points were returned.
        Canceled = "canceled", "Canceled";
    }
}

impl RedemptionStatus {
    /// Returns the class of its tag.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Requested => "t-azure",
            Self::Approved => "t-or",
            Self::Fulfilled | Self::Delivered => "t-vert",
            Self::Canceled => "t-sable",
        }
    }

    /// Returns the status that follows, and the label of the button that leads to it.
    #[must_use]
    pub const fn next(self) -> Option<(Self, &'static str)> {
        match self {
            Self::Requested => Some((Self::Approved, "Approve")),
            Self::Approved => Some((Self::Fulfilled, "Mark as fulfilled")),
            Self::Fulfilled => Some((Self::Delivered, "Mark as delivered")),
            Self::Delivered | Self::Canceled => None,
        }
    }

    /// Returns whether an admin can still cancel it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Approved | Self::Fulfilled)
    }

    /// Returns whether the person sees the code that they got.
    #[must_use]
    pub const fn shows_code(self) -> bool {
        matches!(self, Self::Fulfilled | Self::Delivered)
    }
}
