codes! {
    /// The state of a task on the board of a team.
    TaskState {
        /// No one works on it.
        Open = "open", "Open";
        /// Someone works on it.
        Doing = "doing", "Doing";
        /// It is finished.
        Done = "done", "Done";
    }
}

impl TaskState {
    /// Returns the class of its tag.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Open => "t-argent",
            Self::Doing => "t-azure",
            Self::Done => "t-vert",
        }
    }
}
