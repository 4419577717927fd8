use crate::db::DbError;

/// A job could not do its work now.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Anything else, in a sentence.
    #[error("{0}")]
    Other(String),
}
