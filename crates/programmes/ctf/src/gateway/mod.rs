//! The game platform: one trait for all platforms, and the client of `MetaCTF`'s API.

mod answers;
mod client;
mod error;
#[cfg(test)]
mod fuzz;
mod held;
mod link;
mod measure;
mod metactf;
mod model;
mod platforms;
mod recorder;
mod services;
#[cfg(test)]
mod tests;
mod throttle;
mod values;

use std::fmt::Debug;

use futures_util::future::BoxFuture;
use kernel::Timestamp;
use platform::flags::{Flag, FlagKind, Outgoing, Start};
use uuid::Uuid;

pub use error::PlatformError;
pub use held::held_back;
pub(crate) use measure::{ERRORS, REMAINING, REQUESTS};
pub use model::{
    Assignment, FlashEvent, NewTeam, NewUser, OdlScores, PlatformRole, PlatformUser, Solve,
};
pub use platforms::{CheckResult, ConnectionChecks, Platforms};
pub use services::services;

#[derive(Debug)]
pub struct GamePlatformCalls;

impl Outgoing for GamePlatformCalls {
    const FLAG: &'static Flag = &Flag {
        name: "game_platform_integration",
        kind: FlagKind::Outgoing,
        variable: "GAME_PLATFORM_INTEGRATION_ENABLED",
        start: Start::Off,
        description: "The connection to the game platform.",
    };
}

/// A call to the game platform that is under way.
pub type PlatformCall<'a, T> = BoxFuture<'a, Result<T, PlatformError>>;

/// A game platform. IDs are those of this server, as text. Every call fails with [`PlatformError::SwitchedOff`] once the flag
/// is off. An answer that states the ID of another person is an error.
pub trait GamePlatform: Debug + Send + Sync {
    /// Returns the ID for a person or a team of this server on the platform.
    fn id_of(&self, id: Uuid) -> String {
        id.to_string()
    }

    /// Returns a person's account; `None` if the platform does not know the ID.
    fn user<'a>(&'a self, id: &'a str) -> PlatformCall<'a, Option<PlatformUser>>;

    /// Creates an account, and returns it.
    fn create_user(&self, user: NewUser) -> PlatformCall<'_, PlatformUser>;

    fn create_team(&self, team: NewTeam) -> PlatformCall<'_, ()>;

    /// Deletes a team without members.
    fn delete_team<'a>(&'a self, team: &'a str) -> PlatformCall<'a, ()>;

    /// Makes a person a member of a team.
    fn assign<'a>(&'a self, team: &'a str, user: &'a str) -> PlatformCall<'a, ()>;

    /// Removes a person from their team.
    fn unassign<'a>(&'a self, user: &'a str) -> PlatformCall<'a, ()>;

    /// Returns the members of one team, or of all.
    fn assignments<'a>(&'a self, team: Option<&'a str>) -> PlatformCall<'a, Vec<Assignment>>;

    /// Returns a person's results in on-demand learning, with the solves since `after`, or all. Whether the totals count what
    /// is before `after` is up to the platform.
    fn odl_scores<'a>(
        &'a self,
        user: &'a str,
        after: Option<Timestamp>,
    ) -> PlatformCall<'a, OdlScores>;

    /// Returns a person's results in all Flash CTFs.
    fn flash_progress<'a>(&'a self, user: &'a str) -> PlatformCall<'a, Vec<FlashEvent>>;

    /// Makes the platform send a person an email that resets their password.
    fn send_password_reset<'a>(&'a self, user: &'a str) -> PlatformCall<'a, ()>;
}
