platform::codes! {
    /// A reason not to publish results yet.
    ResultBlocker {
        /// An award is that of a submission that does not count, or is not in the track of the prize.
        InvalidAward = "invalid_award", "Awards that are not valid";
        /// Projects are tied, and differ in a prize that all could have, or in the choice of the jury.
        OpenTie = "open_tie", "Open ties that decide a prize";
        /// A prize is left without a submission that gets it.
        PrizeWithoutWinner = "prize_without_winner", "Prizes without a winner";
        /// A project was judged by fewer judges than planned.
        MissingScores = "missing_scores", "Missing scores";
        /// The score of a judge counts although they declared a conflict of interest with the project.
        CountedConflict = "counted_conflict", "Scores despite a conflict of interest";
        /// A team appeals against its disqualification.
        OpenAppeal = "open_appeal", "Open appeals";
    }
}

impl ResultBlocker {
    /// Returns whether an organizer can publish in spite of it, for a written reason.
    #[must_use]
    pub const fn may_be_overridden(self) -> bool {
        !matches!(self, Self::InvalidAward)
    }

    /// Returns the page on which organizers settle it, as the end of its path.
    #[must_use]
    pub const fn part(self) -> &'static str {
        match self {
            Self::InvalidAward => "prize-awards",
            Self::OpenTie => "judging/results",
            Self::PrizeWithoutWinner => "prizes",
            Self::MissingScores | Self::CountedConflict => "judging/coverage",
            Self::OpenAppeal => "submissions",
        }
    }

    /// Returns what settles it, as a sentence.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::InvalidAward => "Take the award back, or award the prize to another submission.",
            Self::OpenTie => "Decide the tie, or give the tied projects the same.",
            Self::PrizeWithoutWinner => "Award the prize, or remove it.",
            Self::MissingScores => "Move the end of judging, so that judges can score the project.",
            Self::CountedConflict => "Disregard the score in the jury's choice.",
            Self::OpenAppeal => "End the disqualification, or keep it and state why.",
        }
    }

    /// Returns the field of a form for the reason to override it.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::InvalidAward => "override_invalid_award",
            Self::OpenTie => "override_open_tie",
            Self::PrizeWithoutWinner => "override_prize_without_winner",
            Self::MissingScores => "override_missing_scores",
            Self::CountedConflict => "override_counted_conflict",
            Self::OpenAppeal => "override_open_appeal",
        }
    }
}
