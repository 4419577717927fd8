platform::codes! {
    /// A reason of an entry in the ledger.
    PointReason {
        /// A submission was judged.
        Submission = "hackathon_submission", "submitted";
        /// The jury chose it as a finalist.
        Finalist = "hackathon_finalist", "was a finalist";
        /// It won.
        Winner = "hackathon_winner", "won";
    }
}
