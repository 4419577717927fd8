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
    apply::follow_newer,
    apply_pulls::{Source, Statement, apply_statements},
};
use crate::{
    gateway::{Api, ApiError, Call, GithubApi, Order, PullsPage, Read},
    model::{ChangedFile, Origin, PullRequestId, Repository, RepositoryId, SYNC_REQUESTED},
    rules::{
        payload::Repo,
        queried::{Described, QueriedPull, past_states},
    },
    store::{
        files, pulls,
        repositories::{self, Settings},
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
        let is_first = self.claimed.place.is_none();
        if is_first {
            let known = self.known().await?;
            let etag = self.claimed.repository_etag.as_deref();
            self.describe(&known, etag).await?;
        }
        let known = self.known().await?;
        if let Some(reason) = &known.disabled_reason {
            return self.finish(&format!("not read: {reason}"), false).await;
        }
        let mut etag = None;
        if is_first && self.claimed.since.is_some() {
            match self.changes(&known.full_name).await {
                Ok(Read::Unchanged) => return self.finish("nothing changed", true).await,
                Ok(Read::Changed(_, changed)) => etag = changed,
                Err(ApiError::NotFound) => return self.find_again(&known).await,
                Err(error) => return Err(error.into()),
            }
        }
        let (order, place) = (self.order(), self.claimed.place.as_deref());
        let size = self.claimed.page_size;
        let page = self
            .api
            .pulls(self.call(), &known.full_name, order, place, size);
        match page.await {
            Ok(page) if page.repository == known.github_id => {
                self.record(page, known.github_id, etag).await
            }
            Ok(_) | Err(ApiError::NotFound) => self.find_again(&known).await,
            Err(ApiError::TooMuch) if size > SMALLEST_PAGE => self.shrink().await,
            Err(error) => Err(error.into()),
        }
    }

    async fn known(&self) -> Result<Repository, SyncError> {
        let known = repositories::by_id(&self.context.db, self.repository()).await?;
        let gone = || Failure::Fail("the repository is not registered any more".to_owned());
        known.ok_or_else(|| SyncError::Failed(gone()))
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

    /// Reads the repository by its ID, and follows its name and settings.
    async fn describe(&self, known: &Repository, etag: Option<&str>) -> Result<(), SyncError> {
        let asked_at = self.context.now();
        let read = self.api.repository(self.call(), known.github_id, etag);
        let Read::Changed(described, etag) = read.await? else {
            return Ok(());
        };
        let tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        self.follow(&tx, &described, asked_at).await?;
        syncs::keep_etags(&tx, self.claimed.id, etag, None).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn follow(
        &self,
        tx: &Tx,
        described: &Described,
        asked_at: Timestamp,
    ) -> Result<(), DbError> {
        let (id, now) = (self.repository(), self.context.now());
        let stored = repositories::by_id(tx, id).await?;
        let shown = (asked_at, described.full_name.as_str());
        if stored.is_none_or(|stored| shown > (stored.name_seen_at, stored.full_name.as_str())) {
            let name = (id, asked_at, described.full_name.clone());
            repositories::rename(tx, &[name], now).await?;
        }
        let settings = Settings {
            is_deleted: false,
            seen_at: described.updated_at.unwrap_or(asked_at).min(asked_at),
            is_private: described.private,
            is_archived: described.archived,
        };
        follow_newer(tx, id, &settings, now).await
    }

    /// Reads the repository's new name, because the known one is no one's or another repository's. The next attempt uses it.
    async fn find_again(&self, known: &Repository) -> Result<(), SyncError> {
        self.describe(known, None).await?;
        let renamed = format!(
            "GitHub has another repository, or none, with the name {}; its present name is used next",
            known.full_name
        );
        Err(SyncError::Failed(Failure::Retry(renamed)))
    }

    /// Asks whether any pull request changed since the last complete read. A request for an unchanged list does not count
    /// toward GitHub's limit.
    async fn changes(&self, full_name: &str) -> Result<Read<serde::de::IgnoredAny>, ApiError> {
        let etag = self.claimed.pulls_etag.as_deref();
        let path =
            format!("/repos/{full_name}/pulls?state=all&sort=updated&direction=desc&per_page=1");
        self.api.get(self.call(), &path, etag).await
    }

    /// Records the pull requests of a page. `etag` is that of the list of changes, if it was read just before.
    async fn record(
        &self,
        page: PullsPage,
        github_id: i64,
        etag: Option<String>,
    ) -> Result<(), SyncError> {
        let now = self.context.now();
        let since = self.claimed.since;
        let is_new = |pull: &QueriedPull| since.is_none_or(|since| pull.updated_at >= since);
        let read_until = page.pulls.iter().any(|pull| !is_new(pull));
        let pulls: Vec<&QueriedPull> = page.pulls.iter().filter(|pull| is_new(pull)).collect();
        let statements = self.statements(&page, &pulls, github_id, now);
        let mut tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        let outcomes =
            apply_statements(&mut tx, self.context, statements, Source::Api(now)).await?;
        let refused = outcomes.iter().filter(|(_, outcome)| outcome.is_err());
        let mut refused: Vec<usize> = refused.map(|(index, _)| *index).collect();
        refused.dedup();
        let accepted = pulls.iter().enumerate();
        let accepted = accepted.filter(|(index, _)| !refused.contains(index));
        let accepted: Vec<&QueriedPull> = accepted.map(|(_, pull)| *pull).collect();
        self.store_files(&tx, &accepted, now).await?;
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
            // With several pages, the list may have changed before the last one was read.
            let is_only = self.claimed.place.is_none();
            syncs::keep_etags(&tx, self.claimed.id, None, etag.filter(|_| is_only)).await?;
            let read = self.claimed.pulls_read + step.pulls;
            self.complete(&tx, &format!("pull requests: {read}"))
                .await?;
            self.synced(&tx).await?;
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
    ) -> Vec<Statement> {
        let repo = |owner| Repo {
            id: github_id,
            full_name: None,
            owner,
            private: None,
            archived: None,
            updated_at: None,
        };
        // The owner at the time of earlier states is unknown.
        let (present, earlier) = (repo(Some(page.owner.stated())), repo(None));
        let mut statements = Vec::new();
        for (index, queried) in pulls.iter().enumerate() {
            for (place, mut past) in past_states(queried).into_iter().enumerate() {
                past.pull.clamp(now);
                if let Some(review) = &mut past.review {
                    review.clamp(now);
                }
                let (repo, origin) = match place {
                    0 => (&present, Origin::Api),
                    _ => (&earlier, Origin::Events),
                };
                let id = self.repository();
                let statement = Statement::new(index, id, past.pull, past.review, repo);
                statements.push(statement.of(origin));
            }
        }
        statements
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
            let files = pull.lists.files.as_ref()?.nodes.iter().flatten();
            let files: Vec<ChangedFile> = files.map(ChangedFile::from).collect();
            // An incomplete list is worse than GitHub's totals.
            let is_complete = files.len() as i64 == pull.changed_files;
            let id = *ids.get(&pull.number)?;
            is_complete.then(|| (id, pull.head_ref_oid.clone(), files))
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
        syncs::complete(tx, self.claimed.id, outcome, self.context.now()).await
    }

    /// Records that everything up to the request was read.
    async fn synced(&self, tx: &Tx) -> Result<(), DbError> {
        let (requested_at, now) = (self.claimed.requested_at, self.context.now());
        repositories::synced(tx, self.repository(), requested_at, now).await
    }

    /// Ends the work without reading a page.
    async fn finish(&self, outcome: &str, is_read: bool) -> Result<(), SyncError> {
        let tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        let step = Step {
            place: None,
            page_size: self.claimed.page_size,
            pulls: 0,
            total: None,
            calls: 0,
            refused: 0,
        };
        self.advance(&tx, &step, self.context.now()).await?;
        self.complete(&tx, outcome).await?;
        if is_read {
            self.synced(&tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Records a failed attempt. One that waits for GitHub does not count.
    pub(crate) async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let (id, now) = (self.claimed.id, self.context.now());
        let tx = self.context.begin().await?;
        match failure {
            Failure::Later(why, wait) => {
                let wait = (why.as_str(), now + *wait);
                syncs::postpone(&tx, self.worker, id, wait).await?;
            }
            failure => {
                let attempt = (id, self.claimed.attempts);
                QUEUE.fail(&tx, self.worker, attempt, failure, now).await?;
            }
        }
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
