platform::codes! {
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

platform::codes! {
    /// A service that the board of a team is exported to.
    BoardService {
        /// A board on Trello.
        Trello = "trello", "Trello";
        /// A database in Notion.
        Notion = "notion", "Notion";
    }
}

impl BoardService {
    /// Returns the word for a card, and for several.
    #[must_use]
    pub const fn cards(self) -> (&'static str, &'static str) {
        match self {
            Self::Trello => ("card", "cards"),
            Self::Notion => ("page", "pages"),
        }
    }
}
