platform::codes! {
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    SolveSource {
        /// On-demand learning, which is always open.
        Odl = "odl", "On-demand learning";
        /// A Flash CTF, a short monthly event.
        FlashCtf = "flash_ctf", "Flash CTF";
    }
}

platform::codes! {
    /// The state of an account on the game platform.
    AccountStatus {
        UserCreated = "user_created", "Created";
        /// Not yet approved by the platform.
        PendingApproval = "pending_approval", "Pending approval";
        Approved = "approved", "Approved";
        Denied = "denied", "Denied";
    }
}

impl AccountStatus {
    /// Returns the state that the platform states, which is stored as it is; `None` for one that this release does not know.
    #[must_use]
    pub fn stated(text: Option<&str>) -> Option<Self> {
        text.and_then(Self::named)
    }
}

platform::codes! {
    /// The result of the last attempt to sync a competitor.
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    SyncResult {
        /// All answers were stored.
        Success = "success", "Success";
        /// At least one call failed.
        Failure = "failure", "Failure";
    }
}
