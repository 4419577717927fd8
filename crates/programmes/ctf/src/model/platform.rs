#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SolveSource {
    /// On-demand learning, which is always open.
    Odl,
    /// A Flash CTF, a short monthly event.
    FlashCtf,
}

impl SolveSource {
    pub const ALL: [Self; 2] = [Self::Odl, Self::FlashCtf];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Odl => "odl",
            Self::FlashCtf => "flash_ctf",
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
            Self::Odl => "On-demand learning",
            Self::FlashCtf => "Flash CTF",
        }
    }
}

/// The state of an account on the game platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountStatus {
    UserCreated,
    /// Not yet approved by the platform.
    PendingApproval,
    Approved,
    Denied,
}

impl AccountStatus {
    pub const ALL: [Self; 4] =
        [Self::UserCreated, Self::PendingApproval, Self::Approved, Self::Denied];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserCreated => "user_created",
            Self::PendingApproval => "pending_approval",
            Self::Approved => "approved",
            Self::Denied => "denied",
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
            Self::UserCreated => "Created",
            Self::PendingApproval => "Pending approval",
            Self::Approved => "Approved",
            Self::Denied => "Denied",
        }
    }
}

/// The result of the last attempt to sync a competitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SyncResult {
    /// All answers were stored.
    Success,
    /// At least one call failed.
    Failure,
}

impl SyncResult {
    pub const ALL: [Self; 2] = [Self::Success, Self::Failure];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
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
            Self::Success => "Success",
            Self::Failure => "Failure",
        }
    }
}
