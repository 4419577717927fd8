use std::collections::BTreeMap;

use chrono::TimeDelta;
use kernel::Timestamp;
use platform::{
    Context, crash,
    db::{DbError, Tx},
    flags::Permit,
    jobs::{Failure, Progress},
};
use uuid::Uuid;

use super::{
    FACTS,
    apply_pulls::{Source, Statement, apply_statements},
};
use crate::{
    gateway::{Api, ApiError, Call, GithubApi, Order, PullsPage, Read},
    model::{ChangedFile, PullRequestId, RepositoryId, SYNC_REQUESTED},
    rules::{
        payload::Repo,
        queried::{Described, QueriedPull, past_states},
    },
    store::{
        files, pulls,
        repositories::{self, KnownRepository, Settings},
        syncs::{self, Claimed, QUEUE, Step},
    },
};

/// The smallest page that is requested when GitHub cannot answer larger ones.
const SMALLEST_PAGE: i64 = 5;

/// How long before a request changes are read again: GitHub's API may lag behind.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// Requests that repositories are read from GitHub's API: those that were read before from then on, unless `whole`.
/// Repositories that are being read, or wait for it, are left out. Returns the number of requested ones.
pub async fn request_sync(
    tx: &mut Tx,
    context: &Context,
    repositories: impl IntoIterator<Item = RepositoryId>,
    whole: bool,
) -> Result<u64, DbError> {
    let mut requested = 0;
    for repository in repositories {
        let last = repositories::last_synced_at(tx, repository).await?;
        let since = last.filter(|_| !whole).map(|last| last - OVERLAP);
        let key = (context.ids.next(), repository);
        requested += syncs::request(tx, key, since, context.now()).await?;
    }
    if requested > 0 {
        tx.raise(SYNC_REQUESTED);
    }
    Ok(requested)
}

/// How long a repository is left alone that could not be read.
const AFTER_FAILURE: TimeDelta = TimeDelta::hours(6);

/// Requests that all enabled repositories are read from GitHub's API, except those that failed recently.
pub(crate) async fn request_all(context: &Context) -> Result<u64, DbError> {
    let mut tx = context.begin().await?;
    let failed_since = context.now() - AFTER_FAILURE;
    let enabled = repositories::to_sync(&tx, failed_since).await?;
    let requested = request_sync(&mut tx, context, enabled, false).await?;
    tx.commit().await?;
    Ok(requested)
}

/// Declines the requests to read repositories, because the server has no token.
pub(crate) async fn decline_syncs(context: &Context) -> Result<Progress, DbError> {
    const WHY: &str =
        "The server has no token for GitHub's API. An operator can set GITHUB_API_TOKEN.";
    if QUEUE.undone(&context.db).await? == 0 {
        return Ok(Progress::Idle);
    }
    let tx = context.begin().await?;
    syncs::decline(&tx, WHY).await?;
    tx.commit().await?;
    Ok(Progress::Worked)
}

/// The reason that a page was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("{}", .0.reason())]
    Failed(Failure),
}

impl From<ApiError> for SyncError {
    fn from(error: ApiError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<sea_orm::DbErr> for SyncError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Database(error.into())
    }
}

/// The work of reading one repository.
pub(crate) struct Sync<'a> {
    pub(crate) context: &'a Context,
    pub(crate) api: &'a Api,
    pub(crate) permit: &'a Permit<GithubApi>,
    pub(crate) worker: Uuid,
    pub(crate) claimed: Claimed,
}

impl Sync<'_> {
    /// Reads the next page of a repository, and records what it states together with the place of the page after it, so
    /// that a worker that dies repeats one page at most.
    ///
    /// # Errors
    /// When GitHub does not respond or refuses, or the database fails.
    pub(crate) async fn step(&self) -> Result<(), SyncError> {
        let known = repositories::known(&self.context.db, self.repository()).await?;
        let Some(mut known) = known else {
            return self
                .finish("the repository is not registered any more")
                .await;
        };
        if self.claimed.place.is_none() {
            let etag = self.claimed.repository_etag.as_deref();
            if let Some(described) = self.describe(known.github_id, etag).await? {
                known.full_name = described.full_name;
                if described.private {
                    return self.finish("the repository is private").await;
                }
            }
            if self.is_unchanged(&known.full_name).await? {
                return self.finish("nothing changed").await;
            }
        }
        let (order, place) = (self.order(), self.claimed.place.as_deref());
        let size = self.claimed.page_size;
        let page = self
            .api
            .pulls(self.call(), &known.full_name, order, place, size);
        match page.await {
            Ok(page) if page.repository == known.github_id => {
                self.record(page, known.github_id).await
            }
            Ok(_) | Err(ApiError::NotFound) => self.find_again(&known).await,
            Err(ApiError::TooMuch) if size > SMALLEST_PAGE => self.shrink().await,
            Err(error) => Err(error.into()),
        }
    }

    fn call(&self) -> Call<'_> {
        Call::new(self.context, self.permit)
    }

    fn repository(&self) -> RepositoryId {
        self.claimed.repository_id.into()
    }

    fn order(&self) -> Order {
        match self.claimed.since {
            Some(_) => Order::Changed,
            None => Order::Opened,
        }
    }

    /// Reads the repository by its ID, and follows its name and settings. Returns it if it changed.
    async fn describe(
        &self,
        github_id: i64,
        etag: Option<&str>,
    ) -> Result<Option<Described>, SyncError> {
        let read = self.api.repository(self.call(), github_id, etag).await?;
        let Read::Changed(described, etag) = read else {
            return Ok(None);
        };
        let now = self.context.now();
        let tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        let name = (self.repository(), now, described.full_name.clone());
        repositories::rename(&tx, &[name], now).await?;
        let settings = Settings {
            is_deleted: false,
            seen_at: described.updated_at.unwrap_or(now).min(now),
            is_private: described.private,
            is_archived: described.archived,
        };
        let stored = repositories::settings(&tx, self.repository()).await?;
        if stored.is_none_or(|stored| settings > stored) {
            repositories::set(&tx, self.repository(), &settings, now).await?;
        }
        syncs::keep_etags(&tx, self.claimed.id, etag, None).await?;
        tx.commit().await?;
        Ok(Some(described))
    }

    /// Reads the repository's new name, because the known one is no one's or another repository's. The next attempt uses it.
    async fn find_again(&self, known: &KnownRepository) -> Result<(), SyncError> {
        self.describe(known.github_id, None).await?;
        let renamed = format!(
            "{} has another name now, which is used next",
            known.full_name
        );
        Err(SyncError::Failed(Failure::Retry(renamed)))
    }

    /// Returns true if no pull request changed since the last time. A request for an unchanged list does not count toward
    /// GitHub's limit.
    async fn is_unchanged(&self, full_name: &str) -> Result<bool, SyncError> {
        if self.claimed.since.is_none() {
            return Ok(false);
        }
        let etag = self.claimed.pulls_etag.as_deref();
        let path =
            format!("/repos/{full_name}/pulls?state=all&sort=updated&direction=desc&per_page=1");
        let read = self
            .api
            .get::<serde::de::IgnoredAny>(self.call(), &path, etag)
            .await?;
        let Read::Changed(_, etag) = read else {
            return Ok(true);
        };
        let tx = self.context.begin().await?;
        syncs::keep_etags(&tx, self.claimed.id, None, etag).await?;
        tx.commit().await?;
        Ok(false)
    }

    /// Records what a page states.
    async fn record(&self, page: PullsPage, github_id: i64) -> Result<(), SyncError> {
        let now = self.context.now();
        let since = self.claimed.since;
        let is_new = |pull: &QueriedPull| since.is_none_or(|since| pull.updated_at >= since);
        let read_until = page.pulls.iter().any(|pull| !is_new(pull));
        let pulls: Vec<&QueriedPull> = page.pulls.iter().filter(|pull| is_new(pull)).collect();
        let statements = self.statements(&page, &pulls, github_id, now)?;
        let mut tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        let outcomes =
            apply_statements(&mut tx, self.context, statements, Source::Api(now)).await?;
        let refused = outcomes.iter().filter(|(_, outcome)| outcome.is_err());
        let mut refused: Vec<usize> = refused.map(|(index, _)| *index).collect();
        refused.dedup();
        self.store_files(&tx, &pulls, now).await?;
        let is_last = read_until || page.next.is_none();
        let step = Step {
            place: page.next,
            page_size: self.claimed.page_size,
            pulls: pulls.len() as i64,
            total: Some(page.total),
            calls: page.calls,
            refused: refused.len() as i64,
        };
        self.advance(&tx, &step, now).await?;
        if is_last {
            self.complete(
                &tx,
                &format!("pull requests: {}", self.claimed.pulls_read + step.pulls),
            )
            .await?;
        }
        crash::point("sync.before_commit");
        tx.commit().await?;
        Ok(())
    }

    fn statements(
        &self,
        page: &PullsPage,
        pulls: &[&QueriedPull],
        github_id: i64,
        now: Timestamp,
    ) -> Result<Vec<Statement>, SyncError> {
        let unreadable = |error: crate::rules::payload::Unexpected| {
            SyncError::Failed(Failure::Fail(format!(
                "GitHub's response cannot be read: {error}"
            )))
        };
        let repo = Repo {
            id: github_id,
            full_name: None,
            owner: Some(page.owner.stated().map_err(unreadable)?),
            private: None,
            archived: None,
            updated_at: None,
        };
        let mut statements = Vec::new();
        for (index, queried) in pulls.iter().enumerate() {
            for mut past in past_states(queried).map_err(unreadable)? {
                past.pull.clamp(now);
                if let Some(review) = &mut past.review {
                    review.clamp(now);
                }
                let pull = (past.pull, past.review);
                let statement = Statement::new(index, self.repository(), pull.0, pull.1, &repo);
                statements.push(statement.fetched());
            }
        }
        Ok(statements)
    }

    async fn store_files(
        &self,
        tx: &Tx,
        queried: &[&QueriedPull],
        now: Timestamp,
    ) -> Result<(), DbError> {
        let key = |pull: &&QueriedPull| (self.repository(), pull.number);
        let numbers = queried.iter().map(key).collect();
        let stored = pulls::stored(tx, &numbers, &[].into()).await?;
        let ids: BTreeMap<i64, PullRequestId> = stored
            .iter()
            .map(|pull| (pull.number, pull.id.into()))
            .collect();
        let listed = queried.iter().filter_map(|pull| {
            let files = pull.lists.files.as_ref()?;
            // An incomplete list is worse than GitHub's totals.
            if files.nodes.len() as i64 != pull.changed_files {
                return None;
            }
            let id = *ids.get(&pull.number)?;
            let changed = files.nodes.iter().flatten().map(ChangedFile::from);
            Some((id, pull.head_ref_oid.clone(), changed.collect()))
        });
        let listed: Vec<_> = listed.collect();
        files::store(tx, self.context.ids.as_ref(), &listed, now).await
    }

    async fn shrink(&self) -> Result<(), SyncError> {
        let now = self.context.now();
        let tx = self.context.begin().await?;
        let step = Step {
            place: self.claimed.place.clone(),
            page_size: (self.claimed.page_size / 2).max(SMALLEST_PAGE),
            pulls: 0,
            total: None,
            calls: 1,
            refused: 0,
        };
        self.advance(&tx, &step, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records progress, unless another worker has the repository now.
    async fn advance(&self, tx: &Tx, step: &Step, now: Timestamp) -> Result<(), SyncError> {
        if syncs::advance(tx, self.worker, self.claimed.id, step, now).await? {
            return Ok(());
        }
        let lost = "another worker reads the repository now".to_owned();
        Err(SyncError::Failed(Failure::Retry(lost)))
    }

    async fn complete(&self, tx: &Tx, outcome: &str) -> Result<(), DbError> {
        let (id, now) = (self.claimed.id, self.context.now());
        syncs::complete(tx, id, outcome, now).await?;
        repositories::synced(tx, self.repository(), self.claimed.requested_at, now).await
    }

    async fn finish(&self, outcome: &str) -> Result<(), SyncError> {
        let tx = self.context.begin().await?;
        self.complete(&tx, outcome).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records a failed attempt.
    pub(crate) async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let tx = self.context.begin().await?;
        let attempt = (self.claimed.id, self.claimed.attempts);
        QUEUE
            .fail(&tx, self.worker, attempt, failure, self.context.now())
            .await?;
        tx.commit().await
    }
}

impl From<&crate::rules::queried::File> for ChangedFile {
    fn from(file: &crate::rules::queried::File) -> Self {
        Self {
            path: crate::rules::payload::path(&file.path),
            additions: file.additions,
            deletions: file.deletions,
        }
    }
}
