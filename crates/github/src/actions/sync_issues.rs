use std::collections::{BTreeMap, BTreeSet};

use platform::{
    Context, crash,
    db::{DbError, Tx},
    flags::Permit,
    jobs::Failure,
};
use uuid::Uuid;

use super::{
    FACTS,
    apply_issues::{apply_issues, wake_issues},
    follow_settings::follow_newer,
    sync::{SMALLEST_PAGE, SyncError},
};
use crate::{
    gateway::{Api, ApiError, Call, GithubApi, IssuesPage, IssuesPlace, Read},
    model::{Repository, RepositoryId},
    store::{
        issue_syncs::{self, Claimed, QUEUE, Step},
        issues,
        repositories::{self, Settings},
    },
};

/// The work of reading the issues of one repository.
pub(crate) struct IssueSync<'a> {
    pub(crate) context: &'a Context,
    pub(crate) api: &'a Api,
    pub(crate) permit: &'a Permit<GithubApi>,
    pub(crate) worker: Uuid,
    pub(crate) claimed: Claimed,
}

impl IssueSync<'_> {
    /// Reads the next page of a repository's issues, and records what it states together with the place of the page after
    /// it, so that a worker that dies repeats one page at most.
    ///
    /// # Errors
    /// When GitHub does not respond or refuses, or the database fails.
    pub(crate) async fn step(&self) -> Result<(), SyncError> {
        let known = self.known().await?;
        if let Some(reason) = &known.disabled_reason {
            return self.finish(&format!("not read: {reason}")).await;
        }
        let mut etag = None;
        if self.claimed.place.is_none() && self.claimed.since.is_some() {
            match self.changes(&known.full_name).await {
                Ok(Read::Unchanged) => return self.unchanged().await,
                Ok(Read::Changed(_, changed)) => etag = changed,
                Err(ApiError::NotFound) => return self.find_again(&known).await,
                Err(error) => return Err(error.into()),
            }
        }
        let place = IssuesPlace {
            since: self.claimed.since,
            after: self.claimed.place.as_deref(),
            size: self.claimed.page_size,
        };
        match self.api.issues(self.call(), &known.full_name, place).await {
            Ok(page) if page.repository == known.github_id => self.record(&known, page, etag).await,
            Ok(_) | Err(ApiError::NotFound) => self.find_again(&known).await,
            Err(ApiError::TooMuch) if place.size > SMALLEST_PAGE => self.shrink().await,
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

    async fn changes(&self, full_name: &str) -> Result<Read<serde::de::IgnoredAny>, ApiError> {
        let etag = self.claimed.issues_etag.as_deref();
        self.api
            .last_changed_issue(self.call(), full_name, etag)
            .await
    }

    /// Reads the repository's new name, because the known one is no one's or another repository's. The next attempt uses it.
    async fn find_again(&self, known: &Repository) -> Result<(), SyncError> {
        let asked_at = self.context.now();
        let read = self.api.repository(self.call(), known.github_id, None);
        let Read::Changed(found, _) = read.await? else {
            return Ok(());
        };
        let tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        let name = (self.repository(), asked_at, found.full_name);
        repositories::rename(&tx, &[name], self.context.now()).await?;
        tx.commit().await?;
        let renamed = format!(
            "GitHub has another repository, or none, with the name {}; its present name is used next",
            known.full_name
        );
        Err(SyncError::Failed(Failure::Retry(renamed)))
    }

    /// Records the issues of a page. `etag` is that of the list of changes, if it was read just before.
    async fn record(
        &self,
        known: &Repository,
        page: IssuesPage,
        etag: Option<String>,
    ) -> Result<(), SyncError> {
        let now = self.context.now();
        let mut tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        let mut changed = self.describe(&tx, known, &page).await?;
        let (count, is_last) = (page.issues.len() as i64, page.next.is_none());
        let numbers: Vec<i64> = page.issues.iter().map(|issue| issue.number).collect();
        apply_issues(
            &mut tx,
            self.context,
            BTreeMap::from([(self.repository(), page.issues)]),
        )
        .await?;
        issues::note_listed(&tx, self.repository(), numbers, now).await?;
        let step = Step {
            place: page.next,
            page_size: self.claimed.page_size,
            issues: count,
            total: Some(page.total),
            calls: 1 + i64::from(etag.is_some()),
        };
        self.advance(&tx, &step).await?;
        if is_last {
            changed |= self.close_unlisted(&tx).await?;
            let read = self.claimed.issues_read + count;
            // With several pages, the list may have changed before the last one was read.
            let etag = etag.filter(|_| self.claimed.place.is_none());
            let until = Some(self.claimed.requested_at);
            self.complete(&tx, &format!("issues: {read}"), (until, etag))
                .await?;
        }
        if changed {
            wake_issues(
                &mut tx,
                self.context,
                BTreeSet::from([self.claimed.repository_id]),
            )
            .await?;
        }
        crash::point("issues.before_commit");
        tx.commit().await?;
        Ok(())
    }

    /// Follows the repository's name and settings, and keeps its description. Returns true if the description changed.
    async fn describe(
        &self,
        tx: &Tx,
        known: &Repository,
        page: &IssuesPage,
    ) -> Result<bool, SyncError> {
        let (id, now) = (self.repository(), self.context.now());
        if page.full_name != known.full_name {
            repositories::rename(tx, &[(id, now, page.full_name.clone())], now).await?;
        }
        let settings = Settings {
            is_deleted: false,
            seen_at: now,
            is_private: page.is_private,
            is_archived: page.is_archived,
        };
        let before = repositories::settings(tx, id).await?;
        follow_newer(tx, id, &settings, now).await?;
        let differs = before.is_some_and(|before| {
            (before.is_private, before.is_archived) != (settings.is_private, settings.is_archived)
        });
        let Some(profile) = &page.profile else {
            return Ok(differs);
        };
        let kept = issues::keep_profile(tx, self.context.ids.next(), id, profile, now).await?;
        Ok(kept || differs)
    }

    /// Closes what a read of all open issues did not list. Returns true if there was something.
    async fn close_unlisted(&self, tx: &Tx) -> Result<bool, SyncError> {
        if self.claimed.since.is_some() {
            return Ok(false);
        }
        let since = self.claimed.requested_at;
        let closed =
            issues::close_unlisted(tx, self.repository(), since, self.context.now()).await?;
        Ok(closed > 0)
    }

    async fn shrink(&self) -> Result<(), SyncError> {
        let tx = self.context.begin().await?;
        let step = Step {
            place: self.claimed.place.clone(),
            page_size: (self.claimed.page_size / 2).max(SMALLEST_PAGE),
            calls: 1,
            ..Step::default()
        };
        self.advance(&tx, &step).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records progress, unless another worker has the repository now.
    async fn advance(&self, tx: &Tx, step: &Step) -> Result<(), SyncError> {
        let now = self.context.now();
        if issue_syncs::advance(tx, self.worker, self.claimed.id, step, now).await? {
            return Ok(());
        }
        let lost = "another worker reads the repository now".to_owned();
        Err(SyncError::Failed(Failure::Retry(lost)))
    }

    async fn complete(
        &self,
        tx: &Tx,
        outcome: &str,
        read: (Option<kernel::Timestamp>, Option<String>),
    ) -> Result<(), DbError> {
        issue_syncs::complete(tx, self.claimed.id, outcome, read, self.context.now()).await
    }

    /// Ends the work, because nothing changed since the last time.
    async fn unchanged(&self) -> Result<(), SyncError> {
        let until = Some(self.claimed.requested_at);
        self.end("nothing changed", until).await
    }

    /// Ends the work without reading a page.
    async fn finish(&self, outcome: &str) -> Result<(), SyncError> {
        self.end(outcome, None).await
    }

    async fn end(&self, outcome: &str, until: Option<kernel::Timestamp>) -> Result<(), SyncError> {
        let tx = self.context.begin().await?;
        let step = Step {
            page_size: self.claimed.page_size,
            ..Step::default()
        };
        self.advance(&tx, &step).await?;
        self.complete(&tx, outcome, (until, None)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records the consequence of a page that was not read.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn settle(&self, error: SyncError) -> Result<(), DbError> {
        const WHY: &str = "The database failed while a page was recorded. The server tries again.";
        let failure = match error {
            SyncError::Missing => match self.disable().await {
                Ok(()) => return Ok(()),
                Err(SyncError::Failed(failure)) => failure,
                Err(_) => Failure::Retry(WHY.to_owned()),
            },
            SyncError::Failed(failure) => failure,
            SyncError::BadToken => ApiError::BadToken.into(),
            SyncError::Installation(error) => error.into(),
            SyncError::Database(error) => {
                tracing::error!(%error, "a page of issues could not be recorded");
                Failure::Retry(WHY.to_owned())
            }
        };
        self.fail(&failure).await
    }

    /// Disables the repository, because GitHub does not show it.
    async fn disable(&self) -> Result<(), SyncError> {
        let mut tx = self.context.begin().await?;
        tx.serialize(FACTS).await?;
        let now = self.context.now();
        repositories::disable_missing(&tx, self.repository(), now).await?;
        wake_issues(
            &mut tx,
            self.context,
            BTreeSet::from([self.claimed.repository_id]),
        )
        .await?;
        tx.commit().await?;
        self.finish(&format!("not read: {}", repositories::NOT_FOUND))
            .await
    }

    /// Records a failed attempt. One that waits for GitHub does not count.
    async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let now = self.context.now();
        let tx = self.context.begin().await?;
        let attempt = (self.claimed.id, self.claimed.attempts);
        QUEUE
            .fail_or_wait(&tx, self.worker, attempt, failure, now)
            .await?;
        tx.commit().await
    }
}

/// Ends a request to read issues, because no token can read the repository.
pub(crate) async fn decline_issue_sync(
    context: &Context,
    worker: Uuid,
    claimed: &Claimed,
) -> Result<(), DbError> {
    const WHY: &str =
        "The server has no token for GitHub's API. An operator can set GITHUB_API_TOKEN.";
    let tx = context.begin().await?;
    let attempt = (claimed.id, claimed.attempts);
    QUEUE
        .fail(
            &tx,
            worker,
            attempt,
            &Failure::Fail(WHY.to_owned()),
            context.now(),
        )
        .await?;
    tx.commit().await
}
