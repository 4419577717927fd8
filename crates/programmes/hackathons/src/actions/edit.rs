use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    act_on, changeable,
    freeze::follow_deadline,
    new_code,
    places::{fill_places, requeue},
    venue::exempt_networks,
};
use crate::{
    access,
    model::{HACKATHON_MOVED, HackathonId, Phase},
    reads::{self, HackathonView},
    rules::{
        confirmations::admit_change,
        details::{HackathonDetails, HackathonInput},
    },
    store::{applications, hackathons},
};

/// Changes a hackathon. A different code of conduct is a new version, for those who apply from then on. More places go to the
/// waitlist, everyone with an open application is notified of other dates, a deadline that is moved into the future opens frozen
/// submissions again, and applications without a decision follow a change of how places are given. Returns the hackathon.
///
/// # Errors
/// When a field is not valid, the change is based on an earlier revision, it would open submissions about which was decided, or the
/// hackathon is completed, archived or canceled.
pub async fn edit_hackathon(
    context: &Context,
    actor: Actor,
    slug: &str,
    input: &HackathonInput,
) -> Result<HackathonView, ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    let conduct = reads::conduct(&tx, id, hackathon.conduct_version).await?;
    let before = hackathon.details(conduct);
    let details = HackathonDetails::read(input, Some(&before))?;
    if details == before {
        return Ok(hackathon);
    }
    is_current(input.based_on, &hackathon)?;
    // No one has a place of a draft.
    if hackathon.phase(now) != Phase::Draft {
        admit_change(before.confirm_by, details.confirm_by, now)?;
    }
    let mut version = hackathon.conduct_version;
    if details.conduct != before.conduct {
        version += 1;
        hackathons::insert_conduct(
            &tx,
            context.ids.next(),
            id,
            version,
            details.conduct.as_str(),
            now,
        )
        .await?;
    }
    hackathons::update(&tx, id, &details, version, now).await?;
    let edited = reads::hackathon(&tx, slug).await?;
    let edited = edited.ok_or_else(|| access::unknown_hackathon(slug))?;
    let after = json!({
        "title": details.title, "capacity": details.capacity,
        "visibility": details.visibility.as_str(), "conduct_version": version,
        "submission_closes_at": details.timeline.submission_closes_at,
    });
    audit::record(&tx, context, act_on(&edited, actor, "hackathon.edit", Some(after))).await?;
    let closes_at = details.timeline.submission_closes_at;
    if closes_at > before.timeline.submission_closes_at {
        follow_deadline(&tx, &hackathon, None, closes_at, now).await?;
    }
    if details.timeline != before.timeline {
        exempt_networks(&tx, context, &edited).await?;
        notify_all(&mut tx, context, edited.key(), HACKATHON_MOVED).await?;
    }
    if details.places != before.places {
        requeue(&mut tx, context, &edited).await?;
    }
    fill_places(&mut tx, context, &edited).await?;
    tx.commit().await?;
    Ok(edited)
}

/// Refuses a change that is based on an earlier revision, so that it does not undo the changes since.
pub(super) fn is_current(based_on: Option<i64>, hackathon: &HackathonView) -> Result<(), Problem> {
    if based_on.is_none_or(|revision| revision == hackathon.sequence) {
        return Ok(());
    }
    let detail = format!(
        "{} was changed while you edited it. Copy what you need from your text, then reload and edit the current revision.",
        hackathon.title
    );
    Err(Problem::new(ProblemKind::Conflict, "HACKATHON_OUTDATED", detail))
}

/// Wakes the worker that notifies everyone with an open application.
pub(super) async fn notify_all(
    tx: &mut Tx,
    context: &Context,
    hackathon: HackathonId,
    topic: &'static str,
) -> Result<(), ActionError> {
    let open = applications::open(tx, hackathon).await?;
    let ids = context.ids.as_ref();
    Ok(tx.wake(topic, open, ids, context.now()).await?)
}

/// Replaces the invitation link. The former one no longer works. Returns the new code.
///
/// # Errors
/// When the hackathon is completed, archived or canceled.
pub async fn replace_invite_code(
    context: &Context,
    actor: Actor,
    slug: &str,
) -> Result<String, ActionError> {
    let code = new_code()?;
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    hackathons::set_invite_code(&tx, hackathon.key(), &code, context.now()).await?;
    audit::record(&tx, context, act_on(&hackathon, actor, "hackathon.replace_link", None)).await?;
    tx.commit().await?;
    Ok(code)
}
