use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
    flags::Permit,
    jobs::{Failure, Queue},
};
use uuid::Uuid;

use super::{FACTS, apply_issues::wake_issues, follow_settings::follow_newer, tokens::Reader};
use crate::{
    gateway::{ApiError, Call, GithubApi, Read},
    model::{Repository, RepositoryId},
    rules::queried::RestDescription,
    store::repositories::{self, NOT_FOUND, RepositorySettings},
};

/// The smallest page that is requested when GitHub cannot answer larger ones.
const SMALLEST_PAGE: i64 = 5;

/// The reason that no repository can be read.
pub const NO_TOKEN: &str = "The server has no token for GitHub's API. An admin can save one at Settings › GitHub (/setup/github).";

/// The reason that a page was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("{}", .0.reason())]
    Failed(Failure),
    /// GitHub does not show the repository, whose ID it was read by.
    #[error("GitHub does not show the repository")]
    Missing,
    /// GitHub does not accept the token, or gives none of the App's installation.
    #[error(transparent)]
    Credential(ApiError),
}

impl From<ApiError> for SyncError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::NotFound => Self::Missing,
            error @ (ApiError::BadToken | ApiError::Suspended | ApiError::NotInstalled) => {
                Self::Credential(error)
            }
            error => Self::Failed(error.into()),
        }
    }
}

impl From<sea_orm::DbErr> for SyncError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Database(error.into())
    }
}

/// A claimed request to read a repository.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) queue: Queue,
    pub(crate) row: Uuid,
    pub(crate) attempts: i64,
    pub(crate) repository: RepositoryId,
}

/// Reads a repository page by page.
pub(crate) trait Pages: std::marker::Sync {
    /// Returns the repository and the means to read it.
    fn reading(&self) -> &Reading<'_>;

    /// Reads the next page, and records what it states together with the place of the page after it, so that a worker that
    /// dies repeats one page at most.
    ///
    /// # Errors
    /// When GitHub does not respond or refuses, or the database fails.
    fn step(&self) -> impl Future<Output = Result<(), SyncError>> + Send;

    /// Ends the request without reading anything, because the repository cannot be read.
    ///
    /// # Errors
    /// When the database fails, or another worker has the request now.
    fn give_up(&self, outcome: &str) -> impl Future<Output = Result<(), SyncError>> + Send;
}

/// The means to read one repository, whatever is read of it.
pub(crate) struct Reading<'a> {
    pub(crate) context: &'a Context,
    pub(crate) reader: Reader,
    pub(crate) permit: &'a Permit<GithubApi>,
    pub(crate) worker: Uuid,
    pub(crate) request: Request,
}

impl Reading<'_> {
    pub(super) fn call(&self) -> Call<'_> {
        Call::new(self.context, self.permit)
    }

    pub(super) fn repository(&self) -> RepositoryId {
        self.request.repository
    }

    /// Returns what is known about the repository.
    pub(super) async fn known(&self) -> Result<Repository, SyncError> {
        let known = repositories::by_id(&self.context.db, self.repository()).await?;
        let gone = || Failure::Fail("the repository is no longer registered".to_owned());
        known.ok_or_else(|| SyncError::Failed(gone()))
    }

    /// Reads the repository by its ID, and follows its name and settings. Returns its new ETag if it changed.
    pub(super) async fn describe(
        &self,
        known: &Repository,
        etag: Option<&str>,
    ) -> Result<Option<String>, SyncError> {
        let asked_at = self.context.now();
        let read = self.reader.api.repository(self.call(), known.github_id, etag);
        let Read::Changed(described, etag) = read.await? else {
            return Ok(None);
        };
        let tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        self.follow(&tx, &described, asked_at).await?;
        tx.commit().await?;
        Ok(etag)
    }

    async fn follow(
        &self,
        tx: &Tx,
        described: &RestDescription,
        asked_at: Timestamp,
    ) -> Result<(), DbError> {
        let (id, now) = (self.repository(), self.context.now());
        let stored = repositories::by_id(tx, id).await?;
        let shown = (asked_at, described.full_name.as_str());
        if stored
            .as_ref()
            .is_none_or(|stored| shown > (stored.name_seen_at, stored.full_name.as_str()))
        {
            let name = (id, asked_at, described.full_name.clone());
            repositories::rename(tx, &[name], now).await?;
        }
        let is_back = stored.as_ref().is_some_and(is_missing);
        let settings = RepositorySettings {
            is_deleted: false,
            seen_at: described.updated_at.unwrap_or(asked_at).min(asked_at),
            is_private: described.private,
            is_archived: described.archived,
        };
        if is_back {
            repositories::set(tx, id, &settings, now).await
        } else {
            follow_newer(tx, id, &settings, now).await
        }
    }

    /// Reads the repository's new name, because the known one is no one's or another repository's. The next attempt uses it.
    pub(super) async fn find_again(&self, known: &Repository) -> Result<(), SyncError> {
        self.describe(known, None).await?;
        let renamed = format!(
            "GitHub has another repository, or none, with the name {}; its present name is used next",
            known.full_name
        );
        Err(SyncError::Failed(Failure::Retry(renamed)))
    }

    /// Records the consequence of a page that was not read.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn settle(&self, pages: &impl Pages, error: SyncError) -> Result<(), DbError> {
        const WHY: &str = "The database failed while a page was recorded. The server tries again.";
        let error = match error {
            SyncError::Missing => match self.disable(pages).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            },
            error => error,
        };
        match error {
            SyncError::Failed(failure) => self.fail(&failure).await,
            SyncError::Credential(error) => {
                let failure = self.reader.failed(self.context, error).await?;
                self.fail(&failure).await
            }
            error => {
                tracing::error!(%error, "a page of a repository could not be recorded");
                self.fail(&Failure::Retry(WHY.to_owned())).await
            }
        }
    }

    /// Disables the repository, because GitHub does not show it. A later request enables it if GitHub shows it again.
    async fn disable(&self, pages: &impl Pages) -> Result<(), SyncError> {
        let mut tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        let (repository, now) = (self.repository(), self.context.now());
        repositories::disable_missing(&tx, repository, now).await?;
        let known = repositories::by_id(&tx, repository).await?;
        if known.is_some_and(|known| known.follows_issues) {
            wake_issues(&mut tx, self.context, [repository.0].into()).await?;
        }
        tx.commit().await?;
        pages.give_up(&format!("not read: {NOT_FOUND}")).await
    }

    /// Records a failed attempt. One that waits for GitHub does not count.
    async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let attempt = (self.request.row, self.request.attempts);
        self.request.queue.record_failure(self.context, self.worker, attempt, failure).await
    }
}

/// Returns the size of the page to request when one of `size` was too much for GitHub; `None` if no smaller one is tried.
pub(super) fn smaller(size: i64) -> Option<i64> {
    (size > SMALLEST_PAGE).then(|| (size / 2).max(SMALLEST_PAGE))
}

/// Returns the error of progress that was not recorded, because another worker has the request now.
pub(super) fn lost() -> SyncError {
    let lost = "another worker reads the repository now".to_owned();
    SyncError::Failed(Failure::Retry(lost))
}

pub(super) fn is_missing(known: &Repository) -> bool {
    known.disabled_reason.as_deref() == Some(NOT_FOUND)
}
