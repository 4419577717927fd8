use identity::model::UserId;
use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{HACKATHON_SUBMISSION, SubmissionNews},
    model::{Submitter, Verdict},
    reads::{self, HackathonView, SubmissionView},
    rules::{instants::shown_with_zone, submissions::deadline},
};

/// Returns the people who submit together.
pub(super) async fn people_of(tx: &Tx, by: Submitter) -> Result<Vec<UserId>, ActionError> {
    Ok(match by {
        Submitter::Team(team) => {
            let members = reads::members(tx, [team]).await?;
            members.into_iter().map(|it| it.user_id.into()).collect()
        }
        Submitter::Person(person) => vec![person],
    })
}

/// Notifies everyone who submits together.
async fn notify_all_of(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    by: Submitter,
    object_id: Uuid,
    occurrence: &str,
    email: &SubmissionNews,
) -> Result<(), ActionError> {
    for user_id in people_of(tx, by).await? {
        let notice = Notice {
            kind: &HACKATHON_SUBMISSION,
            user_id,
            object_id,
            occurrence,
            link: email.link(),
            email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

async fn found(tx: &Tx, id: Uuid) -> Result<Option<(SubmissionView, HackathonView)>, ActionError> {
    let Some(submission) = reads::submission(tx, id.into()).await? else {
        return Ok(None);
    };
    let hackathon = reads::hackathon_by_id(tx, submission.hackathon_id.into()).await?;
    Ok(hackathon.map(|hackathon| (submission, hackathon)))
}

/// Notifies a team that its submission is disqualified, or takes part again.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_ruling(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((submission, hackathon)) = found(tx, id).await? else {
        return Ok(());
    };
    let title = &submission.title;
    let (email, occurrence) = match submission.disqualified_at {
        Some(at) => {
            let reason = submission.reason.as_deref();
            let email = SubmissionNews::disqualified(title, reason, hackathon.slug);
            (email, format!("disqualified {at}"))
        }
        None => {
            let email = SubmissionNews::reinstated(title, hackathon.slug);
            (email, format!("reinstated {}", submission.updated_at))
        }
    };
    notify_all_of(tx, context, post, submission.by(), id, &occurrence, &email).await
}

/// Notifies a team that a required check of its submission fails, once for each version.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_invalid(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((submission, hackathon)) = found(tx, id).await? else {
        return Ok(());
    };
    let facts = submission.facts();
    let is_invalid = facts.verdict == Some(Verdict::Invalid) && !facts.is_admitted;
    if !is_invalid || facts.is_withdrawn || hackathon.phase(context.now()).is_over() {
        return Ok(());
    }
    let extension = reads::extension(tx, hackathon.key(), submission.by()).await?;
    let common = hackathon.timeline().submission_closes_at;
    let own = extension.map(|extension| extension.closes_at);
    let closes = shown_with_zone(deadline(common, own), hackathon.zone());
    let email = SubmissionNews::invalid(&submission.title, &closes, hackathon.slug);
    let occurrence = format!("invalid {}", submission.version);
    notify_all_of(tx, context, post, submission.by(), id, &occurrence, &email).await
}

/// Notifies a team of its later deadline.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_extension(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(extension) = reads::extension_by_id(tx, id).await? else {
        return Ok(());
    };
    let hackathon = reads::hackathon_by_id(tx, extension.hackathon_id.into()).await?;
    let Some(hackathon) = hackathon else {
        return Ok(());
    };
    let closes = shown_with_zone(extension.closes_at, hackathon.zone());
    let email =
        SubmissionNews::extended(&hackathon.title, &closes, &extension.reason, hackathon.slug);
    let occurrence = extension.closes_at.to_string();
    notify_all_of(tx, context, post, extension.by(), id, &occurrence, &email).await
}
