use chrono::{NaiveDate, TimeDelta};
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{
    competitor_acts::act_on_competitor,
    competitor_rows::changeable_competitor,
    links::locked_link,
    own_profile::{agree, check_parent},
    profile_links::{competitor_of_link, named},
    settle_status::settle_status,
};
use crate::{
    access,
    model::{CONSENTS, CompetitorId, LinkKind, ReleaseBy},
    reads::{self, CompetitorView},
    rules::{profile::Profile, rosters::person_name},
    store::{competitors, links},
};

/// How long a parent can withdraw their consent with the link.
const WITHDRAWAL: TimeDelta = TimeDelta::days(730);

/// Records that a release was signed on a day, as a coach states who has the paper.
///
/// # Errors
/// When the competitor has left, or the roster is archived.
pub async fn state_release(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
    signed_on: NaiveDate,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    changeable_competitor(&tx, id).await?;
    sign(&tx, context, actor, id, ReleaseBy::Coach, signed_on).await?;
    Ok(tx.commit().await?)
}

/// Records a signed release in the caller's transaction, which locked the competitor.
pub(crate) async fn sign(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    id: CompetitorId,
    by: ReleaseBy,
    day: NaiveDate,
) -> Result<(), ActionError> {
    competitors::sign_release(tx, id, by, day, context.now()).await?;
    settle_status(tx, id).await?;
    let after = json!({ "stated_by": by.as_str(), "signed_on": day.to_string() });
    let act = act_on_competitor(id, actor, "ctf_competitor.sign_release", Some(after));
    audit::record(tx, context, act).await?;
    Ok(())
}

/// Returns the present day where the roster of a competitor is.
pub(crate) async fn today(
    tx: &Tx,
    context: &Context,
    found: &CompetitorView,
) -> Result<NaiveDate, ActionError> {
    let roster = reads::roster(tx, found.roster()).await?;
    let roster = roster.ok_or_else(access::unknown_roster)?;
    Ok(roster.day_of(context.now()))
}

/// Withdraws a release, which stops the sync of the competitor.
///
/// # Errors
/// When no release is on record, the competitor has left, or the roster is archived.
pub async fn withdraw_release(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let found = changeable_competitor(&tx, id).await?;
    if !found.is_released() && found.is_18_or_over != Some(true) {
        let detail = "No signed release is on record, so there is nothing to withdraw.";
        return Err(Problem::new(ProblemKind::Conflict, "NO_RELEASE", detail).into());
    }
    withdraw(&tx, context, actor, id).await?;
    Ok(tx.commit().await?)
}

/// Withdraws a release in the caller's transaction, which locked the competitor.
pub(crate) async fn withdraw(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    competitors::withdraw_release(tx, id, context.now()).await?;
    settle_status(tx, id).await?;
    let act = act_on_competitor(id, actor, "ctf_competitor.withdraw_release", None);
    audit::record(tx, context, act).await?;
    Ok(())
}

/// Records the consent of a parent, by a link, with the name that they typed, and tells the coaches. The link stays usable for two years,
/// so that the parent can withdraw.
///
/// # Errors
/// When the link is not usable, was sent to the competitor or is opened by them, the name is missing, or the parent did not agree to the
/// present consent text.
pub async fn give_consent(
    context: &Context,
    actor: Actor,
    token: &str,
    parent: &str,
    agreed: Option<i64>,
) -> Result<(), ActionError> {
    let name = person_name(parent, "parent_name", "Your name")?;
    let (mut tx, now) = (context.begin().await?, context.now());
    let (found, link) = competitor_of_link(&tx, context, token, LinkKind::Consent).await?;
    let id = found.key();
    if found.user_id.is_some() && found.user_id == actor.person() {
        let detail = "You are signed in as the competitor, who cannot consent for a parent. Let your parent open the link.";
        return Err(Problem::new(ProblemKind::Conflict, "NO_PARENT", detail).into());
    }
    let profile = found.profile();
    let parent_email = link.email.clone().or_else(|| profile.parent_email.clone());
    check_parent(&tx, found.user_id, &Profile { parent_email, ..profile }).await?;
    agree(&tx, context, actor, id, agreed).await?;
    competitors::set_parent(&tx, id, &name, now).await?;
    let today = today(&tx, context, &found).await?;
    sign(&tx, context, actor, id, ReleaseBy::Parent, today).await?;
    links::extend(&tx, link.id.into(), now + WITHDRAWAL).await?;
    tx.wake(CONSENTS, [id.0], context.ids.as_ref(), now).await?;
    Ok(tx.commit().await?)
}

/// Withdraws the consent of a parent, by a link: the competitor is no longer synced, and its coaches get a notice. Who consented with the
/// link can do so also when its maker may no longer ask for a consent, and for competitors of archived rosters. Repeating it changes
/// nothing.
///
/// # Errors
/// When the link is not usable.
pub async fn withdraw_consent(
    context: &Context,
    actor: Actor,
    token: &str,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let found = locked(&tx, context, token).await?;
    if found.is_released() {
        withdraw(&tx, context, actor, found.key()).await?;
        tx.wake(CONSENTS, [found.id], context.ids.as_ref(), context.now()).await?;
    }
    Ok(tx.commit().await?)
}

async fn locked(tx: &Tx, context: &Context, token: &str) -> Result<CompetitorView, ActionError> {
    let id = named(tx, context, token).await?;
    tx.lock_rows("competitors", [id.0]).await?;
    let (_, state) = locked_link(tx, context, token, LinkKind::Consent).await?;
    state.check_withdrawal()?;
    let found = reads::competitor(tx, id).await?;
    Ok(found.ok_or_else(access::unknown_link)?)
}
