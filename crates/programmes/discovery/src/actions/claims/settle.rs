//! Claims follow from the issues and the pull requests that would close them.

use std::collections::VecDeque;

use chrono::TimeDelta;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
};
use uuid::Uuid;

use crate::{
    actions::derive::derive_issue,
    model::{
        CLAIM_CHANGED, ClaimStatus, ClosingPull, MOST_ACTIVE, PERIOD, PullOutcome, PullState,
        Status,
    },
    reads::claims::{self as reads, Claim, Claimable},
    rules::claims::{ClaimVerdict, WorkPeriod, judge, outcome},
    store::{
        claims::{self, ClaimEnd},
        opportunities,
    },
    telemetry::CLAIMS_ENDED,
};

/// Lets the claims of opportunities follow from what is known of their issues and pull requests now: they are extended,
/// completed, ended, and given to the next person in the queue. Repeating it changes nothing.
///
/// # Errors
/// When the database fails.
pub(in crate::actions) async fn settle_claims(
    tx: &mut Tx,
    context: &Context,
    of: Vec<Uuid>,
) -> Result<(), DbError> {
    if of.is_empty() {
        return Ok(());
    }
    opportunities::lock(tx).await?;
    Settling::new(tx, context).run(of).await
}

/// How long after the end of a claim its pull requests are still read: one that was merged before completes it.
pub(in crate::actions) const WATCHED_AFTER: TimeDelta = TimeDelta::days(2);

/// Watches the pull requests that would close an issue while it is claimed until an instant.
pub(super) async fn watch_until(tx: &Tx, issue: Uuid, until: Timestamp) -> Result<(), DbError> {
    github::actions::watch_issue(tx, issue.into(), until + WATCHED_AFTER).await
}

/// Lets the claims of an issue follow from the pull requests that would close it, one of which changed.
///
/// # Errors
/// When the database fails.
pub(crate) async fn follow_pulls(
    tx: &mut Tx,
    context: &Context,
    issue: Uuid,
) -> Result<(), DbError> {
    let claimed = reads::claimed_among(tx, [issue]).await?;
    settle_claims(tx, context, claimed).await
}

/// Changes of claims in a transaction that holds the lock of opportunities.
pub(super) struct Settling<'a> {
    tx: &'a mut Tx,
    context: &'a Context,
    now: Timestamp,
    /// The opportunities to look at.
    waiting: VecDeque<Uuid>,
}

impl<'a> Settling<'a> {
    pub(super) fn new(tx: &'a mut Tx, context: &'a Context) -> Self {
        Self { tx, context, now: context.now(), waiting: VecDeque::new() }
    }

    /// Settles opportunities, and those that people who have room for another claim wait for.
    pub(super) async fn run(mut self, of: impl IntoIterator<Item = Uuid>) -> Result<(), DbError> {
        self.waiting.extend(of);
        while let Some(id) = self.waiting.pop_front() {
            if let Some(opportunity) = reads::claimable(self.tx, id).await? {
                self.settle(&opportunity).await?;
            }
        }
        Ok(())
    }

    async fn settle(&mut self, of: &Claimable) -> Result<(), DbError> {
        for claim in reads::uncompleted(self.tx, of.id, self.now - WATCHED_AFTER).await? {
            self.follow(of, &claim).await?;
        }
        let open = reads::open_claims(self.tx, of.id).await?;
        for claim in open.iter().filter(|it| it.status == ClaimStatus::Active) {
            self.follow(of, claim).await?;
        }
        // The status may follow from the issue again.
        let Some(of) = reads::claimable(self.tx, of.id).await? else {
            return Ok(());
        };
        let queue = reads::open_claims(self.tx, of.id).await?;
        let queue = queue.into_iter().filter(|it| it.status == ClaimStatus::Queued);
        match (of.obstacle(), of.status) {
            (Some(why), _) => {
                for claim in queue {
                    self.end(&claim, ClaimStatus::Released, Some(why.to_owned())).await?;
                }
                Ok(())
            }
            (None, Status::Active) => self.give_to_next(of.id, of.issue_id, queue).await,
            (None, Status::Claimed | Status::Completed | Status::Expired) => Ok(()),
        }
    }

    /// Lets one claim follow from the facts.
    async fn follow(&mut self, of: &Claimable, claim: &Claim) -> Result<(), DbError> {
        let Some((claimed_at, expires_at)) = claim.claimed_at.zip(claim.expires_at) else {
            return Ok(());
        };
        let pulls = self.pulls(of, claim).await?;
        let worked = WorkPeriod { claimed_at, expires_at, ended_at: claim.ended_at };
        match judge(worked, &pulls, of.obstacle(), self.now) {
            ClaimVerdict::Stays => Ok(()),
            ClaimVerdict::Extended(until) => {
                claims::extend(self.tx, claim.id, of.id, until, self.now).await?;
                watch_until(self.tx, of.issue_id, until).await
            }
            ClaimVerdict::Completed(pull) => {
                let end = ClaimEnd {
                    status: ClaimStatus::Completed,
                    reason: None,
                    pull_request: Some(pull),
                    outcome: Some(PullOutcome::Merged),
                };
                self.end_as(claim, &end).await
            }
            ClaimVerdict::Ends(why) => self.end(claim, ClaimStatus::Released, Some(why)).await,
            ClaimVerdict::Expires => self.end(claim, ClaimStatus::Expired, None).await,
        }
    }

    /// Returns the pull requests that would close an issue, as the claimant sees them.
    async fn pulls(&self, of: &Claimable, claim: &Claim) -> Result<Vec<ClosingPull>, DbError> {
        let found = github::reads::closing_pulls(self.tx, of.issue_id.into()).await?;
        let seen = found.into_iter().map(|pull| ClosingPull {
            name: pull.name,
            is_own: pull.author == Some(claim.person()),
            state: match (pull.merged_at, pull.is_open) {
                (Some(at), _) => PullState::Merged(at),
                (None, true) => PullState::Open,
                (None, false) => PullState::Closed,
            },
            active_at: pull.active_at,
        });
        Ok(seen.collect())
    }

    /// Ends a claim without completing it.
    pub(super) async fn end(
        &mut self,
        claim: &Claim,
        status: ClaimStatus,
        reason: Option<String>,
    ) -> Result<(), DbError> {
        let of = reads::claimable(self.tx, claim.opportunity_id).await?;
        let pulls = match &of {
            Some(of) => self.pulls(of, claim).await?,
            None => Vec::new(),
        };
        let end = ClaimEnd {
            status,
            reason,
            pull_request: None,
            outcome: outcome(claim.claimed_at, &pulls),
        };
        self.end_as(claim, &end).await
    }

    async fn end_as(&mut self, claim: &Claim, end: &ClaimEnd) -> Result<(), DbError> {
        claims::end(self.tx, claim.id, end, self.now).await?;
        // A person who releases their own claim knows.
        if end.reason.is_some() || end.status != ClaimStatus::Released {
            self.wake(claim.id).await?;
        }
        if claim.status != ClaimStatus::Active {
            return Ok(());
        }
        CLAIMS_ENDED.add(&[end.status.as_str()], 1);
        claims::free(self.tx, claim.opportunity_id, self.now).await?;
        if let Some(of) = reads::claimable(self.tx, claim.opportunity_id).await? {
            derive_issue(self.tx, self.context, of.repository_id, of.issue_id).await?;
        }
        let other = reads::free_with(self.tx, claim.person()).await?;
        self.waiting.extend(other);
        Ok(())
    }

    /// Gives a free opportunity to the first person in its queue who can be reached and has room for another claim.
    async fn give_to_next(
        &mut self,
        opportunity: Uuid,
        issue: Uuid,
        queue: impl Iterator<Item = Claim>,
    ) -> Result<(), DbError> {
        for claim in queue {
            let person = claim.person();
            let reached = identity::reads::reachable(self.tx, person, self.now).await?;
            let (active, _) = reads::counts(self.tx, person).await?;
            if reached.is_none() || active >= MOST_ACTIVE {
                continue;
            }
            let until = self.now + PERIOD;
            claims::activate(self.tx, claim.id, opportunity, person, until, self.now).await?;
            watch_until(self.tx, issue, until).await?;
            return self.wake(claim.id).await;
        }
        Ok(())
    }

    async fn wake(&mut self, claim: Uuid) -> Result<(), DbError> {
        let ids = self.context.ids.as_ref();
        self.tx.wake(CLAIM_CHANGED, [claim], ids, self.now).await
    }
}
