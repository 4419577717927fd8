use std::{collections::BTreeMap, time::Instant};

use github::model::RepositoryId;
use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
    jobs::Failure,
};
use uuid::Uuid;

use super::{FunnelStage, count, start_checks::start_checks, unwatch::unwatch_unneeded};
use crate::{
    gateway::{CodeHost, EvidenceRequest, HostError, OpenRepository, find_first_seen, gather},
    model::{
        CheckTrigger, HackathonId, SUBMISSION_CHECKS, SUBMISSION_INVALID, SubmissionId, Submitter,
        Verdict,
    },
    reads::{self, HackathonView, SettingsView, SubmissionView},
    rules::{
        checks::{Blob, Member, Report, Window, compared_blobs, is_close, report},
        submissions::deadline,
    },
    store::{
        checks::{self, ClaimedCheck, NewReport, QUEUE},
        own_checks::{self, NewStart},
    },
    telemetry::VALIDATION,
};

/// A submission that a worker checks.
#[derive(Debug)]
pub(crate) struct CheckRun<'a> {
    pub(crate) context: &'a Context,
    pub(crate) worker: Uuid,
    /// The claimed row.
    pub(crate) claimed: ClaimedCheck,
}

/// The reason why a submission was not checked.
enum CheckError {
    Database(DbError),
    Host(HostError),
}

impl From<DbError> for CheckError {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

impl From<HostError> for CheckError {
    fn from(error: HostError) -> Self {
        Self::Host(error)
    }
}

impl CheckRun<'_> {
    /// Checks the submission and records the report. A failure is recorded in the queue, which tries again: as often as needed while the
    /// code host does not respond or limits requests.
    ///
    /// # Errors
    /// When the database fails while a failure is recorded.
    pub(crate) async fn run(&self, host: &dyn CodeHost) -> Result<(), DbError> {
        let began = Instant::now();
        let failure = match self.check(host).await {
            Ok(verdict) => {
                VALIDATION.record(&[verdict], began.elapsed());
                return Ok(());
            }
            Err(CheckError::Host(HostError(failure))) => failure,
            Err(CheckError::Database(error)) => {
                tracing::error!(%error, "a submission could not be checked");
                Failure::Retry("The database failed. The server tries again.".to_owned())
            }
        };
        self.fail(&failure).await
    }

    async fn fail(&self, failure: &Failure) -> Result<(), DbError> {
        let attempt = (self.claimed.id, self.claimed.attempts);
        let (tx, now) = (self.context.begin().await?, self.context.now());
        QUEUE.fail_or_wait(&tx, self.worker, attempt, failure, now).await?;
        tx.commit().await
    }

    async fn check(&self, host: &dyn CodeHost) -> Result<&'static str, CheckError> {
        let db = &self.context.db;
        let id: SubmissionId = self.claimed.submission_id.into();
        let submission = reads::submission(db, id).await?;
        let Some(submission) = submission.filter(|it| it.version > 0) else {
            return Ok(self.end(id, "nothing to check", None).await?);
        };
        let hackathon = reads::hackathon_by_id(db, submission.hackathon_id.into()).await?;
        let Some(hackathon) = hackathon else {
            return Ok(self.end(id, "nothing to check", None).await?);
        };
        let settings = reads::submission_settings(db, hackathon.key()).await?;
        let wanted = self.wanted(&hackathon, &submission, &settings).await?;
        let open = host.open(self.context, &wanted.repository).await?;
        if self.is_unchanged(open.as_deref(), &submission, &wanted).await? {
            return Ok(self.end(id, "unchanged", None).await?);
        }
        let gathered = gather(host.host_of(&wanted.repository), open, &wanted).await?;
        let mut evidence = gathered.evidence;
        let mut blobs = compared_blobs(&evidence.files);
        evidence.shared = reads::shared_blobs(db, hackathon.key(), id, &blobs).await?;
        let mut affected = Vec::new();
        if let Some(open) = gathered.repository.as_deref()
            && is_close(&evidence)
        {
            find_first_seen(open, &evidence.pushes, &mut blobs).await?;
            evidence.shared = reads::shared_blobs(db, hackathon.key(), id, &blobs).await?;
            // Both have to know who had the files first.
            if !reads::has_first_seen(db, id).await? {
                let others = evidence.shared.iter().map(|it| SubmissionId::from(it.submission));
                affected.extend(others);
            }
        }
        let start = match (gathered.repository.as_deref(), evidence.head.as_deref()) {
            (Some(open), Some(sha)) => start_checks(self.context, id, &settings, open, sha).await?,
            _ => None,
        };
        let report = report(&evidence);
        let is_first = submission.facts().verdict.is_none();
        let is_valid = report.verdict() == Verdict::Valid;
        let verdict = report.verdict().as_str();
        let made = MadeReport {
            hackathon: hackathon.key(),
            version: submission.version,
            repository: gathered.repository,
            watched: submission.watched(),
            blobs,
            affected,
            start,
            report,
        };
        let ended = self.end(id, verdict, Some(made)).await?;
        if is_first && is_valid && submission.version == 1 {
            count(FunnelStage::Valid, 1);
        }
        Ok(ended)
    }

    /// Returns whether a look at the branch shows the commit that was checked last.
    async fn is_unchanged(
        &self,
        open: Option<&dyn OpenRepository>,
        submission: &SubmissionView,
        wanted: &EvidenceRequest,
    ) -> Result<bool, CheckError> {
        let is_look = matches!(self.claimed.trigger()?, CheckTrigger::Poll | CheckTrigger::Push);
        if !is_look {
            return Ok(false);
        }
        let Some(open) = open else {
            let was_readable = submission.facts().verdict == Some(Verdict::Valid);
            return Ok(!was_readable);
        };
        let branch = wanted.branch_of(open.described());
        Ok(open.head(branch).await? == submission.commit_sha)
    }

    async fn wanted(
        &self,
        hackathon: &HackathonView,
        submission: &SubmissionView,
        settings: &SettingsView,
    ) -> Result<EvidenceRequest, DbError> {
        let db = &self.context.db;
        let extension = reads::extension(db, hackathon.key(), submission.by()).await?;
        let timeline = hackathon.timeline();
        let own = extension.map(|extension| extension.closes_at);
        let deadline = deadline(timeline.submission_closes_at, own);
        // What is late may be as late as it was submitted; that it is late shows by itself.
        let closes_at = if submission.facts().is_late {
            submission.submitted_at.unwrap_or(deadline).max(deadline)
        } else {
            deadline
        };
        // What is pushed between the deadline and the freeze does not count either.
        let is_over = !submission.facts().is_late && self.context.now() >= deadline;
        let frozen_at = submission.locked_at.or(is_over.then_some(deadline));
        Ok(EvidenceRequest {
            repository: submission.repository.clone(),
            branch: submission.branch.clone(),
            window: Window { opens_at: timeline.submission_opens_at, closes_at },
            frozen_at: frozen_at.map(|at| closes_at.min(at)),
            pinned: submission.commit_sha.clone(),
            members: self.members(submission).await?,
            required: settings.required_files(),
        })
    }

    /// Returns the people who submit together, as code hosts know them.
    async fn members(&self, submission: &SubmissionView) -> Result<Vec<Member>, DbError> {
        let db = &self.context.db;
        let people: Vec<UserId> = match submission.by() {
            Submitter::Team(team) => {
                let members = reads::members(db, [team]).await?;
                members.into_iter().map(|it| it.user_id.into()).collect()
            }
            Submitter::Person(person) => vec![person],
        };
        let mut emails: BTreeMap<UserId, String> =
            identity::reads::verified_emails(db, people.iter().copied()).await?;
        let mut members = Vec::new();
        for person in people {
            members.push(Member {
                github_id: identity::reads::proven_github_id(db, person).await?,
                emails: (emails.remove(&person).into_iter())
                    .map(|email| email.to_ascii_lowercase())
                    .collect(),
            });
        }
        Ok(members)
    }

    /// Records the end of the check, with the report if one was made.
    async fn end(
        &self,
        id: SubmissionId,
        outcome: &'static str,
        made: Option<MadeReport<'_>>,
    ) -> Result<&'static str, DbError> {
        let (context, now) = (self.context, self.context.now());
        let mut tx = context.begin().await?;
        tx.lock_rows("submissions", [id.0]).await?;
        if !checks::end(&tx, self.worker, &self.claimed, outcome, now).await? {
            return Ok(outcome);
        }
        match made {
            Some(made) => self.record(&mut tx, id, made, now).await?,
            None => checks::touch(&tx, id, now).await?,
        }
        tx.commit().await?;
        Ok(outcome)
    }

    async fn record(
        &self,
        tx: &mut Tx,
        id: SubmissionId,
        made: MadeReport<'_>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let ids = &self.context.ids;
        let repository = match &made.repository {
            Some(open) => open.watch(tx).await?,
            None => None,
        };
        let new = NewReport {
            repository,
            submission: id,
            version: made.version,
            trigger: self.claimed.trigger()?,
            report: &made.report,
        };
        checks::insert_report(tx, ids.next(), new, now).await?;
        // It has replaced another one, or the submission was withdrawn meanwhile.
        let followed = made.watched.into_iter().chain(repository);
        unwatch_unneeded(tx, self.context, followed.collect()).await?;
        let blobs = made.blobs.into_iter().map(|blob| (ids.next(), blob));
        let blobs: Vec<_> = blobs.collect();
        checks::set_blobs(tx, made.hackathon, id, &blobs, now).await?;
        if let Some(start) = made.start {
            own_checks::insert_start(tx, ids.next(), id, start, now).await?;
        }
        request_checks(tx, self.context, made.affected, CheckTrigger::Request).await?;
        if made.report.verdict() == Verdict::Invalid {
            tx.wake(SUBMISSION_INVALID, [id.0], ids.as_ref(), now).await?;
        }
        Ok(())
    }
}

/// A report with the contents by which copies are found.
struct MadeReport<'a> {
    hackathon: HackathonId,
    version: i64,
    /// The repository to watch.
    repository: Option<Box<dyn OpenRepository + 'a>>,
    /// The repository that was watched before.
    watched: Option<RepositoryId>,
    blobs: Vec<Blob>,
    /// The submissions to check again, because of what this check found.
    affected: Vec<SubmissionId>,
    /// The start of the hackathon's own checks.
    start: Option<NewStart>,
    report: Report,
}

/// The time after which a submission without news is looked at again.
const POLLED_AFTER: chrono::TimeDelta = chrono::TimeDelta::minutes(9);
/// The maximum number of submissions that one run of the schedule looks at.
const MOST_POLLED: i64 = 2_000;

/// Requests a look at the repositories of submissions that were not checked for ten minutes. Returns their number.
///
/// # Errors
/// When the database fails.
pub async fn poll_submissions(context: &Context) -> Result<u64, DbError> {
    let now = context.now();
    let mut tx = context.begin().await?;
    let due = reads::unwatched_submissions(&tx, now - POLLED_AFTER, now, MOST_POLLED).await?;
    let requested = request_checks(&mut tx, context, due, CheckTrigger::Poll).await?;
    tx.commit().await?;
    Ok(requested)
}

/// Requests that submissions are checked in the caller's transaction, and wakes the worker. Returns their number.
pub(super) async fn request_checks(
    tx: &mut Tx,
    context: &Context,
    submissions: impl IntoIterator<Item = SubmissionId>,
    trigger: CheckTrigger,
) -> Result<u64, DbError> {
    let rows = submissions.into_iter().map(|id| (context.ids.next(), id));
    let rows: Vec<_> = rows.collect();
    let requested = checks::request(tx, rows, trigger, context.now()).await?;
    if requested > 0 {
        tx.raise(SUBMISSION_CHECKS);
    }
    Ok(requested)
}
