use platform::module::EventMoment;

platform::codes! {
    /// Says who finds a hackathon, and who can apply.
    Visibility {
        /// It is listed, and everyone can apply.
        Public = "public", "Public";
        /// It is listed, and only people with the invitation link can apply.
        InviteOnly = "invite_only", "Invitation only";
        /// Only staff, people who applied, and people with the invitation link see it.
        Private = "private", "Private";
    }
}

platform::codes! {
    /// Says how places are given.
    Places {
        /// Everyone who applies gets a place, or is on the waitlist.
        Automatic = "automatic", "Automatically";
        /// Organizers review applications.
        Review = "review", "After a review";
    }
}

platform::codes! {
    /// The kind of place where a hackathon is held.
    Held {
        Online = "online", "Online";
        Onsite = "place", "At a place";
        Both = "both", "Both";
    }
}

platform::codes! {
    /// The role of a member of the staff of a hackathon.
    StaffRole {
        /// They run it.
        Organizer = "organizer", "Organizer";
        /// They judge it, so they cannot take part.
        Judge = "judge", "Judge";
        /// They help teams.
        Mentor = "mentor", "Mentor";
    }
}

platform::codes! {
    /// The status of an application.
    ApplicationStatus {
        /// It waits for a review by an organizer.
        PendingReview = "pending_review", "Waiting for review";
        /// It was accepted without a review, and holds a place.
        AutoAccepted = "auto_accepted", "Accepted";
        /// An organizer approved it, and it holds a place.
        Approved = "approved", "Accepted";
        /// It is on the waitlist.
        Waitlisted = "waitlisted", "Waitlist";
        /// An organizer rejected it.
        Rejected = "rejected", "Rejected";
        /// The person withdrew it.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

impl StaffRole {
    /// Returns whether they can take part. Organizers and judges decide about the others.
    #[must_use]
    pub const fn may_take_part(self) -> bool {
        matches!(self, Self::Mentor)
    }
}

impl ApplicationStatus {
    /// Returns whether it holds a place.
    #[must_use]
    pub const fn holds_place(self) -> bool {
        matches!(self, Self::AutoAccepted | Self::Approved)
    }

    /// Returns whether it can still lead to a place, or holds one.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Rejected | Self::Withdrawn)
    }

    /// Returns the class of its tag.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::PendingReview => "t-azure",
            Self::AutoAccepted | Self::Approved => "t-vert",
            Self::Waitlisted => "t-or",
            Self::Rejected => "t-gules",
            Self::Withdrawn => "t-sable",
        }
    }
}

platform::codes! {
    /// The role of a member of a team.
    TeamRole {
        /// They lead it.
        Leader = "leader", "Leader";
        /// They can do everything that the leader can, except give away the lead.
        CoLeader = "co_leader", "Co-leader";
        /// They are in the team.
        Member = "member", "Member";
    }
}

impl TeamRole {
    /// Returns whether they may change the team and its members.
    #[must_use]
    pub const fn manages(self) -> bool {
        matches!(self, Self::Leader | Self::CoLeader)
    }
}

platform::codes! {
    /// The status of a membership in a team.
    MemberStatus {
        /// The leader or a co-leader invited them, and they have not answered.
        Invited = "invited", "Invited";
        /// They are in the team.
        Active = "active", "Active";
        /// They left it.
        Left = "left", "Left";
        /// The leader or a co-leader removed them.
        Removed = "removed", "Removed";
    }
}

platform::codes! {
    /// The phase of a hackathon, in order. A canceled one stays canceled.
    Phase {
        /// Only organizers see it.
        Draft = "draft", "Draft";
        /// Applications open later.
        Upcoming = "upcoming", "Upcoming";
        /// People can apply.
        Applications = "applications", "Applications";
        /// Applications are closed, and submissions not yet open.
        ApplicationsClosed = "applications_closed", "Applications closed";
        /// Teams build and submit.
        Submission = "submission", "Submission";
        /// Submissions are closed, and judging has not begun.
        SubmissionClosed = "submission_closed", "Submissions closed";
        /// Judges judge.
        Judging = "judging", "Judging";
        /// Judging is over, and there are no results yet.
        JudgingClosed = "judging_closed", "Judging closed";
        /// The results are published.
        Completed = "completed", "Completed";
        /// It is kept to be read.
        Archived = "archived", "Archived";
        /// It does not take place. Its code has the spelling that statements of operators ask for.
        Canceled = "cancelled", "Canceled";
    }
}

impl Phase {
    /// Returns whether teams can still change.
    #[must_use]
    pub fn forms_teams(self) -> bool {
        matches!(self, Self::Applications | Self::ApplicationsClosed | Self::Submission)
    }

    /// Returns whether people are notified when it begins. The others have messages of their own.
    #[must_use]
    pub fn is_notified(self) -> bool {
        matches!(self, Self::Submission | Self::Judging)
    }

    /// Returns whether free places still go to the waitlist.
    #[must_use]
    pub fn moves_waitlist(self) -> bool {
        self <= Self::Submission
    }

    /// Returns whether its dates are past, also if there are no results yet.
    #[must_use]
    pub fn has_ended(self) -> bool {
        self >= Self::JudgingClosed
    }

    /// Returns its place in time: it runs from the opening of submissions to the end of judging.
    #[must_use]
    pub fn moment(self) -> EventMoment {
        match self {
            Self::Draft | Self::Upcoming | Self::Applications | Self::ApplicationsClosed => {
                EventMoment::Coming
            }
            Self::Submission | Self::SubmissionClosed | Self::Judging => EventMoment::Running,
            Self::JudgingClosed | Self::Completed | Self::Archived | Self::Canceled => {
                EventMoment::Past
            }
        }
    }

    /// Returns whether people and dates can no longer change.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Archived | Self::Canceled)
    }

    /// Returns the class of its tag.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Draft | Self::Upcoming => "t-argent",
            Self::Applications | Self::Submission | Self::Judging => "t-azure",
            Self::ApplicationsClosed | Self::SubmissionClosed | Self::JudgingClosed => "t-or",
            Self::Completed => "t-vert",
            Self::Archived => "t-sable",
            Self::Canceled => "t-gules",
        }
    }
}

platform::codes! {
    /// The status of a friendship.
    FriendStatus {
        /// The addressee has not answered the request.
        Pending = "pending", "Request";
        /// The two are friends.
        Accepted = "accepted", "Friends";
        /// The addressee declined the request.
        Declined = "declined", "Declined";
        /// The addressee blocks the requester.
        Blocked = "blocked", "Blocked";
    }
}

platform::codes! {
    /// A list in which a person sees another.
    FriendList {
        /// They are friends.
        Friends = "friends", "Friends";
        /// The other asked the person.
        Received = "received", "Requests received";
        /// The person asked the other.
        Sent = "sent", "Requests sent";
        /// The person blocks the other.
        Blocked = "blocked", "Blocked people";
    }
}
