use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::{DbError, Tx},
    exempt,
};
use serde_json::json;

use super::{act_on, changeable, edit::is_current};
use crate::{
    access,
    reads::{self, HackathonView},
    rules::venue::{approved_until, are_current, networks},
    store::hackathons,
};

/// States the networks of the place of a hackathon. New ones are exempt from rate limits by client address once an admin approved
/// them. Returns the hackathon.
///
/// # Errors
/// When there are too many, one is too large, not public or no network, or the hackathon is over.
pub async fn set_venue_networks(
    context: &Context,
    actor: Actor,
    slug: &str,
    typed: &[String],
) -> Result<HackathonView, ActionError> {
    let networks = networks(typed)?;
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    hackathons::set_networks(&tx, hackathon.key(), &networks.join(",")).await?;
    finish(tx, context, &hackathon, actor, "hackathon.set_venue_networks", &networks).await
}

/// Approves the networks of the place of a hackathon, so that they are exempt from rate limits by client address from a day before
/// submissions open until judging ends. If its end is moved by more than two days, they are approved again. Returns the hackathon.
///
/// # Errors
/// When the hackathon is unknown or over, its organizers changed the networks, or it was changed since the revision that the admin saw.
pub async fn approve_venue_networks(
    context: &Context,
    actor: Actor,
    slug: &str,
    approved: &[String],
    based_on: Option<i64>,
) -> Result<HackathonView, ActionError> {
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let stated = hackathon.venue_networks();
    are_current(approved, &stated)?;
    is_current(based_on, &hackathon)?;
    let until = approved_until(&hackathon.timeline());
    hackathons::approve_networks(&tx, hackathon.key(), until).await?;
    finish(tx, context, &hackathon, actor, "hackathon.approve_venue_networks", &stated).await
}

async fn finish(
    tx: Tx,
    context: &Context,
    hackathon: &HackathonView,
    actor: Actor,
    action: &'static str,
    networks: &[String],
) -> Result<HackathonView, ActionError> {
    let after = json!({ "networks": networks });
    audit::record(&tx, context, act_on(hackathon, actor, action, Some(after))).await?;
    let changed = reads::hackathon(&tx, &hackathon.slug).await?;
    let changed = changed.ok_or_else(|| access::unknown_hackathon(&hackathon.slug))?;
    exempt_networks(&tx, context, &changed).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Writes the networks of a hackathon that are exempt, after a change of them or of its dates. The caller holds the lock of its
/// row.
pub(super) async fn exempt_networks(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
) -> Result<(), DbError> {
    let networks = match hackathon.steps().canceled_at {
        Some(_) => Vec::new(),
        None => hackathon.exempt_networks(),
    };
    let (from, until) = hackathon.exempt_window();
    let owner = hackathon.address();
    exempt::set(tx, context, &owner, &networks, from, until).await
}
