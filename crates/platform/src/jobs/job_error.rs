use crate::db::DbError;

/// The reason why a job failed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error(transparent)]
    Db(#[from] DbError),
    /// Another error, described in a sentence.
    #[error("{0}")]
    Other(String),
}
