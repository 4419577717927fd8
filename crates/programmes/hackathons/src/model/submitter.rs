use identity::model::UserId;

use super::TeamId;

/// The team or the person that submits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submitter {
    Team(TeamId),
    /// A person without a team.
    Person(UserId),
}
