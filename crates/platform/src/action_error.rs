use kernel::Problem;

use crate::{crypto::CryptoError, db::DbError, jobs::JobError, outbox::TemplateError};

/// The reason why an action failed.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// The action was rejected, and the caller can act on it.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// A secret cannot be created, encrypted or decrypted.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// An email cannot be rendered.
    #[error(transparent)]
    EmailTemplate(#[from] TemplateError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<ActionError> for JobError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Db(error) => Self::Db(error),
            other => Self::Other(other.to_string()),
        }
    }
}

impl ActionError {
    /// Names the rejected field, so that a form can show the sentence next to it.
    #[must_use]
    pub fn at(self, field: &'static str) -> Self {
        match self {
            Self::Refused(problem) => Self::Refused(problem.at(field)),
            other => other,
        }
    }

    /// Returns the refusal of a step, so that those of other steps can join it; any other error ends the action.
    ///
    /// # Errors
    /// When the step failed for a reason that the caller cannot correct.
    pub fn refusal<T>(result: Result<T, Self>) -> Result<Result<T, Problem>, Self> {
        match result {
            Ok(value) => Ok(Ok(value)),
            Err(Self::Refused(problem)) => Ok(Err(problem)),
            Err(other) => Err(other),
        }
    }
}
