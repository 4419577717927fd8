platform::codes! {
    /// A stage of the way from the page of a hackathon to a judged submission.
    FunnelStage {
        /// Its page was viewed.
        Viewed = "viewed";
        /// A person applied.
        Applied = "applied";
        /// A person created or joined a team.
        Teamed = "teamed";
        /// A submission was submitted for the first time.
        Submitted = "submitted";
        /// The first checks of a submission found it valid.
        Valid = "valid";
        /// A submission was judged when results were published.
        Judged = "judged";
    }
}
