use serde::{Deserialize, Serialize};

use super::Reason;

/// The health of a repository with its three parts, each 0 to 100.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// The whole: 40 % activity, 40 % community, 20 % documentation.
    pub total: u8,
    /// How recently something was pushed.
    pub activity: u8,
    /// How maintainers respond to people from outside.
    pub community: u8,
    /// The files and texts that newcomers need.
    pub documentation: u8,
    /// The contributions to all four numbers.
    pub reasons: Vec<Reason>,
}
