use std::collections::BTreeMap;

use kernel::Timestamp;
use platform::{
    Context, crash,
    db::{DbError, Tx},
    flags::Permit,
    jobs::Failure,
};
use uuid::Uuid;

use super::{
    FACTS,
    apply_pulls::{Source, Statement, apply_statements},
    follow_settings::follow_newer,
};
use crate::{
    gateway::{Api, ApiError, Call, GithubApi, Order, PullsPage, Read},
    model::{ChangedFile, Origin, PullRequestId, Repository, RepositoryId},
    rules::{
        payload::Repo,
        queried::{Described, QueriedPull, past_states},
    },
    store::{
        files, pulls,
        repositories::{self, NOT_FOUND, Settings},
        syncs::{self, Claimed, QUEUE, Step},
    },
};

/// The smallest page that is requested when GitHub cannot answer larger ones.
pub(super) const SMALLEST_PAGE: i64 = 5;

/// Declines a request to read a repository, because no token can read it.
pub(crate) async fn decline_sync(
    context: &Context,
    worker: Uuid,
    claimed: &Claimed,
) -> Result<(), DbError> {
    const WHY: &str =
        "The server has no token for GitHub's API. An operator can set GITHUB_API_TOKEN.";
    let tx = context.begin().await?;
    syncs::decline(&tx, worker, claimed.id, WHY).await?;
    tx.commit().await
}

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
    /// GitHub does not accept the token.
    #[error("GitHub does not accept the token")]
    BadToken,
    /// GitHub gives no token of the App's installation.
    #[error(transparent)]
    Installation(ApiError),
}

impl From<ApiError> for SyncError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::NotFound => Self::Missing,
            ApiError::BadToken => Self::BadToken,
            error @ (ApiError::Suspended | ApiError::NotInstalled) => Self::Installation(error),
            error => Self::Failed(error.into()),
        }
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
    /// The stored token of the person that `api` uses; absent for the server's own.
    pub(crate) token: Option<Uuid>,
    /// GitHub's ID of the App's installation that `api` uses, if it does.
    pub(crate) installation: Option<i64>,
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
            // An unchanged response does not say that the repository is visible again.
            let etag = self.claimed.repository_etag.as_deref();
            let etag = etag.filter(|_| !is_missing(&known));
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
        let gone = || Failure::Fail("the repository is no longer registered".to_owned());
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
        if stored
            .as_ref()
            .is_none_or(|stored| shown > (stored.name_seen_at, stored.full_name.as_str()))
        {
            let name = (id, asked_at, described.full_name.clone());
            repositories::rename(tx, &[name], now).await?;
        }
        let is_back = stored.as_ref().is_some_and(is_missing);
        let settings = Settings {
            is_deleted: false,
            seen_at: described.updated_at.unwrap_or(asked_at).min(asked_at),
            is_private: described.private,
            is_archived: described.archived,
        };
        match is_back {
            true => repositories::set(tx, id, &settings, now).await,
            false => follow_newer(tx, id, &settings, now).await,
        }
    }

    /// Disables the repository, because GitHub does not show it. A later request enables it if GitHub shows it again.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn disable(&self) -> Result<(), SyncError> {
        let tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        let now = self.context.now();
        repositories::disable_missing(&tx, self.repository(), now).await?;
        tx.commit().await?;
        self.finish(&format!("not read: {NOT_FOUND}"), false).await
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
        self.api.last_changed(self.call(), full_name, etag).await
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

    /// Marks a person's token that GitHub does not accept, and has the next attempt use another. Only an operator can replace
    /// the server's own.
    pub(crate) async fn reject_token(&self) -> Result<(), DbError> {
        let Some(token) = self.token else {
            return self.fail(&ApiError::BadToken.into()).await;
        };
        identity::actions::revoke_github_token(self.context, token).await?;
        let why = "GitHub no longer accepts the token of the person who registered the repository";
        let again = Failure::Later(why.to_owned(), std::time::Duration::ZERO);
        self.fail(&again).await
    }

    /// Records that the App's installation gives no token, and has the next attempt use another.
    pub(crate) async fn lose_installation(&self, error: &ApiError) -> Result<(), DbError> {
        if let Some(installation) = self.installation {
            super::read_installations::lose_installation(self.context, installation, error).await?;
        }
        let again = Failure::Later(error.to_string(), std::time::Duration::ZERO);
        self.fail(&again).await
    }

    /// Records a failed attempt. One that waits for GitHub does not count.
    pub(crate) async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let (id, now) = (self.claimed.id, self.context.now());
        let tx = self.context.begin().await?;
        let attempt = (id, self.claimed.attempts);
        QUEUE
            .fail_or_wait(&tx, self.worker, attempt, failure, now)
            .await?;
        tx.commit().await
    }
}

fn is_missing(known: &Repository) -> bool {
    known.disabled_reason.as_deref() == Some(NOT_FOUND)
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
