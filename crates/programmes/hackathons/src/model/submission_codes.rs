platform::codes! {
    /// The status of a submission, derived from its facts.
    SubmissionStatus {
        /// It was saved and not submitted.
        Draft = "draft", "Draft";
        /// It waits for its checks.
        Pending = "pending", "Waiting for checks";
        /// It was submitted on time, and no required check fails.
        Valid = "valid", "Valid";
        /// It was submitted after the deadline, and no required check fails.
        Late = "late", "Late";
        /// A required check fails, and no organizer has admitted it.
        Invalid = "invalid", "A required check fails";
        /// Judges judge it.
        UnderReview = "under_review", "Being judged";
        /// The jury chose it as a finalist.
        Finalist = "finalist", "Finalist";
        /// It won.
        Winner = "winner", "Winner";
        /// An organizer disqualified it.
        Disqualified = "disqualified", "Disqualified";
        /// The team withdrew it.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

impl SubmissionStatus {
    /// Returns the class of its tag.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Draft => "t-argent",
            Self::Pending | Self::UnderReview => "t-azure",
            Self::Valid | Self::Finalist | Self::Winner => "t-vert",
            Self::Late => "t-or",
            Self::Invalid | Self::Disqualified => "t-gules",
            Self::Withdrawn => "t-sable",
        }
    }
}

platform::codes! {
    /// The choice of the jury.
    JuryOutcome {
        /// A finalist.
        Finalist = "finalist", "Finalist";
        /// A winner.
        Winner = "winner", "Winner";
    }
}

platform::codes! {
    /// The result of all checks of a submission together.
    Verdict {
        /// No required check fails.
        Valid = "valid", "Valid";
        /// A required check fails.
        Invalid = "invalid", "Not valid";
    }
}

platform::codes! {
    /// A check of a submission.
    CheckKind {
        /// The repository exists, can be read, and belongs to a member of the team or is shared with one.
        Repository = "repository", "Repository can be read and is yours";
        /// The branch has a commit, which is pinned.
        Branch = "branch", "Branch is pinned";
        /// The work was done between the opening and the end of submissions.
        Window = "window", "Work was done inside the window";
        /// The authors of commits are members of the team.
        Authors = "authors", "Authors are members of the team";
        /// The required files exist.
        Files = "files", "Required files";
        /// The files contain no keys and passwords.
        Secrets = "secrets", "No secrets";
        /// It is no fork and shares no files with another submission.
        Copies = "copies", "Not a copy";
    }
}

impl CheckKind {
    /// Returns whether a failure makes the submission invalid. Everything else is for people to judge.
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Repository | Self::Branch | Self::Files)
    }
}

platform::codes! {
    /// The outcome of a check.
    #[derive(serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    CheckOutcome {
        /// All is well.
        Pass = "pass", "Pass";
        /// A person should look at it.
        Warn = "warn", "Warn";
        /// It is not fulfilled.
        Fail = "fail", "Fail";
    }
}

impl CheckOutcome {
    /// Returns the class of its tag.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Pass => "t-vert solid",
            Self::Warn => "t-or",
            Self::Fail => "t-gules",
        }
    }
}

platform::codes! {
    /// The occasion of a check.
    CheckTrigger {
        /// A version was submitted.
        Submit = "submit", "Submitted";
        /// Commits were pushed to the repository.
        Push = "push", "Pushed";
        /// The repository was read because it sends no webhooks.
        Poll = "poll", "Read";
        /// Submissions closed.
        Deadline = "deadline", "At the deadline";
        /// A person asked for it.
        Request = "request", "Requested";
    }
}
