use identity::model::UserId;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    act_on, changeable, check::request_checks, contestable, freeze::follow_deadline, locked,
    settle_points::settle_ruled, still_changeable,
};
use crate::{
    access,
    model::{CheckTrigger, SUBMISSION_RULED, SubmissionId, Submitter},
    reads::{self, HackathonView, SubmissionView},
    rules::{
        own_checks, reminders,
        rulings::{self, Ruling},
        submissions::Facts,
    },
    store::submissions::{self, NewExtension, Settings},
};

/// Decides about a submission: admits it although a required check fails, disqualifies it, takes either back, or records the choice of
/// the jury. The team is notified of a disqualification and of its end. A disqualification after the results reverses the points.
/// Returns the submission.
///
/// # Errors
/// When nothing was submitted, a disqualification has no reason, the phase of the hackathon does not allow the decision, or the jury
/// chooses a submission of which another version can be submitted.
pub async fn rule_submission(
    context: &Context,
    organizer: UserId,
    slug: &str,
    id: SubmissionId,
    ruling: Ruling,
    reason: &str,
) -> Result<SubmissionView, ActionError> {
    let reason = ruling.reason(reason)?;
    let mut tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    may_rule(context, &hackathon, ruling)?;
    tx.lock_rows("submissions", [id.0]).await?;
    let found = reads::submission(&tx, id).await?;
    let of_hackathon = found.filter(|found| found.hackathon_id == hackathon.id);
    let before = of_hackathon.ok_or_else(access::unknown_submission)?;
    if before.version == 0 {
        return Err(access::unknown_submission().into());
    }
    let now = context.now();
    let is_published = hackathon.steps().results_published_at.is_some();
    let new = ruled(&before, ruling, is_published, now);
    let is_known = |reason: &str| before.reason.as_deref() == Some(reason);
    if new.facts(&before) == before.facts() && reason.as_deref().is_none_or(is_known) {
        return Ok(before);
    }
    let written = submissions::Ruling {
        is_admitted: new.is_admitted,
        disqualified_at: new.disqualified_at,
        outcome: new.outcome,
        reason: reason.as_deref(),
        by: Some(organizer),
    };
    if matches!(ruling, Ruling::Choose(Some(_))) {
        is_decidable(&tx, &hackathon, &before, now).await?;
    }
    submissions::rule(&tx, id, written, now).await?;
    let after = json!({ "submission": id.0, "ruling": ruling.as_str() });
    let act = act_on(&hackathon, Actor::Person(organizer.0), "submission.rule", Some(after));
    let act = audit::Act { reason: reason.as_deref(), ..act };
    audit::record(&tx, context, act).await?;
    if is_published {
        settle_ruled(&mut tx, context, hackathon.key(), id).await?;
    }
    if matches!(ruling, Ruling::Disqualify | Ruling::Reinstate) {
        tx.wake(SUBMISSION_RULED, [id.0], context.ids.as_ref(), now).await?;
    }
    let written = reads::submission(&tx, id).await?;
    tx.commit().await?;
    Ok(written.ok_or_else(access::unknown_submission)?)
}

/// Refuses a decision about a submission while its team can submit another version.
pub(super) async fn is_decidable(
    tx: &Tx,
    hackathon: &HackathonView,
    submission: &SubmissionView,
    now: Timestamp,
) -> Result<(), ActionError> {
    let closes_at = reads::submission_closes_at(tx, hackathon, submission).await?;
    Ok(rulings::decidable(closes_at, now, hackathon.zone())?)
}

/// The values that a ruling writes.
struct RuledSubmission {
    is_admitted: bool,
    disqualified_at: Option<Timestamp>,
    outcome: Option<crate::model::JuryOutcome>,
}

impl RuledSubmission {
    fn facts(&self, before: &SubmissionView) -> Facts {
        Facts {
            is_admitted: self.is_admitted,
            is_disqualified: self.disqualified_at.is_some(),
            outcome: self.outcome,
            ..before.facts()
        }
    }
}

/// Refuses a decision that the phase does not allow. A submission can be disqualified after the results, and take part again, for as
/// long as appeals are kept.
fn may_rule(
    context: &Context,
    hackathon: &HackathonView,
    ruling: Ruling,
) -> Result<(), ActionError> {
    match ruling {
        Ruling::Disqualify | Ruling::Reinstate => contestable(context, hackathon),
        Ruling::Admit | Ruling::Dismiss | Ruling::Choose(_) => still_changeable(context, hackathon),
    }
}

/// Returns what a ruling writes. After the results, the choice of the jury stays, so that it counts again if the disqualification
/// is taken back.
fn ruled(
    before: &SubmissionView,
    ruling: Ruling,
    is_published: bool,
    now: Timestamp,
) -> RuledSubmission {
    let facts = before.facts();
    let same = RuledSubmission {
        is_admitted: facts.is_admitted,
        disqualified_at: before.disqualified_at,
        outcome: facts.outcome,
    };
    match ruling {
        Ruling::Admit => RuledSubmission { is_admitted: true, ..same },
        Ruling::Dismiss => RuledSubmission { is_admitted: false, ..same },
        Ruling::Disqualify => RuledSubmission {
            disqualified_at: before.disqualified_at.or(Some(now)),
            outcome: same.outcome.filter(|_| is_published),
            ..same
        },
        Ruling::Reinstate => RuledSubmission { disqualified_at: None, ..same },
        Ruling::Choose(outcome) if !facts.is_disqualified => RuledSubmission { outcome, ..same },
        Ruling::Choose(_) => same,
    }
}

/// Has all submissions of a hackathon checked again. Returns their number.
///
/// # Errors
/// When the hackathon is completed, archived or canceled.
pub async fn check_all(context: &Context, actor: Actor, slug: &str) -> Result<usize, ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let ids = reads::submitted_ids(&tx, hackathon.key()).await?;
    let count = ids.len();
    request_checks(&mut tx, context, ids, CheckTrigger::Request).await?;
    let after = json!({ "submissions": count });
    let act = act_on(&hackathon, actor, "submission.check_all", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(count)
}

/// The requirements of a hackathon for submissions, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsInput {
    /// True if it refuses late submissions.
    pub refuses_late: bool,
    /// The required files besides the README and the license, one a line.
    pub required_files: String,
    /// The reminders, such as `7 d, 24 h`.
    pub reminders: String,
    /// The type of the event that starts its own checks; empty for none.
    pub workflow_event: String,
}

/// Writes what a hackathon requires of submissions, and when people are reminded.
///
/// # Errors
/// When a path or a time is not valid, or the hackathon is completed, archived or canceled.
pub async fn set_submission_settings(
    context: &Context,
    actor: Actor,
    slug: &str,
    input: &SettingsInput,
) -> Result<(), ActionError> {
    let files = rulings::required_files(&input.required_files)?;
    let minutes = reminders::read(&input.reminders)?;
    let workflow_event = own_checks::event_type(&input.workflow_event)?;
    let stored: Vec<String> = minutes.iter().map(i64::to_string).collect();
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let (row, now) = (context.ids.next(), context.now());
    let after = json!({
        "refuses_late": input.refuses_late, "required_files": files, "reminders": minutes,
        "workflow_event": workflow_event,
    });
    let settings = Settings {
        refuses_late: input.refuses_late,
        required_files: files.join("\n"),
        reminders: stored.join(","),
        workflow_event,
    };
    submissions::set_settings(&tx, row, hackathon.key(), settings, now).await?;
    let act = act_on(&hackathon, actor, "hackathon.set_submissions", Some(after));
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}

/// A later deadline for the team or the person with a name.
#[derive(Clone, Debug)]
pub struct NewDeadline {
    /// The slug of the team, or the login of a person without a team.
    pub name: String,
    pub closes_at: Timestamp,
    /// The reason, which the team reads.
    pub reason: String,
}

/// Gives one team, or a person without a team, a later deadline. What was frozen can be submitted again until then. The members are
/// notified.
///
/// # Errors
/// When there is no such team or person, a field is not valid, its frozen submission has an award or is chosen by the jury, a round
/// of judging is closed, or the hackathon is completed, archived or canceled.
pub async fn extend_deadline(
    context: &Context,
    organizer: UserId,
    slug: &str,
    new: &NewDeadline,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let common = hackathon.timeline().submission_closes_at;
    let reason = rulings::extension(common, new.closes_at, &new.reason)?;
    let by = submitter_named(&tx, hackathon.key(), &new.name).await?;
    let now = context.now();
    let extension = NewExtension {
        hackathon: hackathon.key(),
        by,
        closes_at: new.closes_at,
        reason: &reason,
        decided_by: organizer,
    };
    let row = submissions::set_extension(&tx, context.ids.next(), extension, now).await?;
    follow_deadline(&tx, &hackathon, Some(by), new.closes_at, now).await?;
    let after = json!({ "closes_at": new.closes_at, "name": new.name });
    let act =
        act_on(&hackathon, Actor::Person(organizer.0), "hackathon.extend_deadline", Some(after));
    let act = audit::Act { reason: Some(&reason), ..act };
    audit::record(&tx, context, act).await?;
    tx.wake(crate::model::DEADLINE_EXTENDED, [row], context.ids.as_ref(), now).await?;
    Ok(tx.commit().await?)
}

/// Finds the team with a slug, else the person with a login who takes part without a team.
async fn submitter_named(
    tx: &Tx,
    hackathon: crate::model::HackathonId,
    name: &str,
) -> Result<Submitter, ActionError> {
    let name = name.trim();
    if let Some(team) = reads::team_with_slug(tx, hackathon, name).await? {
        return Ok(Submitter::Team(team.key()));
    }
    let unknown = || {
        let detail =
            format!("There is no team and no participant '{name}'. Copy the name from the list.");
        Problem::new(ProblemKind::Invalid, "BAD_HACKATHON", detail).at("name")
    };
    let person = identity::reads::person(tx, name).await?.ok_or_else(unknown)?;
    let person = UserId::new(person.id);
    let takes_part = reads::application(tx, hackathon, person).await?;
    let has_place = takes_part.is_some_and(|own| own.status.holds_place());
    match reads::team_of(tx, hackathon, person).await? {
        Some((team, _)) => Ok(Submitter::Team(team.key())),
        None if has_place => Ok(Submitter::Person(person)),
        None => Err(unknown().into()),
    }
}
