use platform::{Context, db::DbError};

use crate::{
    gateway::{PlatformError, Platforms},
    rules::plan::Skip,
};

/// The reason that something about one person could not be synced. Messages contain no names.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncTrouble {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("{0}")]
    Platform(#[from] PlatformError),
    /// Something is missing or wrong in what is stored here.
    #[error("{message}")]
    Data { kind: &'static str, message: String },
    /// The person must not be asked for any more.
    #[error("{}", .0.message())]
    Skip(Skip),
}

impl SyncTrouble {
    pub(crate) fn data(kind: &'static str, message: impl Into<String>) -> Self {
        Self::Data { kind, message: message.into() }
    }

    /// Returns the kind, one word.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Db(_) => "database",
            Self::Platform(error) => error.kind(),
            Self::Data { kind, .. } => kind,
            Self::Skip(skip) => skip.kind(),
        }
    }
}

/// Returns whether an error ends a run or a comparison early. The switch ends it only if it is off for whomever; otherwise it
/// concerns one roster, which left the rollout.
pub(crate) fn ends(context: &Context, platforms: &Platforms, error: &PlatformError) -> bool {
    match error {
        PlatformError::SwitchedOff(_) => !platforms.is_enabled(context),
        error => stops(error),
    }
}

/// Returns whether an error can concern everyone.
pub(crate) fn stops(error: &PlatformError) -> bool {
    matches!(
        error,
        PlatformError::SwitchedOff(_) | PlatformError::Resting | PlatformError::Rejected
    )
}

/// Returns whether an error means that the platform was not asked.
pub(crate) fn is_unasked(error: &PlatformError) -> bool {
    matches!(error, PlatformError::SwitchedOff(_) | PlatformError::Resting)
}
