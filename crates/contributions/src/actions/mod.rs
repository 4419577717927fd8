//! Every change to projects and contributions.

mod add_repository;
mod create_project;
mod maintainers;
mod mature;
mod settle;
mod settle_windows;

pub use add_repository::add_repository;
pub use create_project::{NewProject, Project, create_project};
pub use maintainers::{appoint_maintainer, dismiss_maintainer};
pub use mature::mature;
pub use settle::{LANE, Settled, awaiting, settle_changed, settle_pulls};
pub use settle_windows::project_board;

use kernel::Problem;
use platform::{crypto::CryptoError, db::DbError};

/// A change was not made.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The caller can act on it.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// A secret cannot be encrypted.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<github::actions::RegisterError> for ActionError {
    fn from(error: github::actions::RegisterError) -> Self {
        match error {
            github::actions::RegisterError::Refused(problem) => Self::Refused(problem),
            github::actions::RegisterError::Crypto(error) => Self::Crypto(error),
            github::actions::RegisterError::Db(error) => Self::Db(error),
        }
    }
}
