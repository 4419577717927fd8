use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    act_on,
    apply::open_application,
    check::request_checks,
    funnel::{self, FunnelStage},
    unwatch::unwatch_unneeded,
};
use crate::{
    SUBMISSIONS, access,
    model::{CheckTrigger, SubmissionId, Submitter, TeamId},
    reads::{self, HackathonView, Participation, SubmissionView},
    rules::{
        submissions::{Attempt, SubmissionDetails, SubmissionInput},
        tracks::all_known,
    },
    store::submissions::{self, NewVersion},
    telemetry::ON_TIME,
};

/// The submission of a person or of their team, locked.
struct OwnSubmission {
    hackathon: HackathonView,
    participation: Participation,
    submission: SubmissionView,
}

impl OwnSubmission {
    fn attempt(&self, context: &Context) -> Attempt<'_> {
        self.participation.attempt(&self.hackathon, context.now())
    }
}

/// Finds the submission of a person or of their team, or begins one, and locks it. Only its own row is locked, so that teams that
/// submit in the same minute do not wait for each other.
async fn own(
    tx: &Tx,
    context: &Context,
    slug: &str,
    person: UserId,
) -> Result<OwnSubmission, ActionError> {
    let hackathon = reads::hackathon(tx, slug).await?;
    let hackathon = hackathon.ok_or_else(|| access::unknown_hackathon(slug))?;
    let application = open_application(tx, context, &hackathon, person).await?;
    if !application.status.holds_place() {
        return Err(without_place(&hackathon).into());
    }
    let begun = reads::participation(tx, &hackathon, person).await?;
    let (id, now) = (SubmissionId::new(context.ids.next()), context.now());
    submissions::insert(tx, id, hackathon.key(), begun.by, now).await?;
    let found = reads::submission_by(tx, hackathon.key(), begun.by).await?;
    let id = found.ok_or_else(access::no_submission)?.id;
    tx.lock_rows("submissions", [id]).await?;
    let participation = reads::participation(tx, &hackathon, person).await?;
    let submission = participation.submission.clone().filter(|own| own.id == id);
    Ok(OwnSubmission {
        // They joined or left a team in the meantime.
        submission: submission.ok_or_else(access::no_submission)?,
        hackathon,
        participation,
    })
}

/// Gives what a person submitted alone to the team that they are in now. If the team has a submission, theirs is withdrawn: a person takes
/// part once.
///
/// # Errors
/// When they submitted something and submissions are turned off: it would not stay where it is. A draft follows them.
pub(super) async fn follow_into_team(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    person: UserId,
    team: TeamId,
) -> Result<(), ActionError> {
    let key = hackathon.key();
    let own = reads::submission_by(tx, key, Submitter::Person(person)).await?;
    let Some(own) = own else {
        return Ok(());
    };
    if own.version > 0 && !may_change(tx, context, person).await? {
        return Err(turned_off(
            "You submitted alone, and your submission would move to the team. Submissions are turned off on this server for now, so \
             nothing was changed. Ask an admin when they are on again.",
        )
        .into());
    }
    tx.lock_rows("submissions", [own.id]).await?;
    if submissions::adopt(tx, key, person, team).await? == 0 && own.version > 0 {
        withdraw_own(tx, context, &own).await?;
    }
    Ok(())
}

/// Returns whether the flag of submissions is on for a person.
async fn may_change(tx: &Tx, context: &Context, person: UserId) -> Result<bool, ActionError> {
    Ok(context.flags.is_on(SUBMISSIONS, identity::reads::flag_viewer(tx, person).await?))
}

/// Refuses to add or change a submission while the flag of submissions is off for a person.
pub(super) async fn refuse_while_off(
    tx: &Tx,
    context: &Context,
    person: UserId,
) -> Result<(), ActionError> {
    if may_change(tx, context, person).await? {
        return Ok(());
    }
    Err(turned_off(
        "Submissions are turned off on this server for now, so nothing was changed. What was submitted stays. Ask an admin when \
         they are on again.",
    )
    .into())
}

fn turned_off(detail: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, "SUBMISSIONS_OFF", detail)
}

fn without_place(hackathon: &HackathonView) -> Problem {
    let detail = format!(
        "You have no place at {} yet, so you cannot submit. Your application decides about it.",
        hackathon.title
    );
    Problem::new(ProblemKind::Forbidden, "NO_PLACE", detail)
}

/// Saves the draft of a submission, which only the team sees. Returns it.
///
/// # Errors
/// When a field is not valid, submissions are turned off or not open, something was submitted before, or the person has no place.
pub async fn save_submission(
    context: &Context,
    person: UserId,
    slug: &str,
    input: &SubmissionInput,
) -> Result<SubmissionView, ActionError> {
    let details = SubmissionDetails::read(input, true)?;
    let tx = context.begin().await?;
    refuse_while_off(&tx, context, person).await?;
    let own = own(&tx, context, slug, person).await?;
    own.attempt(context).may_save()?;
    let tracks = reads::tracks(&tx, own.hackathon.key()).await?;
    all_known(&tracks, &details.tracks)?;
    if own.submission.version > 0 {
        return Err(submitted_before().into());
    }
    let id = own.submission.key();
    submissions::save(&tx, id, &details, context.now()).await?;
    finish(tx, id).await
}

fn submitted_before() -> Problem {
    let detail =
        "Your team has submitted. Submit the changes as a new version; earlier ones are kept.";
    Problem::new(ProblemKind::Conflict, "ALREADY_SUBMITTED", detail)
}

/// Submits a version. Earlier ones are kept, and the checks begin. An organizer's admission despite a required check stays with the
/// repository and the branch for which it was decided. Returns the submission.
///
/// # Errors
/// When a field is not valid, submissions are turned off, not open or closed, the team is too small, or the person has no place.
pub async fn submit(
    context: &Context,
    person: UserId,
    slug: &str,
    input: &SubmissionInput,
) -> Result<SubmissionView, ActionError> {
    let details = SubmissionDetails::read(input, false)?;
    let mut tx = context.begin().await?;
    refuse_while_off(&tx, context, person).await?;
    let own = own(&tx, context, slug, person).await?;
    let is_late = own.attempt(context).may_submit()?;
    let tracks = reads::tracks(&tx, own.hackathon.key()).await?;
    all_known(&tracks, &details.tracks)?;
    let (id, now) = (own.submission.key(), context.now());
    let is_same = own.submission.version > 0
        && own.submission.details() == details
        && !own.submission.facts().is_withdrawn;
    if is_same {
        return Ok(own.submission);
    }
    let before = &own.submission;
    let new = NewVersion {
        is_admitted: before.is_admitted && details.has_code_of(&before.details()),
        submission: id,
        number: own.submission.version + 1,
        person,
        details: &details,
        is_late,
    };
    submissions::insert_version(&tx, context.ids.next(), new, now).await?;
    request_checks(&mut tx, context, [id], CheckTrigger::Submit).await?;
    let after = json!({ "submission": id.0, "version": new.number, "is_late": is_late });
    let act = act_on(&own.hackathon, Actor::Person(person.0), "submission.submit", Some(after));
    audit::record(&tx, context, act).await?;
    let submitted = finish(tx, id).await?;
    if new.number == 1 {
        funnel::count(FunnelStage::Submitted, 1);
        let on_time = u64::from(!is_late);
        ON_TIME.add(&[], on_time);
    }
    Ok(submitted)
}

/// Withdraws the submission of a person or their team. It can be submitted again until submissions close. Returns it.
///
/// # Errors
/// When nothing was submitted, submissions are turned off or closed, or the person has no place.
pub async fn withdraw_submission(
    context: &Context,
    person: UserId,
    slug: &str,
) -> Result<SubmissionView, ActionError> {
    let tx = context.begin().await?;
    refuse_while_off(&tx, context, person).await?;
    let own = own(&tx, context, slug, person).await?;
    let facts = own.submission.facts();
    if facts.version == 0 || facts.is_withdrawn {
        return Err(access::no_submission().into());
    }
    own.attempt(context).may_save()?;
    withdraw_own(&tx, context, &own.submission).await?;
    let id = own.submission.key();
    let after = json!({ "submission": id.0 });
    let act = act_on(&own.hackathon, Actor::Person(person.0), "submission.withdraw", Some(after));
    audit::record(&tx, context, act).await?;
    finish(tx, id).await
}

/// Withdraws a submission in the caller's transaction, which holds the lock of its row. Its repository is watched no longer.
async fn withdraw_own(tx: &Tx, context: &Context, own: &SubmissionView) -> Result<(), ActionError> {
    submissions::withdraw(tx, own.key(), context.now()).await?;
    Ok(unwatch_unneeded(tx, context, own.watched().into_iter().collect()).await?)
}

/// Has the submission of a person or their team checked again. Returns it.
///
/// # Errors
/// When nothing was submitted, or the person has no place.
pub async fn check_again(
    context: &Context,
    person: UserId,
    slug: &str,
) -> Result<SubmissionView, ActionError> {
    let mut tx = context.begin().await?;
    let own = own(&tx, context, slug, person).await?;
    let facts = own.submission.facts();
    if facts.version == 0 || facts.is_withdrawn {
        return Err(access::no_submission().into());
    }
    let id = own.submission.key();
    request_checks(&mut tx, context, [id], CheckTrigger::Request).await?;
    finish(tx, id).await
}

/// Appeals against the disqualification of the submission of a person or their team. Organizers read it. Returns the submission.
///
/// # Errors
/// When it is not disqualified, the text is missing or too long, or the hackathon is canceled or its results are final.
pub async fn appeal(
    context: &Context,
    person: UserId,
    slug: &str,
    text: &str,
) -> Result<SubmissionView, ActionError> {
    let text = crate::rules::rulings::appeal(text)?;
    let tx = context.begin().await?;
    let own = own(&tx, context, slug, person).await?;
    super::contestable(context, &own.hackathon)?;
    if !own.submission.facts().is_disqualified {
        let detail = "Your submission is not disqualified, so there is nothing to appeal against.";
        return Err(Problem::new(ProblemKind::Conflict, "NOT_DISQUALIFIED", detail).into());
    }
    let id = own.submission.key();
    submissions::appeal(&tx, id, &text, context.now()).await?;
    let after = json!({ "submission": id.0 });
    let act = act_on(&own.hackathon, Actor::Person(person.0), "submission.appeal", Some(after));
    audit::record(&tx, context, act).await?;
    finish(tx, id).await
}

async fn finish(tx: Tx, id: SubmissionId) -> Result<SubmissionView, ActionError> {
    let written = reads::submission(&tx, id).await?;
    tx.commit().await?;
    Ok(written.ok_or_else(access::no_submission)?)
}
