use github::model::{PullRequestId, RepositoryId};
use identity::model::UserId;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{ActionError, Context, db::Tx};
use uuid::Uuid;

use super::detect_gaming::FLAGS;
use crate::{
    access,
    model::{FLAG_RAISED, FlagId, ReportReason, ReportTarget},
    reads,
    rules::fair_play::{
        FindingKind, GamingFinding,
        reports::{MOST_REPORTS, REPORT_PERIOD, checked_words, permit_report, report_signs},
    },
    store::{
        fair_play,
        reports::{self, NewReport},
    },
};

#[derive(Clone, Debug)]
pub struct ReportInput {
    /// The repository, as `owner/name`.
    pub repository: String,
    /// The number of the pull request; absent to report the repository.
    pub number: Option<i64>,
    pub reason: ReportReason,
    /// The description; may be empty, except for [`ReportReason::Other`].
    pub words: String,
}

/// Reports a pull request or a repository of a project to the moderators: raises a flag on it, or adds to the open one. The
/// person is notified of the outcome. Returns the report's ID. The audit log does not record who reported, because an admin
/// may be the person reported.
///
/// # Errors
/// When the description is missing or too long, the pull request or repository belongs to no project, the person reported it
/// before, or they reported too often.
pub async fn report(
    context: &Context,
    reporter: UserId,
    input: &ReportInput,
) -> Result<Uuid, ActionError> {
    let words = checked_words(input.reason, &input.words)?;
    let mut tx = context.begin().await?;
    // The lock of the flags holds the rules across reports: one flag per target, and the limit per person.
    tx.serialize(FLAGS).await?;
    let (target, author) = target(&tx, input).await?;
    let now = context.now();
    permit(&tx, reporter, target, now).await?;
    let flag = flag_on(&tx, context, target, author).await?;
    let new = NewReport {
        id: context.ids.next(),
        flag,
        reporter,
        target,
        reason: input.reason,
        words: words.as_deref(),
    };
    reports::insert(&tx, &new, now).await?;
    let finding = finding(target, author, &reasons(&tx, flag).await?);
    fair_play::extend(&tx, flag, &finding, now).await?;
    let ids = context.ids.as_ref();
    tx.wake(FLAG_RAISED, [flag.0], ids, now).await?;
    tx.commit().await?;
    Ok(new.id)
}

/// Finds what is reported, and the author of a pull request.
async fn target(
    tx: &Tx,
    input: &ReportInput,
) -> Result<(ReportTarget, Option<UserId>), ActionError> {
    let name = &input.repository;
    let Some(number) = input.number else {
        return Ok((ReportTarget::Repository(repository(tx, name).await?), None));
    };
    let unknown = || access::not_followed(name, number);
    let pull = github::reads::pull_request(tx, name, number).await?;
    let pull = pull.ok_or_else(unknown)?;
    let id = PullRequestId::new(pull.id);
    let contribution = reads::of_pull_request(tx, id).await?;
    contribution.ok_or_else(unknown)?;
    let author = pull.author_id.map(UserId::from);
    Ok((ReportTarget::PullRequest(id), author))
}

/// Finds a public repository of a project.
async fn repository(tx: &Tx, full_name: &str) -> Result<RepositoryId, ActionError> {
    let found = reads::public_repository(tx, full_name).await?;
    let (repository, _) = found.ok_or_else(|| access::no_project_has(full_name))?;
    Ok(repository.id.into())
}

async fn permit(
    tx: &Tx,
    reporter: UserId,
    target: ReportTarget,
    now: Timestamp,
) -> Result<(), ActionError> {
    if let Some(at) = reports::reported_at(tx, reporter, target).await? {
        let detail = format!(
            "You already reported this on {}. You are notified of the outcome.",
            at.format("%Y-%m-%d")
        );
        return Err(Problem::new(ProblemKind::Conflict, "ALREADY_REPORTED", detail).into());
    }
    // The limit refuses one more than it permits, so more rows would not change the decision.
    let limit = i64::try_from(MOST_REPORTS).unwrap_or(i64::MAX);
    let since = now.checked_sub_signed(REPORT_PERIOD).unwrap_or(now);
    let earlier = reports::times(tx, reporter, since, limit).await?;
    Ok(permit_report(&earlier, now)?)
}

/// Returns the open flag on a target, or raises one.
async fn flag_on(
    tx: &Tx,
    context: &Context,
    target: ReportTarget,
    author: Option<UserId>,
) -> Result<FlagId, ActionError> {
    if let Some((flag, _)) = reports::open_flag(tx, target).await? {
        return Ok(flag);
    }
    let (id, number) = (FlagId::new(context.ids.next()), fair_play::last_number(tx).await? + 1);
    let finding = finding(target, author, &[]);
    fair_play::insert(tx, id, number, &finding, &finding.pulls, context.now()).await?;
    Ok(id)
}

async fn reasons(tx: &Tx, flag: FlagId) -> Result<Vec<ReportReason>, ActionError> {
    let found = reports::of_flag(tx, flag).await?.into_iter();
    Ok(found.map(|report| report.reason).collect())
}

fn finding(
    target: ReportTarget,
    author: Option<UserId>,
    reasons: &[ReportReason],
) -> GamingFinding {
    let (pull, repository) = match target {
        ReportTarget::PullRequest(pull) => (Some(pull), None),
        ReportTarget::Repository(repository) => (None, Some(repository)),
    };
    GamingFinding {
        kind: FindingKind::Report,
        people: author.into_iter().collect(),
        repositories: repository.into_iter().collect(),
        pulls: pull.into_iter().collect(),
        signs: report_signs(reasons),
    }
}
