use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{admitted, none_wait};
use crate::{
    actions::{
        act_on,
        edit::notify_all,
        funnel::{self, FunnelStage},
        locked,
        prizes::publish_awards,
        settle_points::store_results,
        step::take,
        unwatch::unwatch_all,
    },
    model::{HACKATHON_COMPLETED, RESULTS_HELD},
    reads::{self, HackathonView, OverrideView, PublicationView},
    store::{hackathons::HackathonStep, publications},
};

/// Publishes the results of a hackathon that wait, without waiting any longer. Returns it.
///
/// # Errors
/// When no results wait, or a blocker came up since.
pub async fn publish_results(
    context: &Context,
    actor: Actor,
    slug: &str,
) -> Result<HackathonView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let Some(publication) = waiting(&tx, &hackathon).await? else {
        return Err(none_wait(format!(
            "No results of {} wait to be published. Write them first.",
            hackathon.title
        )));
    };
    complete(tx, context, actor, &hackathon, &publication).await
}

/// Publishes the results whose time has come. Those that a new blocker keeps become a draft again, which says why. Returns the number
/// of those that were published.
///
/// # Errors
/// When the database fails.
pub async fn publish_due_results(context: &Context) -> Result<usize, ActionError> {
    let mut published = 0;
    for slug in reads::due_publications(&context.db, context.now()).await? {
        match publish_due(context, &slug).await {
            Ok(is_published) => published += usize::from(is_published),
            Err(ActionError::Refused(problem)) => hold(context, &slug, problem.code).await?,
            Err(error) => return Err(error),
        }
    }
    Ok(published)
}

async fn publish_due(context: &Context, slug: &str) -> Result<bool, ActionError> {
    let tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    // An organizer may have undone or published them meanwhile.
    let Some((publication, actor)) = due(&tx, context, &hackathon).await? else {
        return Ok(false);
    };
    complete(tx, context, actor, &hackathon, &publication).await?;
    Ok(true)
}

/// Keeps results that are due as a draft, because of a problem. The organizers are notified.
async fn hold(context: &Context, slug: &str, code: &str) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let hackathon = locked(&tx, slug).await?;
    let Some((_, actor)) = due(&tx, context, &hackathon).await? else {
        return Ok(());
    };
    let now = context.now();
    publications::unschedule(&tx, hackathon.key(), Some(now), now).await?;
    let after = json!({ "code": code });
    let act = act_on(&hackathon, actor, "hackathon.hold_results", Some(after));
    audit::record(&tx, context, act).await?;
    tx.wake(RESULTS_HELD, [hackathon.id], context.ids.as_ref(), now).await?;
    Ok(tx.commit().await?)
}

/// Returns the results of a hackathon that wait. The caller holds the lock of its row.
async fn waiting(
    tx: &Tx,
    hackathon: &HackathonView,
) -> Result<Option<PublicationView>, ActionError> {
    match hackathon.results_due_at {
        Some(_) => Ok(reads::publication(tx, hackathon.key()).await?),
        None => Ok(None),
    }
}

/// Returns the results of a hackathon whose time has come, and who requested them.
async fn due(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
) -> Result<Option<(PublicationView, Actor)>, ActionError> {
    if hackathon.results_due_at.is_none_or(|due_at| due_at > context.now()) {
        return Ok(None);
    }
    let found = waiting(tx, hackathon).await?;
    Ok(found.map(|found| {
        let actor = found.requested_by().map_or(Actor::Operator, Actor::Person);
        (found, actor)
    }))
}

/// Publishes results, which completes the hackathon: the text, the choices of the jury, the prizes and the points become visible
/// together, and everyone with a place is notified. Returns the hackathon.
async fn complete(
    mut tx: Tx,
    context: &Context,
    actor: Actor,
    hackathon: &HackathonView,
    publication: &PublicationView,
) -> Result<HackathonView, ActionError> {
    let id = hackathon.key();
    let overrides = reads::result_overrides(&tx, id).await?;
    admitted(&tx, context, hackathon, overrides.iter().map(OverrideView::rule).collect()).await?;
    let step = HackathonStep::PublishResults(&publication.results);
    let stepped = take(&tx, context, hackathon, step, actor, "hackathon.publish_results").await?;
    let judged = store_results(&mut tx, context, id).await?;
    publish_awards(&mut tx, context, id).await?;
    notify_all(&mut tx, context, id, HACKATHON_COMPLETED).await?;
    unwatch_all(&tx, context, id).await?;
    tx.commit().await?;
    funnel::count(FunnelStage::Judged, judged);
    Ok(stepped)
}
