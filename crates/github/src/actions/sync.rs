use std::collections::BTreeMap;

use kernel::Timestamp;
use platform::{
    Context, crash,
    db::{DbError, Tx},
};
use uuid::Uuid;

use super::{
    FACTS, NO_TOKEN,
    apply_pulls::{Statement, StatementSource, apply_statements},
    reading::{Pages, Reading, SyncError, is_missing, lost, smaller},
};
use crate::{
    gateway::{ApiError, Order, PullsPage, Read},
    model::{ChangedFile, Origin, PullRequestId, Repository},
    rules::{
        payload::Repo,
        queried::{QueriedPull, past_states},
    },
    store::{
        files, pulls, repositories,
        syncs::{self, ClaimedSync, Step},
    },
};

/// Declines a request to read a repository, because no token can read it.
pub(crate) async fn decline_sync(
    context: &Context,
    worker: Uuid,
    claimed: &ClaimedSync,
) -> Result<(), DbError> {
    let tx = context.begin().await?;
    syncs::decline(&tx, worker, claimed.id, NO_TOKEN).await?;
    tx.commit().await
}

/// The work of reading one repository.
pub(crate) struct Sync<'a> {
    pub(crate) reading: Reading<'a>,
    pub(crate) claimed: ClaimedSync,
}

impl Pages for Sync<'_> {
    fn reading(&self) -> &Reading<'_> {
        &self.reading
    }

    async fn step(&self) -> Result<(), SyncError> {
        let is_first = self.claimed.place.is_none();
        if is_first {
            let known = self.reading.known().await?;
            self.describe(&known).await?;
        }
        let known = self.reading.known().await?;
        if let Some(reason) = &known.disabled_reason {
            return self.give_up(&format!("not read: {reason}")).await;
        }
        let mut etag = None;
        if is_first && self.claimed.since.is_some() {
            match self.changes(&known.full_name).await {
                Ok(Read::Unchanged) => return self.finish("nothing changed", true).await,
                Ok(Read::Changed(_, changed)) => etag = changed,
                Err(ApiError::NotFound) => return self.reading.find_again(&known).await,
                Err(error) => return Err(error.into()),
            }
        }
        let (order, place) = (self.order(), self.claimed.place.as_deref());
        let size = self.claimed.page_size;
        let api = &self.reading.reader.api;
        let page = api.pulls(self.reading.call(), &known.full_name, order, place, size);
        match page.await {
            Ok(page) if page.repository == known.github_id => {
                self.record(page, known.github_id, etag).await
            }
            Ok(_) | Err(ApiError::NotFound) => self.reading.find_again(&known).await,
            Err(error @ ApiError::TooMuch) => match smaller(size) {
                Some(size) => self.shrink(size).await,
                None => Err(error.into()),
            },
            Err(error) => Err(error.into()),
        }
    }

    async fn give_up(&self, outcome: &str) -> Result<(), SyncError> {
        self.finish(outcome, false).await
    }
}

impl Sync<'_> {
    fn context(&self) -> &Context {
        self.reading.context
    }

    fn order(&self) -> Order {
        match self.claimed.since {
            Some(_) => Order::Changed,
            None => Order::Opened,
        }
    }

    /// Follows the repository's name and settings, and keeps their ETag.
    async fn describe(&self, known: &Repository) -> Result<(), SyncError> {
        // An unchanged response does not say that the repository is visible again.
        let etag = self.claimed.repository_etag.as_deref();
        let etag = etag.filter(|_| !is_missing(known));
        let etag = self.reading.describe(known, etag).await?;
        if etag.is_some() {
            let tx = self.context().begin().await?;
            syncs::keep_etags(&tx, self.claimed.id, etag, None).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Asks whether any pull request changed since the last complete read. A request for an unchanged list does not count
    /// toward GitHub's limit.
    async fn changes(&self, full_name: &str) -> Result<Read<serde::de::IgnoredAny>, ApiError> {
        let etag = self.claimed.pulls_etag.as_deref();
        self.reading.reader.api.last_changed(self.reading.call(), full_name, etag).await
    }

    /// Records the pull requests of a page. `etag` is that of the list of changes, if it was read just before.
    async fn record(
        &self,
        page: PullsPage,
        github_id: i64,
        etag: Option<String>,
    ) -> Result<(), SyncError> {
        let now = self.context().now();
        let since = self.claimed.since;
        let is_new = |pull: &QueriedPull| since.is_none_or(|since| pull.updated_at >= since);
        let read_until = page.pulls.iter().any(|pull| !is_new(pull));
        let pulls: Vec<&QueriedPull> = page.pulls.iter().filter(|pull| is_new(pull)).collect();
        let statements = self.statements(&page, &pulls, github_id, now);
        let mut tx = self.context().begin().await?;
        tx.serialize(FACTS).await?;
        let outcomes =
            apply_statements(&mut tx, self.context(), statements, StatementSource::Api(now))
                .await?;
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
            self.complete(&tx, &format!("pull requests: {read}")).await?;
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
                let id = self.reading.repository();
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
        let key = |pull: &&QueriedPull| (self.reading.repository(), pull.number);
        let numbers = queried.iter().map(key).collect();
        let stored = pulls::stored(tx, &numbers, &[].into()).await?;
        let ids: BTreeMap<i64, PullRequestId> =
            stored.iter().map(|pull| (pull.number, pull.id.into())).collect();
        let listed = queried.iter().filter_map(|pull| {
            let files = pull.lists.files.as_ref()?.nodes.iter().flatten();
            let files: Vec<ChangedFile> = files.map(ChangedFile::from).collect();
            // An incomplete list is worse than GitHub's totals.
            let is_complete = files.len() as i64 == pull.changed_files;
            let id = *ids.get(&pull.number)?;
            is_complete.then(|| (id, pull.head_ref_oid.clone(), files))
        });
        let listed: Vec<_> = listed.collect();
        files::store(tx, self.context().ids.as_ref(), &listed, now).await
    }

    async fn shrink(&self, page_size: i64) -> Result<(), SyncError> {
        let now = self.context().now();
        let tx = self.context().begin().await?;
        let step = Step {
            place: self.claimed.place.clone(),
            page_size,
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
        let worker = self.reading.worker;
        if syncs::advance(tx, worker, self.claimed.id, step, now).await? {
            Ok(())
        } else {
            Err(lost())
        }
    }

    async fn complete(&self, tx: &Tx, outcome: &str) -> Result<(), DbError> {
        syncs::complete(tx, self.claimed.id, outcome, self.context().now()).await
    }

    /// Records that everything up to the request was read.
    async fn synced(&self, tx: &Tx) -> Result<(), DbError> {
        let (requested_at, now) = (self.claimed.requested_at, self.context().now());
        repositories::synced(tx, self.reading.repository(), requested_at, now).await
    }

    /// Ends the work without reading a page.
    async fn finish(&self, outcome: &str, is_read: bool) -> Result<(), SyncError> {
        let tx = self.context().begin().await?;
        tx.serialize(FACTS).await?;
        let step = Step {
            place: None,
            page_size: self.claimed.page_size,
            pulls: 0,
            total: None,
            calls: 0,
            refused: 0,
        };
        self.advance(&tx, &step, self.context().now()).await?;
        self.complete(&tx, outcome).await?;
        if is_read {
            self.synced(&tx).await?;
        }
        tx.commit().await?;
        Ok(())
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
