use platform::{
    Context,
    db::{DbError, Tx},
    flags::Permit,
    jobs::Failure,
};
use uuid::Uuid;

use super::tokens::reader;
use crate::{
    gateway::{ApiError, Call, Clients, GithubApi},
    model::{PATCHES, PULL_REQUEST_CHANGED, PatchedFile, PullRequestId},
    store::{
        patches::{self, ClaimedPatch, QUEUE},
        repositories,
    },
};

/// Requests the patches of pull requests from GitHub's API. A pull request whose patch was read is woken as with new
/// statements.
///
/// # Errors
/// When the database fails.
pub async fn request_patches(
    tx: &mut Tx,
    context: &Context,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<(), DbError> {
    if patches::request(tx, context.ids.as_ref(), pulls, context.now()).await? > 0 {
        tx.raise(PATCHES);
    }
    Ok(())
}

/// Reads the patch of a pull request from GitHub's API.
pub(crate) struct PatchReading<'a> {
    pub(crate) context: &'a Context,
    pub(crate) clients: &'a Clients,
    pub(crate) permit: &'a Permit<GithubApi>,
    pub(crate) worker: Uuid,
    pub(crate) claimed: ClaimedPatch,
}

impl PatchReading<'_> {
    /// Stores what GitHub shows of the patch. If it shows nothing, that is stored, too.
    pub(crate) async fn run(&self) -> Result<(), DbError> {
        let db = &self.context.db;
        let Some(pull) = patches::pull(db, self.claimed.pull_request_id).await? else {
            return self.end("the pull request is gone").await;
        };
        if pull.head_sha.as_ref() != Some(&self.claimed.head_sha) {
            return self.end("not read: there are newer commits").await;
        }
        let repository = pull.repository_id.into();
        let known = repositories::by_id(db, repository).await?;
        let reader = reader(self.context, self.clients, repository).await?;
        let (Some(known), Some(reader)) = (known, reader) else {
            return self.decline(pull.repository_id).await;
        };
        let call = Call::new(self.context, self.permit);
        match reader.api.patches(call, &known.full_name, pull.number).await {
            Ok(files) => self.store(Some(&files)).await,
            Err(ApiError::NotFound | ApiError::Refused { .. } | ApiError::Unexpected(_)) => {
                self.store(None).await
            }
            Err(error) => {
                let failure = reader.failed(self.context, error).await?;
                self.fail(&failure).await
            }
        }
    }

    async fn store(&self, files: Option<&[PatchedFile]>) -> Result<(), DbError> {
        let ClaimedPatch { id, pull_request_id, .. } = self.claimed;
        let now = self.context.now();
        let mut tx = self.context.begin().await?;
        if patches::store(&tx, self.worker, id, files).await? {
            let outcome = if files.is_some() { "read" } else { "GitHub does not show it" };
            QUEUE.complete(&tx, self.worker, [(id, outcome.to_owned())], now).await?;
            let (changed, ids) = (files.map(|_| pull_request_id), self.context.ids.as_ref());
            tx.wake(PULL_REQUEST_CHANGED, changed, ids, now).await?;
        }
        tx.commit().await
    }

    async fn end(&self, outcome: &str) -> Result<(), DbError> {
        let now = self.context.now();
        let tx = self.context.begin().await?;
        let done = [(self.claimed.id, outcome.to_owned())];
        QUEUE.complete(&tx, self.worker, done, now).await?;
        tx.commit().await
    }

    /// Ends every request for a repository that no token can read. The next settlement of a pull request requests it
    /// again.
    async fn decline(&self, repository: Uuid) -> Result<(), DbError> {
        let tx = self.context.begin().await?;
        patches::decline(&tx, self.worker, repository, self.context.now()).await?;
        tx.commit().await
    }

    async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let attempt = (self.claimed.id, self.claimed.attempts);
        QUEUE.record_failure(self.context, self.worker, attempt, failure).await
    }
}
