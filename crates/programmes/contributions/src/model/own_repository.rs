use github::rules::own_repository::{Obstacle, OwnRepository};

/// A repository that a person maintains on GitHub, and whether they can register it with a project.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub repository: OwnRepository,
    /// Tells if it can be registered.
    pub state: CandidateState,
}

/// The state of a repository for a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CandidateState {
    Free,
    /// It already belongs to the project with this slug.
    Registered(String),
    /// GitHub or the project does not allow it.
    Refused(Obstacle),
}

#[derive(Clone, Debug)]
pub struct Candidates {
    /// The candidates, by name.
    pub items: Vec<Candidate>,
    /// The number of the next page on GitHub, if there is one.
    pub next: Option<u32>,
    /// True if GitHub left out repositories of organizations, because they require single sign-on.
    pub is_partial: bool,
}
