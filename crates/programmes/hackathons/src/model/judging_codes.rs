platform::codes! {
    /// Says how judges judge.
    JudgingMode {
        /// They score criteria.
        Rubric = "rubric", "Scores by criteria";
        /// They put the projects that they have seen in an order.
        Ranking = "ranking", "An order of projects";
    }
}

platform::codes! {
    /// The state of a project with a judge.
    AssignmentStatus {
        /// The judge has it now.
        Open = "open", "Now";
        /// They judged it.
        Judged = "judged", "Judged";
        /// They skipped it.
        Skipped = "skipped", "Skipped";
        /// Its team had no time.
        Busy = "busy", "Team was busy";
        /// They did not find its team.
        Absent = "absent", "Team was absent";
        /// They have a conflict of interest.
        Conflict = "conflict", "Conflict declared";
    }
}

impl AssignmentStatus {
    /// Returns whether a judge can put a project aside with this status.
    #[must_use]
    pub const fn sets_aside(self) -> bool {
        matches!(self, Self::Skipped | Self::Busy | Self::Absent)
    }

    /// Returns the class of its tag.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Open => "t-azure",
            Self::Judged => "t-vert",
            Self::Skipped | Self::Busy | Self::Absent => "t-or",
            Self::Conflict => "t-sable",
        }
    }
}

platform::codes! {
    /// The kind of a conflict of interest.
    ConflictKind {
        /// The judge works or studies with a member.
        Work = "work", "I work or study with a member";
        /// A member is family or a friend.
        Family = "family", "Family or friend";
        /// The judge helped with the project.
        Helped = "helped", "I helped with this project";
        /// Another one.
        Other = "other", "Other";
    }
}
