platform::codes! {
    /// The people whom an announcement addresses.
    Segment {
        /// Everyone with a place.
        Accepted = "accepted", "Everyone with a place";
        /// Everyone on the waitlist.
        Waitlisted = "waitlisted", "The waitlist";
        /// People with a place who have not submitted, and neither has their team.
        WithoutSubmission = "without_submission", "Teams and people without a submission";
        /// The people of submissions that are neither withdrawn nor disqualified.
        Submitters = "submitters", "Teams and people with a submission";
        /// The people of submissions that the jury chose.
        Finalists = "finalists", "Finalists and winners";
        /// The judges.
        Judges = "judges", "Judges";
        /// The mentors.
        Mentors = "mentors", "Mentors";
    }
}
