use kernel::Timestamp;
use sea_orm::FromQueryResult;

/// The six instants of a hackathon. Intervals are half-open: at its opening something is open, at its closing it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Timeline {
    /// When people can begin to apply.
    pub application_opens_at: Timestamp,
    /// When they no longer can.
    pub application_closes_at: Timestamp,
    /// When teams can begin to submit.
    pub submission_opens_at: Timestamp,
    /// When they no longer can.
    pub submission_closes_at: Timestamp,
    /// When judging begins. Without judging, it is the end of submissions.
    pub judging_opens_at: Timestamp,
    /// When judging ends. Without judging, it is the end of submissions.
    pub judging_closes_at: Timestamp,
}

/// The steps that organizers took with a hackathon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Steps {
    pub published_at: Option<Timestamp>,
    pub canceled_at: Option<Timestamp>,
    pub results_published_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
}
