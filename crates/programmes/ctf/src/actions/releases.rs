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
    own_profile::agree,
    profile_links::{competitor_of_link, named},
    settle_status::settle_status,
};
use crate::{
    access,
    model::{CompetitorId, LinkKind, ReleaseBy},
    reads::{self, CompetitorView},
    rules::rosters::{PERSON_NAME, quoted_line},
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

/// Records the consent of a parent, by a link. The link stays usable for two years, so that the parent can withdraw.
///
/// # Errors
/// When the link is not usable, the name is missing, or the parent did not agree to the present consent text.
pub async fn give_consent(
    context: &Context,
    actor: Actor,
    token: &str,
    parent: &str,
    agreed: Option<i64>,
) -> Result<(), ActionError> {
    let name = quoted_line(parent, "parent_name", "Your name", PERSON_NAME)?;
    let (tx, now) = (context.begin().await?, context.now());
    let (found, link) = competitor_of_link(&tx, context, token, LinkKind::Consent).await?;
    let id = found.key();
    agree(&tx, context, actor, id, agreed).await?;
    competitors::set_parent(&tx, id, &name, now).await?;
    let today = today(&tx, context, &found).await?;
    sign(&tx, context, actor, id, ReleaseBy::Parent, today).await?;
    links::extend(&tx, link.id.into(), now + WITHDRAWAL).await?;
    Ok(tx.commit().await?)
}

/// Withdraws the consent of a parent, by a link: the competitor is no longer synced. Who consented with the link can do so
/// also when its maker may no longer ask for a consent, and for competitors of archived rosters. Repeating it changes nothing.
///
/// # Errors
/// When the link is not usable.
pub async fn withdraw_consent(
    context: &Context,
    actor: Actor,
    token: &str,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let found = locked(&tx, context, token).await?;
    if found.is_released() {
        withdraw(&tx, context, actor, found.key()).await?;
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
