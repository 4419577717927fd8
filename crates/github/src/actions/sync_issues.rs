use std::collections::{BTreeMap, BTreeSet};

use kernel::counted;
use platform::{
    Context, crash,
    db::{DbError, Tx},
    jobs::Failure,
};
use uuid::Uuid;

use super::{
    FACTS, NO_TOKEN,
    apply_issues::{apply_issues, wake_issues},
    follow_settings::follow_newer,
    reading::{Pages, Reading, SyncError, is_missing, lost, smaller},
};
use crate::{
    gateway::{ApiError, IssuesPage, IssuesPlace, MOST_LINKED, Read},
    model::{CLOSING_PULL_CHANGED, Repository},
    store::{
        closing,
        issue_syncs::{self, ClaimedIssueSync, QUEUE, Step},
        issues,
        repositories::{self, RepositorySettings},
    },
};

/// The work of reading the issues of one repository.
pub(crate) struct IssueSync<'a> {
    pub(crate) reading: Reading<'a>,
    pub(crate) claimed: ClaimedIssueSync,
}

impl Pages for IssueSync<'_> {
    fn reading(&self) -> &Reading<'_> {
        &self.reading
    }

    async fn step(&self) -> Result<(), SyncError> {
        let mut known = self.reading.known().await?;
        if is_missing(&known) {
            self.reading.describe(&known, None).await?;
            known = self.reading.known().await?;
        }
        if let Some(reason) = &known.disabled_reason {
            return self.give_up(&format!("not read: {reason}")).await;
        }
        if self.claimed.place.is_none() {
            self.read_linked(&known).await?;
        }
        let mut etag = None;
        if self.claimed.place.is_none() && self.claimed.since.is_some() {
            match self.changes(&known.full_name).await {
                Ok(Read::Unchanged) => return self.unchanged().await,
                Ok(Read::Changed(_, changed)) => etag = changed,
                Err(ApiError::NotFound) => return self.reading.find_again(&known).await,
                Err(error) => return Err(error.into()),
            }
        }
        let place = IssuesPlace {
            since: self.claimed.since,
            after: self.claimed.place.as_deref(),
            size: self.claimed.page_size,
        };
        let api = &self.reading.reader.api;
        match api.issues(self.reading.call(), &known.full_name, place).await {
            Ok(page) if page.repository == known.github_id => {
                let page = self.described(&known.full_name, page, place).await?;
                self.record(&known, page, etag).await
            }
            Ok(_) | Err(ApiError::NotFound) => self.reading.find_again(&known).await,
            Err(error @ ApiError::TooMuch) => match smaller(place.size) {
                Some(size) => self.shrink(size).await,
                None => Err(error.into()),
            },
            Err(error) => Err(error.into()),
        }
    }

    async fn give_up(&self, outcome: &str) -> Result<(), SyncError> {
        self.end(outcome, None).await
    }
}

impl IssueSync<'_> {
    fn context(&self) -> &Context {
        self.reading.context
    }

    /// Reads the pull requests that would close the watched issues. This comes before the issues, so that a claim follows from
    /// the merge that closed its issue rather than from the closing.
    async fn read_linked(&self, known: &Repository) -> Result<(), SyncError> {
        let (context, repository) = (self.context(), self.reading.repository());
        let now = context.now();
        let watched = closing::watched(&context.db, repository, now, MOST_LINKED).await?;
        if watched.is_empty() {
            return Ok(());
        }
        let numbers: Vec<i64> = watched.iter().map(|issue| issue.number).collect();
        let of = (known.github_id, known.full_name.as_str());
        let api = &self.reading.reader.api;
        let read = match api.closing_pulls(self.reading.call(), of, &numbers).await {
            // The issues are read next, which finds the repository again.
            Err(ApiError::NotFound) => return Ok(()),
            read => read?,
        };
        let mut tx = context.begin().await?;
        tx.serialize(FACTS).await?;
        let mut changed = Vec::new();
        for (number, pulls) in &read {
            let Some(issue) = watched.iter().find(|issue| issue.number == *number) else {
                continue;
            };
            let ids = context.ids.as_ref();
            if closing::replace_linked(&tx, ids, issue.id, pulls, now).await? {
                changed.push(issue.id);
            }
        }
        tx.wake(CLOSING_PULL_CHANGED, changed, context.ids.as_ref(), now).await?;
        Ok(tx.commit().await?)
    }

    /// Adds the description to the last of the small pages, which are read without it. One that is too much for GitHub is left out.
    async fn described(
        &self,
        full_name: &str,
        page: IssuesPage,
        place: IssuesPlace<'_>,
    ) -> Result<IssuesPage, ApiError> {
        if page.next.is_some() || !place.is_small() {
            return Ok(page);
        }
        let api = &self.reading.reader.api;
        let profile = match api.description(self.reading.call(), full_name).await {
            Err(ApiError::TooMuch) => None,
            described => described?,
        };
        let calls = page.calls + 1;
        Ok(IssuesPage { profile, calls, ..page })
    }

    async fn changes(&self, full_name: &str) -> Result<Read<serde::de::IgnoredAny>, ApiError> {
        let etag = self.claimed.issues_etag.as_deref();
        self.reading.reader.api.last_changed_issue(self.reading.call(), full_name, etag).await
    }

    /// Records the issues of a page. `etag` is that of the list of changes, if it was read just before.
    async fn record(
        &self,
        known: &Repository,
        page: IssuesPage,
        etag: Option<String>,
    ) -> Result<(), SyncError> {
        let now = self.context().now();
        let mut tx = self.context().begin().await?;
        tx.serialize(FACTS).await?;
        let mut changed = self.describe(&tx, known, &page).await?;
        let (count, is_last) = (page.issues.len() as i64, page.next.is_none());
        let numbers: Vec<i64> = page.issues.iter().map(|issue| issue.number).collect();
        apply_issues(
            &mut tx,
            self.context(),
            BTreeMap::from([(self.reading.repository(), page.issues)]),
        )
        .await?;
        issues::note_listed(&tx, self.reading.repository(), numbers, now).await?;
        let step = Step {
            place: page.next,
            page_size: self.claimed.page_size,
            issues: count,
            total: Some(page.total),
            calls: page.calls + i64::from(etag.is_some()),
        };
        self.advance(&tx, &step).await?;
        if is_last {
            changed |= self.close_unlisted(&tx).await?;
            let read = self.claimed.issues_read + count;
            // With several pages, the list may have changed before the last one was read.
            let etag = etag.filter(|_| self.claimed.place.is_none());
            let until = Some(self.claimed.requested_at);
            let outcome = match read {
                0 => "no new or changed issue".to_owned(),
                read => counted(read, "issue read", "issues read"),
            };
            self.complete(&tx, &outcome, (until, etag)).await?;
        }
        if changed {
            wake_issues(&mut tx, self.context(), BTreeSet::from([self.claimed.repository_id]))
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
        let (id, now) = (self.reading.repository(), self.context().now());
        if page.full_name != known.full_name {
            repositories::rename(tx, &[(id, now, page.full_name.clone())], now).await?;
        }
        let settings = RepositorySettings {
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
        let kept = issues::keep_profile(tx, self.context().ids.next(), id, profile, now).await?;
        Ok(kept || differs)
    }

    /// Closes what a read of all open issues did not list. Returns true if there was something.
    async fn close_unlisted(&self, tx: &Tx) -> Result<bool, SyncError> {
        if self.claimed.since.is_some() {
            return Ok(false);
        }
        let since = self.claimed.requested_at;
        let closed =
            issues::close_unlisted(tx, self.reading.repository(), since, self.context().now())
                .await?;
        Ok(closed > 0)
    }

    async fn shrink(&self, page_size: i64) -> Result<(), SyncError> {
        let tx = self.context().begin().await?;
        let step =
            Step { place: self.claimed.place.clone(), page_size, calls: 1, ..Step::default() };
        self.advance(&tx, &step).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records progress, unless another worker has the repository now.
    async fn advance(&self, tx: &Tx, step: &Step) -> Result<(), SyncError> {
        let now = self.context().now();
        let worker = self.reading.worker;
        if issue_syncs::advance(tx, worker, self.claimed.id, step, now).await? {
            Ok(())
        } else {
            Err(lost())
        }
    }

    async fn complete(
        &self,
        tx: &Tx,
        outcome: &str,
        read: (Option<kernel::Timestamp>, Option<String>),
    ) -> Result<(), DbError> {
        issue_syncs::complete(tx, self.claimed.id, outcome, read, self.context().now()).await
    }

    /// Ends the work, because nothing changed since the last time.
    async fn unchanged(&self) -> Result<(), SyncError> {
        let until = Some(self.claimed.requested_at);
        self.end("nothing changed", until).await
    }

    /// Ends the work without reading a page.
    async fn end(&self, outcome: &str, until: Option<kernel::Timestamp>) -> Result<(), SyncError> {
        let tx = self.context().begin().await?;
        let step = Step { page_size: self.claimed.page_size, ..Step::default() };
        self.advance(&tx, &step).await?;
        self.complete(&tx, outcome, (until, None)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Ends a request to read issues, because no token can read the repository.
pub(crate) async fn decline_issue_sync(
    context: &Context,
    worker: Uuid,
    claimed: &ClaimedIssueSync,
) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let attempt = (claimed.id, claimed.attempts);
    QUEUE.fail(&tx, worker, attempt, &Failure::Fail(NO_TOKEN.to_owned()), context.now()).await?;
    tx.commit().await
}
