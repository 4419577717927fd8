//! Abandoned pull requests that are closed on GitHub, where their project says so.

use chrono::TimeDelta;
use github::{
    actions::PullCloser,
    gateway::{ApiError, Clients, GithubApi},
    model::PullRequestId,
};
use kernel::Timestamp;
use platform::{
    Context,
    db::DbError,
    flags::Permit,
    jobs::{Failure, Progress, Settings},
};
use uuid::Uuid;

use super::idle::days_before;
use crate::store::closings::{
    self, CLAIMED, CLOSED, CLOSED_SILENTLY, COMMENT_UNKNOWN, ClaimedClosing, ClosingStep, DECLINED,
    QUEUE,
};

/// The maximum number of pull requests that are added to the queue at once.
const AT_ONCE: i64 = 100;

/// The time between the notice that a pull request is abandoned and its closing.
const GRACE: TimeDelta = TimeDelta::hours(1);

/// The time after which a pull request that the App could not write to is tried again.
const DECLINED_FOR: TimeDelta = TimeDelta::days(1);

/// Adds abandoned pull requests to the queue of those that are closed, once each, if their project says so. Returns their number.
///
/// # Errors
/// When the database fails.
pub async fn request_closings(context: &Context) -> Result<usize, DbError> {
    let tx = context.begin().await?;
    let now = context.now();
    let found = closings::due(&tx, now, now - DECLINED_FOR, AT_ONCE).await?;
    let count = found.len();
    closings::request(&tx, context.ids.as_ref(), found, now + GRACE, now).await?;
    tx.commit().await?;
    Ok(count)
}

/// Closes the next pull request of the queue, while the flag permits requests to GitHub.
///
/// # Errors
/// When the database fails.
pub(crate) async fn close_next(
    context: &Context,
    clients: &Clients,
    settings: Settings,
    worker: Uuid,
) -> Result<Progress, DbError> {
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Ok(Progress::Idle);
    };
    let lease = QUEUE.lease(context, worker, settings);
    let Some(claimed) = lease.claim::<ClaimedClosing>(1, CLAIMED).await?.pop() else {
        return Ok(Progress::Idle);
    };
    let row = claimed.id;
    let task = Closing { context, clients, permit: &permit, worker, claimed };
    if let Some(done) = lease.hold(&[row], task.run()).await {
        done?;
    }
    Ok(Progress::Full)
}

/// A pull request that is being closed.
struct Closing<'a> {
    context: &'a Context,
    clients: &'a Clients,
    permit: &'a Permit<GithubApi>,
    worker: Uuid,
    claimed: ClaimedClosing,
}

/// The result of an attempt that GitHub did not fail.
enum Outcome {
    /// The row ends with this text.
    Ends(&'static str),
    /// Nothing was done on GitHub.
    NotDue,
    /// Another worker has the row.
    Lost,
}

impl Closing<'_> {
    async fn run(&self) -> Result<(), DbError> {
        let pull = PullRequestId::from(self.claimed.pull_request_id);
        let (context, clients) = (self.context, self.clients);
        let Some(closer) = PullCloser::of(context, clients, self.permit, pull).await? else {
            return self.end(DECLINED).await;
        };
        match self.close(&closer, pull).await? {
            Ok(Outcome::Ends(outcome)) => self.end(outcome).await,
            Ok(Outcome::NotDue) => self.forget().await,
            Ok(Outcome::Lost) => Ok(()),
            Err(error) => {
                let failure = closer.failed(context, error).await?;
                self.fail(&failure).await
            }
        }
    }

    /// Closes the pull request if nothing happened to it, and comments on it. What an earlier attempt began is not done twice.
    async fn close(
        &self,
        closer: &PullCloser<'_>,
        pull: PullRequestId,
    ) -> Result<Result<Outcome, ApiError>, DbError> {
        let (db, now) = (&self.context.db, self.context.now());
        let Some(project) = closings::project(db, pull).await? else {
            return Ok(Ok(Outcome::NotDue));
        };
        if self.claimed.comment_began_at.is_some() {
            return Ok(Ok(Outcome::Ends(COMMENT_UNKNOWN)));
        }
        let days = u32::try_from(project.abandoned_days).unwrap_or(u32::MAX);
        // An earlier attempt may have closed it. If it is open, that failed, or someone reopened it.
        let is_closed = match self.claimed.close_began_at {
            None => false,
            Some(_) => match closer.is_open().await {
                Ok(is_open) => !is_open,
                Err(error) => return self.refused(error).await,
            },
        };
        if !is_closed {
            if !closings::is_due(db, pull, now).await? {
                return Ok(Ok(Outcome::NotDue));
            }
            match closer.is_idle(days_before(now, days)).await {
                Ok(true) => {}
                Ok(false) => return Ok(Ok(Outcome::NotDue)),
                Err(error) => return self.refused(error).await,
            }
            if !self.set_began(ClosingStep::Close, Some(now)).await? {
                return Ok(Ok(Outcome::Lost));
            }
            if let Err(error) = closer.close().await {
                return self.refused(error).await;
            }
        }
        if !self.set_began(ClosingStep::Comment, Some(now)).await? {
            return Ok(Ok(Outcome::Lost));
        }
        let text = format!(
            "Nothing happened here for {days} days, so {} closes this pull request. Reopen it to continue.",
            project.name
        );
        match closer.comment(&text).await {
            Ok(()) => Ok(Ok(Outcome::Ends(CLOSED))),
            Err(ApiError::Refused { .. } | ApiError::NotFound) => {
                Ok(Ok(Outcome::Ends(CLOSED_SILENTLY)))
            }
            Err(ApiError::Unavailable(_) | ApiError::TooMuch | ApiError::Unexpected(_)) => {
                Ok(Ok(Outcome::Ends(COMMENT_UNKNOWN)))
            }
            Err(error) => {
                // It was not sent, or was rejected as a whole.
                self.set_began(ClosingStep::Comment, None).await?;
                Ok(Err(error))
            }
        }
    }

    /// Returns the result of an error. What the App may not read or write is the choice of the repository's owner, not a
    /// failure of this server.
    async fn refused(&self, error: ApiError) -> Result<Result<Outcome, ApiError>, DbError> {
        if !matches!(error, ApiError::Refused { .. } | ApiError::NotFound) {
            return Ok(Err(error));
        }
        self.set_began(ClosingStep::Close, None).await?;
        Ok(Ok(Outcome::Ends(DECLINED)))
    }

    async fn set_began(
        &self,
        step: ClosingStep,
        began: Option<Timestamp>,
    ) -> Result<bool, DbError> {
        let tx = self.context.begin().await?;
        let row = (self.worker, self.claimed.id);
        let is_ours = closings::set_began(&tx, row, step, began).await?;
        tx.commit().await?;
        Ok(is_ours)
    }

    async fn end(&self, outcome: &str) -> Result<(), DbError> {
        let tx = self.context.begin().await?;
        let done = [(self.claimed.id, outcome.to_owned())];
        QUEUE.complete(&tx, self.worker, done, self.context.now()).await?;
        tx.commit().await
    }

    async fn forget(&self) -> Result<(), DbError> {
        let tx = self.context.begin().await?;
        closings::forget(&tx, self.worker, self.claimed.id).await?;
        tx.commit().await
    }

    async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let attempt = (self.claimed.id, self.claimed.attempts);
        QUEUE.record_failure(self.context, self.worker, attempt, failure).await
    }
}
