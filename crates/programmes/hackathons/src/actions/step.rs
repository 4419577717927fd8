use kernel::typed;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};

use super::{
    act_on, changeable, edit::notify_all, locked, refused, unwatch::unwatch_all,
    venue::exempt_networks,
};
use crate::{
    access,
    model::{HACKATHON_MOVED, Phase},
    reads::{self, HackathonView},
    rules::invalid,
    store::hackathons::{self, HackathonStep},
};

/// Publishes a draft: people see it, and can apply in its dates. Returns it.
///
/// # Errors
/// When the hackathon is not a draft, or its applications would be closed already.
pub async fn publish(
    context: &Context,
    actor: Actor,
    slug: &str,
) -> Result<HackathonView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let now = context.now();
    if hackathon.phase(now) != Phase::Draft {
        return Err(refused(format!("{} is not a draft.", hackathon.title)));
    }
    if now >= hackathon.timeline().application_closes_at {
        return Err(refused(format!(
            "Applications for {} would be closed already. Change its dates first.",
            hackathon.title
        )));
    }
    let stepped =
        take(&tx, context, &hackathon, HackathonStep::Publish, actor, "hackathon.publish").await?;
    tx.commit().await?;
    Ok(stepped)
}

/// Takes a step, and records it. Returns the hackathon after it.
pub(super) async fn take(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    step: HackathonStep<'_>,
    actor: Actor,
    action: &'static str,
) -> Result<HackathonView, ActionError> {
    hackathons::step(tx, hackathon.key(), step, context.now()).await?;
    audit::record(tx, context, act_on(hackathon, actor, action, None)).await?;
    let found = reads::hackathon_by_id(tx, hackathon.key()).await?;
    Ok(found.ok_or_else(|| access::unknown_hackathon(&hackathon.slug))?)
}

/// Cancels a hackathon for a reason. Everyone with an open application is notified of it. Returns it.
///
/// # Errors
/// When the reason is missing or not valid, or the hackathon is completed, archived or canceled.
pub async fn cancel(
    context: &Context,
    actor: Actor,
    slug: &str,
    reason: &str,
) -> Result<HackathonView, ActionError> {
    let reason = typed::line(reason, "The reason", 500);
    let reason = reason.map_err(|detail| invalid("reason", detail))?;
    let mut tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let stepped =
        take(&tx, context, &hackathon, HackathonStep::Cancel(&reason), actor, "hackathon.cancel")
            .await?;
    exempt_networks(&tx, context, &stepped).await?;
    notify_all(&mut tx, context, hackathon.key(), HACKATHON_MOVED).await?;
    unwatch_all(&tx, context, hackathon.key()).await?;
    tx.commit().await?;
    Ok(stepped)
}

/// Archives a completed hackathon. Its pages stay. Returns it.
///
/// # Errors
/// When the hackathon has no results, or is archived or canceled.
pub async fn archive(
    context: &Context,
    actor: Actor,
    slug: &str,
) -> Result<HackathonView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let now = context.now();
    if hackathon.phase(now) != Phase::Completed {
        return Err(refused(format!(
            "{} cannot be archived: only hackathons with results can, once.",
            hackathon.title
        )));
    }
    let stepped =
        take(&tx, context, &hackathon, HackathonStep::Archive, actor, "hackathon.archive").await?;
    tx.commit().await?;
    Ok(stepped)
}
