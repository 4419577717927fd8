use identity::model::UserId;

use super::TeamId;

/// The team or the person that submits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submitter {
    /// A team.
    Team(TeamId),
    /// A person without a team.
    Person(UserId),
}
